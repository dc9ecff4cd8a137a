-- The audit as people read it: the exact text that each hash was made of, sessions and what they saw, who has looked at a
-- patient, and taking the audit out of the app.
SET ROLE lamplight_owner;

-- What is rare is found by an index of its own, which the everyday entries, those of reading, never touch.
CREATE INDEX audit_of_rare_actions ON private.audit_entry (action, at DESC)
  WHERE action NOT IN ('ACCESS_GRANTED', 'TOOL_CALL', 'LLM_TOOL_CALL', 'PHI_ACCESS');
-- What the installation's chain tells about one session; everything else about it is its own chain.
CREATE INDEX audit_of_session ON private.audit_entry (session_id) WHERE chain_id = '00000000-0000-0000-0000-000000000000';
CREATE INDEX session_by_time ON private.session (started_at DESC);
RESET ROLE;

SET ROLE lamplight_reader;
-- The new columns stand at the end. `hashed` is byte for byte what private.audit_hash hashes behind `previous_hash`.
CREATE OR REPLACE VIEW api.audit_trail WITH (security_barrier) AS
SELECT e.chain_id, e.sequence, e.at, e.action, e.tool, e.outcome, e.staff_id, s.name AS staff_name, e.role,
       CASE WHEN e.outcome = 'granted' OR (SELECT guard.may_read_all('audit.read')) THEN e.patient_ids ELSE '{}' END AS patient_ids,
       CASE WHEN e.outcome = 'granted' OR (SELECT guard.may_read_all('audit.read'))
            THEN ARRAY(SELECT p.patient_number FROM hospital.patient p WHERE p.id = ANY (e.patient_ids) ORDER BY 1) ELSE '{}' END AS patient_numbers,
       e.workstation, e.detail, e.session_id,
       CASE WHEN (SELECT guard.may_read_all('audit.read')) THEN e.xid::text END AS transaction,
       CASE WHEN (SELECT guard.may_read_all('audit.read')) THEN e.previous_hash END AS previous_hash,
       CASE WHEN (SELECT guard.may_read_all('audit.read')) THEN e.hash END AS hash,
       CASE WHEN (SELECT guard.may_read_all('audit.export')) THEN jsonb_build_array(
         e.chain_id, e.sequence, extract(epoch from e.at)::text, e.xid::text, e.session_id, e.staff_id,
         e.role, e.action, e.tool, e.outcome, to_jsonb(e.patient_ids), e.workstation, e.detail)::text END AS hashed
  FROM private.audit_entry e LEFT JOIN hospital.staff s ON s.id = e.staff_id;
RESET ROLE;

SET ROLE lamplight_owner;

-- The places in the audit that name a patient. Under row policies the array's index could not be used, because its
-- operators are not leakproof; this answers places alone, and what stands there is read through the view.
CREATE FUNCTION api.audit_of_patient(patient_number text) RETURNS TABLE (chain_id uuid, sequence bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  everything boolean := guard.may_read_all('audit.read');
  own text := guard.own_staff_id('own-audit.read');
  -- An array and no subquery in the statement below: only then is the index considered. Nobody has the empty array.
  subject uuid[] := ARRAY(SELECT p.id FROM hospital.patient p WHERE p.patient_number = audit_of_patient.patient_number);
BEGIN
  IF subject = '{}' OR (NOT everything AND own IS NULL) THEN
    RETURN;
  END IF;
  IF everything THEN
    RETURN QUERY SELECT e.chain_id, e.sequence FROM private.audit_entry e WHERE e.patient_ids @> subject;
  ELSE
    -- In one's own history a refused number is never turned into a patient.
    RETURN QUERY SELECT e.chain_id, e.sequence FROM private.audit_entry e
      WHERE e.patient_ids @> subject AND e.staff_id = own AND e.outcome = 'granted';
  END IF;
END $$;

-- The sessions of a person, a workstation or a stretch of time, newest first, or one by its id.
CREATE FUNCTION api.audit_sessions(session uuid, staff text, place text, since timestamptz, until timestamptz, most int, skip int)
RETURNS TABLE (id uuid, staff_id text, staff_name text, role text, workstation text, address text, app_version text,
  started_at timestamptz, last_seen timestamptz, ended_at timestamptz, ended_because text, entries bigint, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT guard.may_read_all('audit.read') THEN
    RAISE EXCEPTION 'not announced for the audit' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
  WITH wanted AS (
    SELECT s.* FROM private.session s
     WHERE (audit_sessions.session IS NULL OR s.id = audit_sessions.session)
       AND (audit_sessions.staff IS NULL OR s.staff_id = audit_sessions.staff)
       AND (audit_sessions.place IS NULL OR s.workstation = audit_sessions.place)
       AND (audit_sessions.until IS NULL OR s.started_at < audit_sessions.until)
       AND (audit_sessions.since IS NULL OR coalesce(s.ended_at, s.last_seen) >= audit_sessions.since)
  ), page AS (
    SELECT w.*, count(*) OVER () AS total FROM wanted w ORDER BY w.started_at DESC, w.id
     LIMIT least(greatest(audit_sessions.most, 1), 500) OFFSET greatest(audit_sessions.skip, 0)
  )
  SELECT p.id, p.staff_id, m.name,
         -- The role of then, as the session's own first entry has it: a role may have changed since.
         coalesce((SELECT e.role FROM private.audit_entry e WHERE e.chain_id = p.id AND e.sequence = 1), m.role),
         p.workstation, p.address, p.app_version, p.started_at, p.last_seen, p.ended_at, p.ended_because,
         (SELECT h.sequence FROM private.audit_chain h WHERE h.id = p.id), p.total
    FROM page p JOIN hospital.staff m ON m.id = p.staff_id ORDER BY p.started_at DESC, p.id;
END $$;

-- The patients whom one session saw or asked for. Names only where the tool discloses them to the reader's role.
CREATE FUNCTION api.audit_session_patients(session uuid)
RETURNS TABLE (patient_number text, family_name text, given_name text, prefix text, first_at timestamptz, last_at timestamptz, granted bigint, refused bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE named boolean := guard.may_read_all('overview.read');
BEGIN
  IF NOT guard.may_read_all('audit.read') THEN
    RAISE EXCEPTION 'not announced for the audit' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
  SELECT p.patient_number, CASE WHEN named THEN p.family_name END, CASE WHEN named THEN p.given_name END, CASE WHEN named THEN p.prefix END,
         seen.first_at, seen.last_at, seen.granted, seen.refused
    FROM (
      SELECT u.patient_id, min(e.at) AS first_at, max(e.at) AS last_at,
             count(*) FILTER (WHERE e.action <> 'ACCESS_DENIED') AS granted, count(*) FILTER (WHERE e.action = 'ACCESS_DENIED') AS refused
        FROM private.audit_entry e CROSS JOIN LATERAL unnest(e.patient_ids) AS u (patient_id)
       WHERE e.chain_id = audit_session_patients.session
          OR (e.chain_id = '00000000-0000-0000-0000-000000000000' AND e.session_id = audit_session_patients.session)
       GROUP BY u.patient_id) AS seen
    JOIN hospital.patient p ON p.id = seen.patient_id
   ORDER BY seen.first_at, p.patient_number LIMIT 5000;
END $$;

-- Who has looked at the announced patient, and no entry about anybody else.
CREATE FUNCTION api.patient_accesses(since timestamptz, until timestamptz, most int, skip int)
RETURNS TABLE (at timestamptz, action text, tool text, outcome text, staff_id text, staff_name text, role text, workstation text,
  session_id uuid, chain_id uuid, sequence bigint, others bigint, detail jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE subject uuid[] := guard.readable('patient-audit.read');
BEGIN
  IF cardinality(subject) <> 1 THEN
    RETURN;
  END IF;
  RETURN QUERY
  SELECT e.at, e.action, e.tool, e.outcome, e.staff_id, m.name, e.role, e.workstation, e.session_id, e.chain_id, e.sequence,
         (cardinality(e.patient_ids) - 1)::bigint, e.detail
    FROM private.audit_entry e LEFT JOIN hospital.staff m ON m.id = e.staff_id
   WHERE e.patient_ids @> subject AND (patient_accesses.since IS NULL OR e.at >= patient_accesses.since)
     AND (patient_accesses.until IS NULL OR e.at < patient_accesses.until)
   ORDER BY e.at DESC, e.chain_id, e.sequence DESC LIMIT least(greatest(patient_accesses.most, 1), 2000) OFFSET greatest(patient_accesses.skip, 0);
END $$;

-- The same by person: how often, first and last.
CREATE FUNCTION api.patient_access_people(since timestamptz, until timestamptz)
RETURNS TABLE (staff_id text, staff_name text, role text, granted bigint, refused bigint, first_at timestamptz, last_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE subject uuid[] := guard.readable('patient-audit.read');
BEGIN
  IF cardinality(subject) <> 1 THEN
    RETURN;
  END IF;
  RETURN QUERY
  SELECT e.staff_id, m.name, e.role, count(*) FILTER (WHERE e.action <> 'ACCESS_DENIED'), count(*) FILTER (WHERE e.action = 'ACCESS_DENIED'),
         min(e.at), max(e.at)
    FROM private.audit_entry e LEFT JOIN hospital.staff m ON m.id = e.staff_id
   WHERE e.patient_ids @> subject AND (patient_access_people.since IS NULL OR e.at >= patient_access_people.since)
     AND (patient_access_people.until IS NULL OR e.at < patient_access_people.until)
   GROUP BY e.staff_id, m.name, e.role ORDER BY max(e.at) DESC LIMIT 2000;
END $$;

-- An export is in the audit before its first row leaves: its form and its filter here, its size and its SHA-256 at its end.
-- Its announcement lives for half an hour, because the rows are fetched in pages; a lock ends it like any other.
CREATE FUNCTION api.begin_audit_export(token text, export uuid, format text, filter text)
RETURNS TABLE (outcome text, announcement uuid, began_at timestamptz, installation uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(begin_audit_export.token);
  held text := (SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id);
BEGIN
  IF begin_audit_export.format NOT IN ('csv', 'json-lines', 'fhir') OR begin_audit_export.export IS NULL THEN
    RAISE EXCEPTION 'no such form of export' USING ERRCODE = '22023';
  END IF;
  began_at := clock_timestamp();
  IF private.reach_of(held, 'audit.export') IS DISTINCT FROM 'all' THEN
    PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, held, 'ACCESS_DENIED', 'export_audit', 'RBAC_DENIED', '{}',
      opened.workstation, jsonb_build_object('export', begin_audit_export.export));
    outcome := 'RBAC_DENIED';
    RETURN NEXT;
    RETURN;
  END IF;
  -- Asked again after a broken connection: the same export, and one entry.
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  SELECT a.id INTO announcement FROM private.announcement a WHERE a.id = begin_audit_export.export AND a.session_id = opened.id;
  IF announcement IS NULL THEN
    PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, held, 'AUDIT_EXPORTED', 'export_audit', 'granted', '{}', opened.workstation,
      jsonb_build_object('export', begin_audit_export.export, 'step', 'begun', 'format', begin_audit_export.format, 'filter', left(begin_audit_export.filter, 400)));
    INSERT INTO private.announcement (id, session_id, tool, patient_ids, expires_at)
      VALUES (begin_audit_export.export, opened.id, 'export_audit', '{}', clock_timestamp() + interval '30 minutes') RETURNING id INTO announcement;
  END IF;
  outcome := 'granted';
  installation := (SELECT i.id FROM private.installation i);
  RETURN NEXT;
END $$;

CREATE FUNCTION api.finish_audit_export(token text, export uuid, step text, entries bigint, sha256 text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(finish_audit_export.token);
  closed uuid;
BEGIN
  IF finish_audit_export.step NOT IN ('finished', 'stopped', 'failed') THEN
    RAISE EXCEPTION 'no such end of an export' USING ERRCODE = '22023';
  END IF;
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  DELETE FROM private.announcement a WHERE a.id = finish_audit_export.export AND a.session_id = opened.id AND a.tool = 'export_audit'
    RETURNING a.id INTO closed;
  IF closed IS NULL THEN
    RETURN;
  END IF;
  PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, (SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id),
    'AUDIT_EXPORTED', 'export_audit', 'granted', '{}', opened.workstation, jsonb_strip_nulls(jsonb_build_object('export', closed,
      'step', finish_audit_export.step, 'entries', finish_audit_export.entries, 'sha256', left(finish_audit_export.sha256, 64))));
END $$;

GRANT EXECUTE ON FUNCTION api.audit_of_patient(text), api.audit_sessions(uuid, text, text, timestamptz, timestamptz, int, int),
  api.audit_session_patients(uuid), api.patient_accesses(timestamptz, timestamptz, int, int),
  api.patient_access_people(timestamptz, timestamptz), api.begin_audit_export(text, uuid, text, text),
  api.finish_audit_export(text, uuid, text, bigint, text) TO lamplight_app;
RESET ROLE;
