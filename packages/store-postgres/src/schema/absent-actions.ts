/**
 * Version 3: of these ids those that no action has, locked, in one trip to the server. Their names are locked first, so
 * that whoever had a lock before has ended, and what it added is seen.
 *
 * One id after another, and by the index whatever the planner thinks: a connection plans a statement once, and what it
 * planned while the table was small reads the whole of it when it is large, until the server next looks at its size.
 */
export const absentActions = `
CREATE FUNCTION $schema.absent_actions(p_ids text[], p_stripes int[], p_class int)
  RETURNS SETOF text LANGUAGE plpgsql SET enable_seqscan = off AS $body$
DECLARE
  stripe int;
  wanted text;
BEGIN
  FOREACH stripe IN ARRAY p_stripes LOOP
    PERFORM pg_advisory_xact_lock(p_class, stripe);
  END LOOP;
  FOREACH wanted IN ARRAY p_ids LOOP
    PERFORM FROM $schema.actions a WHERE a.id = wanted;
    IF NOT FOUND THEN RETURN NEXT wanted; END IF;
  END LOOP;
END $body$;
`
