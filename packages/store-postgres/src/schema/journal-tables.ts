/**
 * Version 1. Names are ordered by their bytes (COLLATE "C") wherever an order is promised: the same everywhere, and
 * the cheapest to compare.
 *
 * A log is the journal (number 0) or a lane. Its row is what appends take turns with: the append that holds its lock
 * gives out the next offsets, and lets go when it has committed. So offsets are given in the order of the commits,
 * without a gap, and whoever reads on from an offset cannot skip a transaction that commits late. Ordering by
 * transaction id and snapshot (`pg_snapshot_xmin`) would give readers the same, but offsets with gaps, which the
 * contract does not allow.
 *
 * A segment holds up to 64 entries as one compressed value, like the embedded store's, instead of a row for each that is
 * written, logged and cleaned up by itself. `place` is an entry's position in its partition, or in
 * the journal a number of its own, duplicates included. Segments stand in a partition for each day of the store's
 * clock, so that days are dropped whole.
 *
 * `seen` has one row for each feedback ever accepted and not yet forgotten, found by the first 16 bytes of a SHA-256
 * over tenant, channel and message id: over all lanes, since a message may come into another one the second time.
 */
export const journalTables = `
CREATE TABLE $schema.logs (
  id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY (START 1),
  name text COLLATE "C" NOT NULL UNIQUE,
  first_offset bigint NOT NULL DEFAULT 1,
  last_offset bigint NOT NULL DEFAULT 0,
  last_at bigint NOT NULL DEFAULT 0,
  next_place bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO $schema.logs (id, name) OVERRIDING SYSTEM VALUE VALUES (0, '');

CREATE TABLE $schema.folds (
  log int PRIMARY KEY,
  place bigint NOT NULL
);

CREATE TABLE $schema.segments (
  log int NOT NULL,
  day int NOT NULL,
  first_offset bigint NOT NULL,
  last_offset bigint NOT NULL,
  base bigint NOT NULL,
  first_place bigint NOT NULL,
  last_place bigint NOT NULL,
  floor_at bigint NOT NULL,
  left_out bigint[],
  meta bytea NOT NULL,
  codec smallint NOT NULL,
  entries bytea,
  PRIMARY KEY (log, last_offset, day)
) PARTITION BY RANGE (day);
ALTER TABLE $schema.segments ALTER meta SET STORAGE EXTERNAL, ALTER entries SET STORAGE EXTERNAL;
CREATE INDEX segments_by_place ON $schema.segments (log, last_place);

CREATE TABLE $schema.seen (
  place bigint NOT NULL,
  log int NOT NULL,
  key uuid PRIMARY KEY,
  id uuid NOT NULL
);
CREATE INDEX seen_by_id ON $schema.seen (id);

CREATE TABLE $schema.revisions (
  feedback_id uuid NOT NULL,
  sha256 bytea NOT NULL,
  at bigint NOT NULL,
  encoding text NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (feedback_id, sha256)
);

CREATE TABLE $schema.quarantine (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  body text NOT NULL
);

CREATE FUNCTION $schema.add_day(p_day int) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  part text := 'segments_' || p_day;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('$schema.add_day'));
  IF to_regclass('$schema.' || part) IS NULL THEN
    -- Attached rather than created in place: that would keep everybody from the table meanwhile.
    EXECUTE format('CREATE TABLE $schema.%I (LIKE $schema.segments INCLUDING ALL)', part);
    EXECUTE format('ALTER TABLE $schema.segments ATTACH PARTITION $schema.%I FOR VALUES FROM (%s) TO (%s)',
      part, p_day, p_day + 1);
  END IF;
END $body$;

CREATE FUNCTION $schema.drop_day(p_day int) RETURNS void LANGUAGE plpgsql SET lock_timeout = '1s' AS $body$
BEGIN
  -- Nobody writes while it is looked at again: what a process appends whose clock is behind is not lost.
  LOCK TABLE $schema.segments IN ACCESS EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM $schema.segments s JOIN $schema.logs l ON l.id = s.log
      WHERE s.day = p_day AND s.last_offset >= l.first_offset) THEN
    EXECUTE format('DROP TABLE IF EXISTS $schema.%I', 'segments_' || p_day);
  END IF;
END $body$;

CREATE FUNCTION $schema.append(
  p_log int, p_from bigint, p_next bigint, p_day int,
  p_keys uuid[], p_ids uuid[], p_places bigint[], p_ats bigint[],
  s_count int[], s_first bigint[], s_last bigint[], s_at bigint[], s_tick_at bigint[],
  s_codec int[], s_meta bytea[], s_entries bytea[],
  p_quarantined json,
  OUT written boolean, OUT first_offset bigint, OUT last_offset bigint, OUT last_at bigint, OUT next_place bigint,
  OUT floor_at bigint, OUT left_out bigint[]
) LANGUAGE plpgsql AS $body$
DECLARE
  base bigint;
  added bigint;
  gone bigint[];
  kept int;
  offset_before bigint;
  newest bigint;
BEGIN
  SELECT l.last_offset, l.last_at, l.next_place INTO last_offset, last_at, next_place
    FROM $schema.logs l WHERE l.id = p_log FOR UPDATE;
  written := p_from IS NULL OR p_from >= next_place;
  IF NOT written THEN RETURN; END IF;
  base := CASE WHEN p_from IS NULL THEN next_place ELSE 0 END;
  first_offset := last_offset + 1;
  floor_at := last_at;

  -- In the order of the keys: two appends of the same messages would otherwise wait for each other.
  INSERT INTO $schema.seen (key, id, log, place)
    SELECT u.key, u.id, p_log, base + u.place FROM unnest(p_keys, p_ids, p_places) AS u (key, id, place)
    ORDER BY u.key ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  IF added < cardinality(p_keys) THEN
    SELECT array_agg(u.place ORDER BY u.place) INTO left_out
      FROM unnest(p_keys, p_places) AS u (key, place) JOIN $schema.seen s ON s.key = u.key
      WHERE s.log <> p_log OR s.place <> base + u.place;
  END IF;

  FOR i IN 1 .. cardinality(s_count) LOOP
    gone := NULL;
    kept := s_count[i];
    newest := s_at[i];
    IF left_out IS NOT NULL THEN
      SELECT array_agg(g ORDER BY g) INTO gone FROM unnest(left_out) AS g WHERE g BETWEEN s_first[i] AND s_last[i];
      IF gone IS NOT NULL THEN
        kept := kept - cardinality(gone);
        SELECT greatest(s_tick_at[i], max(u.at)) INTO newest FROM unnest(p_places, p_ats) AS u (place, at)
          WHERE u.place BETWEEN s_first[i] AND s_last[i] AND NOT u.place = ANY (gone);
      END IF;
    END IF;
    CONTINUE WHEN kept = 0;
    offset_before := last_offset;
    last_offset := last_offset + kept;
    INSERT INTO $schema.segments VALUES (p_log, p_day, offset_before + 1, last_offset, base, base + s_first[i],
      base + s_last[i], last_at, gone, s_meta[i], s_codec[i], s_entries[i]);
    last_at := greatest(last_at, newest);
  END LOOP;

  IF p_quarantined IS NOT NULL THEN
    INSERT INTO $schema.quarantine SELECT * FROM json_to_recordset(p_quarantined)
      AS q (id text, tenant text, at bigint, body text) ON CONFLICT DO NOTHING;
  END IF;
  next_place := base + p_next;
  UPDATE $schema.logs l SET last_offset = append.last_offset, last_at = append.last_at, next_place = append.next_place
    WHERE l.id = p_log;
END $body$;
`
