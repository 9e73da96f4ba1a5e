/** Version 1 of what is decided, done and remembered, and of how a transaction ends. */
export const effectTables = `
CREATE TABLE $schema.signals (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  fingerprint uuid NOT NULL UNIQUE,
  status text COLLATE "C" NOT NULL,
  opened_at bigint NOT NULL,
  body text NOT NULL
);
CREATE INDEX signals_by_status ON $schema.signals (status, opened_at);

CREATE TABLE $schema.actions (
  number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id text COLLATE "C" NOT NULL UNIQUE,
  tenant text COLLATE "C" NOT NULL,
  signal_id text COLLATE "C" NOT NULL,
  proposal text NOT NULL
);
CREATE INDEX actions_by_signal ON $schema.actions (signal_id);

CREATE TABLE $schema.action_states (
  number bigint PRIMARY KEY,
  target text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  is_open boolean NOT NULL,
  priority int NOT NULL,
  rank bigint NOT NULL,
  due_at bigint NOT NULL,
  wake_at bigint,
  lease_owner text,
  lease_until bigint,
  state text NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX actions_by_status ON $schema.action_states (status, priority, created_at);
CREATE INDEX actions_open ON $schema.action_states (target, rank, number) WHERE is_open;
CREATE INDEX actions_due ON $schema.action_states (due_at) WHERE is_open;
CREATE INDEX actions_waking ON $schema.action_states (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE $schema.beliefs (
  target text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (target, tenant, subject)
);

CREATE TABLE $schema.audit (
  tenant text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  hash text NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (tenant, sequence)
);
CREATE TABLE $schema.audit_heads (
  tenant text COLLATE "C" PRIMARY KEY,
  sequence bigint NOT NULL,
  hash text NOT NULL
) WITH (fillfactor = 10);

-- What each connection committed last: its number. When the answer to a commit is lost, this tells what became of it,
-- also after a crash, and on a server that took over; the transaction's id would not, for ids that no commit has
-- flushed to disk are given again after a crash. What was given up while it may still be under way is fenced.
CREATE TABLE $schema.endings (
  slot uuid PRIMARY KEY,
  token bigint NOT NULL,
  fenced bigint NOT NULL,
  at timestamptz NOT NULL
) WITH (fillfactor = 20);

CREATE FUNCTION $schema.settle(p_slot uuid, p_token bigint) RETURNS boolean LANGUAGE plpgsql AS $body$
DECLARE
  found_token bigint;
BEGIN
  -- Both wait for the end of the transaction that is asked for, if it is still under way.
  INSERT INTO $schema.endings VALUES (p_slot, 0, 0, now()) ON CONFLICT DO NOTHING;
  SELECT token INTO found_token FROM $schema.endings WHERE slot = p_slot FOR UPDATE;
  IF found_token >= p_token THEN RETURN true; END IF;
  UPDATE $schema.endings SET fenced = p_token WHERE slot = p_slot;
  RETURN false;
END $body$;

-- The end of a transaction: checkpoints, the lines of the audit log, and its number. A line comes in the two parts of
-- its canonical JSON around the hash of the line before it and its number, which only whoever holds the end of the
-- chain knows. The lines of a tenant stand together, the tenants in order.
CREATE FUNCTION $schema.finish(p_stages text[], p_offsets bigint[], p_tenants text[], p_before text[], p_after text[],
  p_slot uuid, p_token bigint, p_flush_later boolean, OUT written boolean) LANGUAGE plpgsql AS $body$
DECLARE
  number bigint;
  previous text;
  link text;
  digest text;
BEGIN
  IF cardinality(p_stages) > 0 THEN
    INSERT INTO $schema.checkpoints SELECT * FROM unnest(p_stages, p_offsets) AS c (stage, entry_offset) ORDER BY c.stage
      ON CONFLICT (stage) DO UPDATE SET entry_offset = excluded.entry_offset;
  END IF;
  written := pg_current_xact_id_if_assigned() IS NOT NULL OR cardinality(p_tenants) > 0;
  IF written THEN
    INSERT INTO $schema.endings AS e VALUES (p_slot, p_token, 0, now())
      ON CONFLICT (slot) DO UPDATE SET token = excluded.token, at = excluded.at WHERE e.fenced < excluded.token;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'this transaction was given up' USING ERRCODE = 'transaction_rollback';
    END IF;
  END IF;
  FOR i IN 1 .. cardinality(p_tenants) LOOP
    IF i = 1 OR p_tenants[i] <> p_tenants[i - 1] THEN
      SELECT h.sequence, h.hash INTO number, previous FROM $schema.audit_heads h WHERE h.tenant = p_tenants[i] FOR UPDATE;
      IF NOT FOUND THEN
        INSERT INTO $schema.audit_heads VALUES (p_tenants[i], 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
        SELECT h.sequence, h.hash INTO number, previous FROM $schema.audit_heads h WHERE h.tenant = p_tenants[i] FOR UPDATE;
      END IF;
    END IF;
    number := number + 1;
    link := '"previous":"' || previous || '","sequence":' || number;
    digest := encode(sha256(convert_to(p_before[i] || link || p_after[i], 'UTF8')), 'hex');
    INSERT INTO $schema.audit VALUES (p_tenants[i], number, digest,
      p_before[i] || '"hash":"' || digest || '",' || link || p_after[i]);
    previous := digest;
    IF i = cardinality(p_tenants) OR p_tenants[i + 1] <> p_tenants[i] THEN
      UPDATE $schema.audit_heads h SET sequence = number, hash = digest WHERE h.tenant = p_tenants[i];
    END IF;
  END LOOP;
  IF p_flush_later THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
END $body$;

CREATE TABLE $schema.kept (name text COLLATE "C" PRIMARY KEY, value text NOT NULL);
CREATE TABLE $schema.checkpoints (stage text COLLATE "C" PRIMARY KEY, entry_offset bigint NOT NULL) WITH (fillfactor = 10);
CREATE TABLE $schema.snapshots (
  stage text COLLATE "C" PRIMARY KEY,
  entry_offset bigint NOT NULL,
  codec smallint NOT NULL,
  state bytea NOT NULL
);
ALTER TABLE $schema.snapshots ALTER state SET STORAGE EXTERNAL;
CREATE TABLE $schema.positions (source text COLLATE "C" PRIMARY KEY, position text NOT NULL);

CREATE TABLE $schema.hourly (
  hour bigint NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  product_model text COLLATE "C" NOT NULL,
  fault_code text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  severity_sum double precision NOT NULL,
  PRIMARY KEY (hour, tenant, channel, product_model, fault_code)
);

CREATE TABLE $schema.claims (
  name text COLLATE "C" PRIMARY KEY,
  owner text,
  epoch bigint NOT NULL,
  until timestamptz NOT NULL
) WITH (fillfactor = 50);
`
