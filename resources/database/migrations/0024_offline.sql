-- Work while the network is away: who may for how long, what was done meanwhile, and the decision about resuscitation that
-- the ward's copy must show.
SET ROLE lamplight_owner;

ALTER TABLE private.tool DROP CONSTRAINT IF EXISTS tool_audit_check;
ALTER TABLE private.tool ADD CONSTRAINT tool_audit_check CHECK (audit ~ '^[A-Z]+(_[A-Z]+)*$');

-- NULL is "nobody recorded a decision", which is not the same as a decision to attempt it.
ALTER TABLE hospital.patient ADD COLUMN resuscitation_status text
  CHECK (resuscitation_status IN ('attempt-cpr', 'do-not-attempt-cpr'));
CREATE POLICY resuscitation_status ON hospital.patient FOR SELECT TO lamplight_reader
  USING (id = ANY ((SELECT guard.readable('treatment-plans.read'))::uuid[]));

-- A workstation that may work on for a person while it cannot ask. The key signs what it tells afterwards.
CREATE TABLE private.offline_grant (
  id uuid PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES private.session,
  staff_id text NOT NULL REFERENCES hospital.staff,
  -- The workstation's own id, made on its first start; its name is the session's.
  workstation_id text NOT NULL CHECK (length(workstation_id) BETWEEN 1 AND 80),
  usage_key bytea NOT NULL CHECK (length(usage_key) = 32),
  granted_at timestamptz NOT NULL,
  not_after timestamptz NOT NULL
);
CREATE INDEX offline_grant_by_end ON private.offline_grant (not_after);

-- What was told, once each: the audit has the content.
CREATE TABLE private.offline_use (
  id uuid PRIMARY KEY,
  grant_id uuid NOT NULL REFERENCES private.offline_grant ON DELETE CASCADE
);
CREATE INDEX offline_use_of_grant ON private.offline_use (grant_id);
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['offline_grant', 'offline_use'] LOOP
    EXECUTE format('ALTER TABLE private.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE private.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON private.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;

-- The version of the rules below; what was sealed under another one opens nothing any more.
CREATE FUNCTION private.offline_policy() RETURNS int LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;

-- Twelve hours from this proof of identity. Asked again with the same id it answers the same.
CREATE FUNCTION api.grant_offline(token text, grant_id uuid, workstation_id text)
RETURNS TABLE (usage_key bytea, granted_at timestamptz, not_after timestamptz, policy int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(grant_offline.token); made private.offline_grant; moment timestamptz := clock_timestamp();
BEGIN
  -- The chain before the row that points to the session, like everybody else: a lock at this moment takes them in this order.
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  SELECT g.* INTO made FROM private.offline_grant g WHERE g.id = grant_offline.grant_id;
  IF FOUND THEN
    IF made.session_id <> opened.id OR made.workstation_id <> grant_offline.workstation_id THEN
      RAISE EXCEPTION 'this id is taken' USING ERRCODE = '42501';
    END IF;
  ELSE
    -- What nobody can tell any more is swept here.
    DELETE FROM private.offline_grant g WHERE g.id IN (SELECT o.id FROM private.offline_grant o
      WHERE o.not_after < moment - interval '90 days' LIMIT 500);
    INSERT INTO private.offline_grant VALUES (grant_offline.grant_id, opened.id, opened.staff_id,
      grant_offline.workstation_id, private.random_key(), moment, moment + interval '12 hours') RETURNING * INTO made;
    PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, (SELECT s.role FROM hospital.staff s WHERE s.id = opened.staff_id),
      'OFFLINE_GRANTED', NULL, 'granted', '{}', opened.workstation,
      jsonb_build_object('grant', made.id, 'until', made.not_after, 'workstation_id', left(made.workstation_id, 80)));
  END IF;
  RETURN QUERY SELECT made.usage_key, made.granted_at, made.not_after, private.offline_policy();
END $$;

-- What was done while the network was away, told by the workstation when it is back: each once, in any order, also for a
-- person who may not sign in any more. The code proves that the workstation held the grant; else it is refused.
CREATE FUNCTION api.tell_offline_used(grant_id uuid, payload text, mac bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE given private.offline_grant; said jsonb; use_id uuid; patients uuid[]; home text;
BEGIN
  SELECT g.* INTO given FROM private.offline_grant g WHERE g.id = tell_offline_used.grant_id;
  IF NOT FOUND OR length(tell_offline_used.payload) > 2000
     OR private.hmac_sha256(given.usage_key, tell_offline_used.payload) IS DISTINCT FROM tell_offline_used.mac THEN
    RETURN 'refused';
  END IF;
  BEGIN
    said := tell_offline_used.payload::jsonb;
    use_id := (said ->> 'id')::uuid;
  EXCEPTION WHEN data_exception THEN
    use_id := NULL;
  END;
  IF use_id IS NULL OR jsonb_typeof(said -> 'what') IS DISTINCT FROM 'string' THEN
    RETURN 'refused';
  END IF;
  -- The chain first, like everybody else who appends.
  PERFORM FROM private.audit_chain h WHERE h.id = given.session_id FOR NO KEY UPDATE;
  INSERT INTO private.offline_use VALUES (use_id, given.id) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'already';
  END IF;
  SELECT s.workstation INTO home FROM private.session s WHERE s.id = given.session_id;
  patients := ARRAY(SELECT p.id FROM hospital.patient p WHERE p.patient_number = said ->> 'patient');
  PERFORM private.append_audit(given.session_id, given.session_id, given.staff_id,
    (SELECT s.role FROM hospital.staff s WHERE s.id = given.staff_id), 'OFFLINE_USED', NULL,
    CASE WHEN said ->> 'what' IN ('refused', 'locked-out') THEN 'denied' ELSE 'granted' END, patients, home,
    jsonb_strip_nulls(jsonb_build_object('grant', given.id, 'what', left(said ->> 'what', 20), 'happened_at', left(said ->> 'at', 40),
      'patient', left(said ->> 'patient', 12), 'wrong_before', said -> 'wrong_before')));
  RETURN 'stored';
END $$;

GRANT EXECUTE ON FUNCTION api.grant_offline(text, uuid, text), api.tell_offline_used(uuid, text, bytea) TO lamplight_app;
RESET ROLE;

SET ROLE lamplight_reader;
CREATE VIEW api.resuscitation_status WITH (security_barrier) AS
SELECT id AS patient_id, resuscitation_status FROM hospital.patient
 WHERE id = ANY ((SELECT guard.readable('treatment-plans.read'))::uuid[]);
CREATE VIEW api.patient_birth_date WITH (security_barrier) AS
SELECT patient_id, date_of_birth FROM hospital.patient_identity
 WHERE patient_id = ANY ((SELECT guard.readable('birth-date.read'))::uuid[]);
GRANT SELECT ON api.resuscitation_status, api.patient_birth_date TO lamplight_app;
RESET ROLE;
