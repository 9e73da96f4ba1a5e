/**
 * Version 2: signals by fingerprint, locked, in one trip to the server. What does not exist yet has its name locked; who
 * had that lock before may have made the signal meanwhile, so it is looked for again. A stripe of −1 is locked already.
 */
export const findSignals = `
CREATE FUNCTION $schema.find_signals(p_prints uuid[], p_stripes int[], p_class int)
  RETURNS TABLE (id text, body text) LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  there uuid[];
  absent uuid[];
  stripe int;
BEGIN
  SELECT coalesce(array_agg(f.fingerprint), '{}') INTO there FROM (
    SELECT s.fingerprint FROM $schema.signals s WHERE s.fingerprint = ANY (p_prints) ORDER BY s.id FOR UPDATE) f;
  RETURN QUERY SELECT s.id, s.body FROM $schema.signals s WHERE s.fingerprint = ANY (there);
  IF cardinality(there) = cardinality(p_prints) THEN RETURN; END IF;
  absent := ARRAY(SELECT u.print FROM unnest(p_prints) AS u (print) WHERE u.print <> ALL (there));
  FOR stripe IN
    SELECT DISTINCT u.stripe FROM unnest(p_prints, p_stripes) AS u (print, stripe)
    WHERE u.stripe >= 0 AND u.print = ANY (absent) ORDER BY u.stripe
  LOOP
    PERFORM pg_advisory_xact_lock(p_class, stripe);
  END LOOP;
  RETURN QUERY SELECT s.id, s.body FROM $schema.signals s WHERE s.fingerprint = ANY (absent) ORDER BY s.id FOR UPDATE;
END $body$;
`
