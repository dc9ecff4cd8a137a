-- Rules over the audit. They run in PostgreSQL, with the transaction that writes the entry, so that a workstation which
-- was taken over cannot leave them out, and an access that raises an alert is never committed without it.
SET ROLE lamplight_owner;

-- What counts as too much. A hospital's owner may change the figures; a rule that is not here is not watched.
CREATE TABLE private.watch_rule (
  rule text PRIMARY KEY CHECK (rule ~ '^[a-z][a-z-]{2,39}$'),
  severity text NOT NULL CHECK (severity IN ('urgent', 'review')),
  threshold int NOT NULL CHECK (threshold > 0),
  within interval NOT NULL CHECK (within > interval '0' AND within <= interval '1 day')
);
ALTER TABLE private.watch_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE private.watch_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY functions_of_the_owner ON private.watch_rule TO lamplight_owner USING (true) WITH CHECK (true);
INSERT INTO private.watch_rule VALUES
  ('repeated-denials', 'review', 5, '10 minutes'),
  ('many-patients', 'urgent', 100, '1 hour'),
  ('many-search-hits', 'review', 400, '1 hour'),
  ('sequential-numbers', 'urgent', 5, '10 minutes'),
  ('own-record', 'review', 1, '1 day'),
  ('same-surname', 'review', 1, '1 day'),
  ('off-ward', 'review', 3, '1 hour'),
  ('bulk-export', 'urgent', 2, '1 day'),
  ('sign-in-failures', 'review', 5, '15 minutes'),
  ('password-spraying', 'urgent', 8, '15 minutes'),
  ('request-rate', 'review', 1500, '5 minutes');

-- Raises the alert of a rule when a count reached its threshold.
CREATE FUNCTION private.judge_count(p_rule text, p_count bigint, p_entry private.audit_entry, p_patients uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE watched private.watch_rule;
BEGIN
  SELECT * INTO watched FROM private.watch_rule w WHERE w.rule = p_rule;
  IF watched.rule IS NOT NULL AND p_count >= watched.threshold THEN
    PERFORM private.raise_alert(p_rule, watched.severity, p_entry.staff_id, p_entry.session_id, p_entry.workstation, p_patients,
      jsonb_build_object('count', p_count, 'minutes', round(extract(epoch from watched.within) / 60)), watched.within);
  END IF;
END $$;

-- The moment from which a rule counts; the infinite future where the rule is not watched, so that it counts nothing.
CREATE FUNCTION private.watched_since(p_rule text) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT clock_timestamp() - w.within FROM private.watch_rule w WHERE w.rule = p_rule), 'infinity')
$$;

-- A patient number as a figure to the base of 36. Numbers that were tried one after the other lie beside each other.
CREATE FUNCTION private.number_value(p_number text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE value bigint := 0; digit int;
BEGIN
  IF p_number IS NULL OR p_number !~ '^[0-9A-Z]{3,12}$' THEN
    RETURN NULL;
  END IF;
  FOR place IN 1 .. length(p_number) LOOP
    digit := position(substr(p_number, place, 1) IN '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') - 1;
    value := value * 36 + digit;
  END LOOP;
  RETURN value;
END $$;

-- One patient's chart was asked for: tried in sequence, one's own, or a relative's by the name?
CREATE FUNCTION private.watch_chart(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE since timestamptz; beside bigint; person text; patient hospital.patient;
BEGIN
  since := private.watched_since('sequential-numbers');
  SELECT count(*) INTO beside FROM (
    SELECT abs(asked.value - lag(asked.value) OVER (ORDER BY asked.first)) AS step FROM (
      SELECT private.number_value(recent.number) AS value, min(recent.sequence) AS first FROM (
        SELECT e.detail ->> 'patient' AS number, e.sequence FROM private.audit_entry e
         WHERE e.chain_id = p_entry.chain_id AND e.sequence > p_entry.sequence - 60 AND e.at > since AND e.detail ? 'patient') AS recent
      GROUP BY 1) AS asked WHERE asked.value IS NOT NULL) AS steps
   WHERE step BETWEEN 1 AND 2;
  -- Five numbers in a row are four steps.
  PERFORM private.judge_count('sequential-numbers', beside + 1, p_entry, p_entry.patient_ids);

  IF p_entry.outcome <> 'granted' THEN
    RETURN;
  END IF;
  SELECT lower(m.name) INTO person FROM hospital.staff m WHERE m.id = p_entry.staff_id;
  SELECT * INTO patient FROM hospital.patient p WHERE p.id = p_entry.patient_ids[1];
  IF person = patient.search_given || ' ' || patient.search_family THEN
    PERFORM private.judge_kin('own-record', p_entry);
  ELSIF regexp_replace(person, '^.*\s', '') = patient.search_family THEN
    PERFORM private.judge_kin('same-surname', p_entry);
  END IF;
END $$;

-- One alert a person, patient and day: opening the tabs of one chart is one act.
CREATE FUNCTION private.judge_kin(p_rule text, p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM private.alert a WHERE a.rule = p_rule AND a.staff_id = p_entry.staff_id
                   AND a.patient_ids @> p_entry.patient_ids AND a.last_at > private.watched_since(p_rule)) THEN
    PERFORM private.judge_count(p_rule, 1, p_entry, p_entry.patient_ids);
  END IF;
END $$;

-- How much one person saw. Ward lists are the daily round and count for nothing; charts and search hits count.
CREATE FUNCTION private.watch_volume(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE seen uuid[]; hits bigint; requests bigint;
  -- Somebody who asks faster than any person is caught by the rate; counting all of it again and again would slow everybody.
  most CONSTANT int := 3000;
BEGIN
  SELECT ARRAY(SELECT DISTINCT unnest(e.patient_ids) FROM (
      SELECT r.patient_ids, r.tool, r.outcome FROM private.audit_entry r
       WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('many-patients') ORDER BY r.at DESC LIMIT most) AS e
    JOIN private.tool t ON t.name = e.tool WHERE e.outcome = 'granted' AND t.scope = 'patient')
    INTO seen;
  PERFORM private.judge_count('many-patients', cardinality(seen), p_entry, seen);
  SELECT count(DISTINCT hit) INTO hits FROM (
      SELECT r.patient_ids, r.tool, r.outcome FROM private.audit_entry r
       WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('many-search-hits') ORDER BY r.at DESC LIMIT most) AS e
    JOIN private.tool t ON t.name = e.tool, unnest(e.patient_ids) AS hit WHERE e.outcome = 'granted' AND t.scope = 'search';
  PERFORM private.judge_count('many-search-hits', hits, p_entry, '{}');
  SELECT count(*) INTO requests FROM (SELECT FROM private.audit_entry r
   WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('request-rate') LIMIT most) AS recent;
  PERFORM private.judge_count('request-rate', requests, p_entry, '{}');
END $$;

-- Refusals of one person: how many in a short while, and whether they were patients of other wards.
CREATE FUNCTION private.watch_denial(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE denials bigint; others uuid[];
BEGIN
  SELECT count(*) INTO denials FROM (SELECT e.action, e.outcome FROM private.audit_entry e
     WHERE e.staff_id = p_entry.staff_id AND e.at > private.watched_since('repeated-denials') ORDER BY e.at DESC LIMIT 1000) AS recent
   WHERE recent.action = 'ACCESS_DENIED' AND recent.outcome <> 'INVALID_INPUT';
  PERFORM private.judge_count('repeated-denials', denials, p_entry, '{}');
  SELECT ARRAY(SELECT DISTINCT unnest(recent.patient_ids) FROM (SELECT e.action, e.outcome, e.patient_ids FROM private.audit_entry e
      WHERE e.staff_id = p_entry.staff_id AND e.at > private.watched_since('off-ward') ORDER BY e.at DESC LIMIT 1000) AS recent
    WHERE recent.action = 'ACCESS_DENIED' AND recent.outcome = 'PATIENT_NOT_FOUND') INTO others;
  PERFORM private.judge_count('off-ward', cardinality(others), p_entry, others);
END $$;

-- Wrong passwords: of one account, and of many names at one workstation. What was typed as a name is never repeated: it
-- may have been a password.
CREATE FUNCTION private.watch_sign_in(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE failures bigint; names bigint; tried text;
BEGIN
  SELECT a.username INTO tried FROM private.sign_in_attempt a WHERE a.id = (p_entry.detail ->> 'attempt')::uuid;
  SELECT c.failed_attempts INTO failures FROM private.sign_in_counter c
   WHERE c.username = tried AND c.last_at > private.watched_since('sign-in-failures');
  PERFORM private.judge_count('sign-in-failures', failures, p_entry, '{}');
  SELECT count(DISTINCT a.username) INTO names FROM private.sign_in_attempt a JOIN private.sign_in_counter c ON c.username = a.username
   WHERE a.at > private.watched_since('password-spraying') AND a.workstation = p_entry.workstation AND c.failed_attempts > 0;
  PERFORM private.judge_count('password-spraying', names, p_entry, '{}');
END $$;

CREATE FUNCTION private.watch_entry() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE exports bigint;
BEGIN
  CASE NEW.action
  WHEN 'ACCESS_DENIED' THEN
    PERFORM private.watch_denial(NEW);
  WHEN 'LOGIN_FAILED' THEN
    PERFORM private.watch_sign_in(NEW);
  WHEN 'AUDIT_EXPORTED' THEN
    SELECT count(*) INTO exports FROM private.audit_entry e
     WHERE e.staff_id = NEW.staff_id AND e.at > private.watched_since('bulk-export') AND e.action = 'AUDIT_EXPORTED';
    PERFORM private.judge_count('bulk-export', exports, NEW, '{}');
  ELSE
    -- Counting an hour costs more than writing an entry: every tenth of a session, and each that shows many at once.
    IF NEW.sequence % 10 = 0 OR cardinality(NEW.patient_ids) > 20 THEN
      PERFORM private.watch_volume(NEW);
    END IF;
  END CASE;
  IF NEW.detail ? 'patient' THEN
    PERFORM private.watch_chart(NEW);
  END IF;
  RETURN NULL;
END $$;
-- Deferred: an alert is told to the audit itself, and the head of the chain that this entry is appended to moves only after it.
CREATE CONSTRAINT TRIGGER watched AFTER INSERT ON private.audit_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.action IN ('ACCESS_DENIED', 'ACCESS_GRANTED', 'TOOL_CALL', 'LLM_TOOL_CALL', 'PHI_ACCESS', 'LOGIN_FAILED', 'AUDIT_EXPORTED'))
  EXECUTE FUNCTION private.watch_entry();

CREATE POLICY reviewers ON private.alert FOR SELECT TO lamplight_reader USING ((SELECT guard.may_read_all('alerts.read')));
GRANT SELECT ON private.alert TO lamplight_reader;
GRANT SELECT (id, ended_at, expires_at) ON private.session TO lamplight_reader;
CREATE POLICY alerted ON private.session FOR SELECT TO lamplight_reader USING ((SELECT guard.may_read_all('alerts.read')));
-- The patients whom alerts are about, for their numbers; nobody else's.
CREATE FUNCTION guard.alerted_patients() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT guard.may_read_all('alerts.read') THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT DISTINCT unnest(a.patient_ids) FROM private.alert a);
END $$;
REVOKE ALL ON FUNCTION guard.alerted_patients() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.alerted_patients() TO lamplight_app, lamplight_reader;
CREATE POLICY alerted ON hospital.patient FOR SELECT TO lamplight_reader
  USING (id = ANY ((SELECT guard.alerted_patients())::uuid[]));
GRANT SELECT (disabled_at) ON hospital.staff TO lamplight_reader;
RESET ROLE;

SET ROLE lamplight_reader;
CREATE VIEW api.alerts WITH (security_barrier) AS
SELECT a.id, a.at, a.last_at, a.rule, a.severity, a.repeats, a.staff_id, s.name AS staff_name, s.role AS staff_role,
       s.disabled_at IS NOT NULL AS staff_disabled, a.session_id,
       coalesce(n.ended_at IS NULL AND n.expires_at > clock_timestamp(), false) AS session_open, a.workstation,
       ARRAY(SELECT p.patient_number FROM hospital.patient p WHERE p.id = ANY (a.patient_ids) ORDER BY 1 LIMIT 200) AS patient_numbers,
       cardinality(a.patient_ids) AS patients, a.detail, a.handled_at, h.name AS handled_by, a.verdict, a.note
  FROM private.alert a LEFT JOIN hospital.staff s ON s.id = a.staff_id LEFT JOIN hospital.staff h ON h.id = a.handled_by_id
  LEFT JOIN private.session n ON n.id = a.session_id;
GRANT SELECT ON api.alerts TO lamplight_app;
RESET ROLE;

SET ROLE lamplight_owner;
-- Settles an alert with a verdict. Settled again with the same words it is the same act; with others it is refused.
CREATE FUNCTION api.handle_alert(token text, alert uuid, verdict text, note text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(handle_alert.token); person hospital.staff; known private.alert; refusal text;
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  IF private.reach_of(person.role, 'alerts.handle') IS NULL THEN
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ACCESS_DENIED', NULL, 'RBAC_DENIED', '{}', opened.workstation,
      jsonb_build_object('asked', 'handle_alert'));
    RETURN 'RBAC_DENIED';
  END IF;
  SELECT * INTO known FROM private.alert a WHERE a.id = handle_alert.alert;
  -- Nobody judges what they did themselves. Refused before the alert's row is held: the refusal may raise an alert of its own.
  IF known.staff_id = person.id THEN
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ACCESS_DENIED', NULL, 'OWN_ALERT', '{}', opened.workstation,
      jsonb_build_object('asked', 'handle_alert', 'alert', known.id));
    RETURN 'OWN_ALERT';
  END IF;
  SELECT * INTO known FROM private.alert a WHERE a.id = handle_alert.alert FOR UPDATE;
  IF known.handled_by_id = person.id AND known.verdict = handle_alert.verdict THEN
    RETURN 'granted';
  END IF;
  refusal := CASE
    WHEN known.id IS NULL THEN 'ALERT_NOT_FOUND'
    WHEN coalesce(handle_alert.verdict NOT IN ('expected', 'unclear', 'misuse'), true) THEN 'INVALID_INPUT'
    WHEN known.handled_at IS NOT NULL THEN 'HANDLED_ALREADY' END;
  IF refusal IS NOT NULL THEN
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ALERT_HANDLED', NULL, refusal, '{}', opened.workstation,
      jsonb_strip_nulls(jsonb_build_object('alert', handle_alert.alert)));
    RETURN refusal;
  END IF;
  UPDATE private.alert a SET handled_at = clock_timestamp(), handled_by_id = person.id, verdict = handle_alert.verdict,
    note = nullif(left(handle_alert.note, 1000), '') WHERE a.id = known.id;
  PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ALERT_HANDLED', NULL, 'granted', known.patient_ids,
    opened.workstation, jsonb_build_object('alert', known.id, 'rule', known.rule, 'verdict', handle_alert.verdict));
  RETURN 'granted';
END $$;
REVOKE ALL ON FUNCTION api.handle_alert(text, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.handle_alert(text, uuid, text, text) TO lamplight_app;
RESET ROLE;
