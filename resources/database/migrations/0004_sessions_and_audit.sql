SET ROLE lamplight_owner;

CREATE TABLE private.session (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- SHA-256 of the opaque token; NULL while the workstation is locked, so that the token of before opens nothing.
  token_hash bytea UNIQUE,
  staff_id text NOT NULL REFERENCES hospital.staff,
  workstation text NOT NULL,
  address text NOT NULL,
  app_version text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_because text
) WITH (fillfactor = 50);
CREATE INDEX open_sessions_of_staff ON private.session (staff_id, started_at) WHERE ended_at IS NULL;

-- Counted by name, known or not, so that a locked account and an invented one look alike.
CREATE TABLE private.sign_in_counter (
  username text PRIMARY KEY,
  failed_attempts int NOT NULL,
  locked_until timestamptz,
  last_at timestamptz NOT NULL
);

CREATE TABLE private.sign_in_attempt (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  staff_id text REFERENCES hospital.staff,
  username text NOT NULL,
  -- SHA-256 of the proof: finish_sign_in judges exactly the proof that was counted.
  proof_hash bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  locked boolean NOT NULL,
  workstation text NOT NULL, address text NOT NULL, app_version text NOT NULL,
  judged_at timestamptz
);

-- The head of every chain: one a session, and the installation's own (id zero) for what happens without a session.
CREATE TABLE private.audit_chain (
  id uuid PRIMARY KEY,
  sequence bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL DEFAULT '\x'
) WITH (fillfactor = 20);
INSERT INTO private.audit_chain (id) VALUES ('00000000-0000-0000-0000-000000000000');

CREATE TABLE private.audit_entry (
  chain_id uuid NOT NULL,
  sequence bigint NOT NULL,
  at timestamptz NOT NULL,
  xid xid8 NOT NULL,
  session_id uuid,
  staff_id text,
  role text,
  action text NOT NULL REFERENCES private.audit_action,
  tool text,
  outcome text NOT NULL,
  patient_ids uuid[] NOT NULL DEFAULT '{}',
  workstation text,
  detail jsonb NOT NULL DEFAULT '{}',
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (chain_id, sequence)
);
CREATE INDEX audit_by_time ON private.audit_entry (at DESC);
CREATE INDEX audit_of_staff ON private.audit_entry (staff_id, at DESC);
CREATE INDEX audit_of_patients ON private.audit_entry USING gin (patient_ids);

CREATE FUNCTION private.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON private.audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

-- A JSON array is unambiguous: no NULL is dropped, no separator can be forged. Times as seconds, so that no setting
-- of the reading session changes the bytes.
CREATE FUNCTION private.audit_hash(entry private.audit_entry) RETURNS bytea LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(entry.previous_hash || convert_to(jsonb_build_array(
    entry.chain_id, entry.sequence, extract(epoch from entry.at)::text, entry.xid::text, entry.session_id, entry.staff_id,
    entry.role, entry.action, entry.tool, entry.outcome, to_jsonb(entry.patient_ids), entry.workstation, entry.detail)::text, 'UTF8'))
$$;

-- Appends to a chain and moves its head. Whoever appends holds the chain's row until commit.
CREATE FUNCTION private.append_audit(
  p_chain uuid, p_session uuid, p_staff text, p_role text, p_action text, p_tool text, p_outcome text,
  p_patients uuid[], p_workstation text, p_detail jsonb, p_at timestamptz DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE head private.audit_chain; entry private.audit_entry;
BEGIN
  SELECT * INTO head FROM private.audit_chain WHERE id = p_chain FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such audit chain' USING ERRCODE = 'XX000';
  END IF;
  entry.chain_id := p_chain;
  entry.sequence := head.sequence + 1;
  entry.at := coalesce(p_at, clock_timestamp());
  entry.xid := pg_current_xact_id();
  entry.session_id := p_session;
  entry.staff_id := p_staff;
  entry.role := p_role;
  entry.action := p_action;
  entry.tool := p_tool;
  entry.outcome := p_outcome;
  entry.patient_ids := coalesce(p_patients, '{}');
  entry.workstation := p_workstation;
  entry.detail := coalesce(p_detail, '{}');
  entry.previous_hash := head.hash;
  entry.hash := private.audit_hash(entry);
  INSERT INTO private.audit_entry VALUES (entry.*);
  UPDATE private.audit_chain SET sequence = entry.sequence, hash = entry.hash WHERE id = p_chain;
  RETURN entry.sequence;
END $$;

CREATE TABLE private.announcement (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL REFERENCES private.session,
  tool text NOT NULL REFERENCES private.tool,
  patient_ids uuid[] NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX announcement_by_expiry ON private.announcement (expires_at);
RESET ROLE;
