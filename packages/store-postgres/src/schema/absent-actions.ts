/**
 * Version 3: of these ids those that no action has, locked, in one trip to the server. Their names are locked first, so
 * that whoever had a lock before has ended, and what it added is seen.
 */
export const absentActions = `
CREATE FUNCTION $schema.absent_actions(p_ids text[], p_stripes int[], p_class int)
  RETURNS SETOF text LANGUAGE plpgsql AS $body$
DECLARE
  stripe int;
BEGIN
  FOREACH stripe IN ARRAY p_stripes LOOP
    PERFORM pg_advisory_xact_lock(p_class, stripe);
  END LOOP;
  RETURN QUERY SELECT u.id FROM unnest(p_ids) AS u (id)
    WHERE NOT EXISTS (SELECT FROM $schema.actions a WHERE a.id = u.id);
END $body$;
`
