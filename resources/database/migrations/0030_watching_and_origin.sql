-- Rules over the audit, one new and two that counted wrongly, and where each entry comes from. Whoever resets both the password and the second factor of a
-- person can be that person once, and nobody would hear of it. And one export of the audit writes two entries, its beginning
-- and its end: only beginnings count, or each export would be the second of its day. More than a hundred charts are a hundred
-- and one, and nobody stays under it by stopping before the tenth entry.
SET ROLE lamplight_owner;

-- A device that is lost a week after the password was forgotten is still worth a question.
ALTER TABLE private.watch_rule DROP CONSTRAINT watch_rule_within_check,
  ADD CONSTRAINT watch_rule_within_check CHECK (within > interval '0' AND within <= interval '30 days');
INSERT INTO private.watch_rule VALUES
  ('both-factors-reset', 'urgent', 2, '7 days');

-- What an entry says that somebody reset of another person's sign-in; NULL when it says nothing of that kind.
CREATE FUNCTION private.reset_told(p_action text, p_outcome text, p_detail jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN p_outcome <> 'granted' THEN NULL
    WHEN p_action = 'ACCOUNT_CHANGED' AND p_detail ->> 'change' = 'password reset' THEN 'password'
    WHEN p_action = 'SECOND_FACTOR_CHANGED' AND p_detail ->> 'step' = 'reset' THEN 'second factor' END
$$;

-- Both of one person, whoever did them and in whatever order. Each pair is an alert of its own, about the last who acted: what
-- an alert has counted is not counted again, and two people are never one alert.
CREATE FUNCTION private.watch_resets(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE watched private.watch_rule; whose text := p_entry.detail ->> 'of'; since timestamptz; kinds bigint;
BEGIN
  SELECT * INTO watched FROM private.watch_rule w WHERE w.rule = 'both-factors-reset';
  IF watched.rule IS NULL OR whose IS NULL OR private.reset_told(p_entry.action, p_entry.outcome, p_entry.detail) IS NULL THEN
    RETURN;
  END IF;
  since := greatest(private.watched_since(watched.rule),
    (SELECT max(a.at) FROM private.alert a WHERE a.rule = watched.rule AND a.detail ->> 'of' = whose));
  SELECT count(DISTINCT private.reset_told(e.action, e.outcome, e.detail)) INTO kinds FROM private.audit_entry e
   WHERE e.action IN ('ACCOUNT_CHANGED', 'SECOND_FACTOR_CHANGED') AND e.at > since AND e.detail ->> 'of' = whose;
  IF kinds >= watched.threshold THEN
    PERFORM private.raise_alert(watched.rule, watched.severity, p_entry.staff_id, p_entry.session_id, p_entry.workstation, '{}',
      jsonb_build_object('of', whose), interval '0');
  END IF;
END $$;

UPDATE private.watch_rule SET threshold = 101 WHERE rule = 'many-patients' AND threshold = 100;

-- How many charts one person opened, by whatever session and door.
CREATE FUNCTION private.watch_charts(p_entry private.audit_entry, p_most int) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE seen uuid[];
BEGIN
  SELECT ARRAY(SELECT DISTINCT unnest(e.patient_ids) FROM (
      SELECT r.patient_ids, r.tool, r.outcome FROM private.audit_entry r
       WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('many-patients') ORDER BY r.at DESC LIMIT p_most) AS e
    JOIN private.tool t ON t.name = e.tool WHERE e.outcome = 'granted' AND t.scope = 'patient')
    INTO seen;
  PERFORM private.judge_count('many-patients', cardinality(seen), p_entry, seen);
END $$;

CREATE OR REPLACE FUNCTION private.watch_volume(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE hits bigint; requests bigint;
  -- Somebody who asks faster than any person is caught by the rate; counting all of it again and again would slow everybody.
  most CONSTANT int := 3000;
BEGIN
  PERFORM private.watch_charts(p_entry, most);
  SELECT count(DISTINCT hit) INTO hits FROM (
      SELECT r.patient_ids, r.tool, r.outcome FROM private.audit_entry r
       WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('many-search-hits') ORDER BY r.at DESC LIMIT most) AS e
    JOIN private.tool t ON t.name = e.tool, unnest(e.patient_ids) AS hit WHERE e.outcome = 'granted' AND t.scope = 'search';
  PERFORM private.judge_count('many-search-hits', hits, p_entry, '{}');
  SELECT count(*) INTO requests FROM (SELECT FROM private.audit_entry r
   WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('request-rate') LIMIT most) AS recent;
  PERFORM private.judge_count('request-rate', requests, p_entry, '{}');
END $$;

-- Whether this is the first look of the person at this one patient for as long as the rule counts: only such a look can be one
-- too many, so the charts are counted with each of them, and not with every tab of a chart.
CREATE FUNCTION private.is_first_look(p_entry private.audit_entry) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH about_one AS (SELECT t.name FROM private.tool t WHERE t.scope = 'patient')
  SELECT p_entry.outcome = 'granted' AND p_entry.tool IN (SELECT name FROM about_one) AND NOT EXISTS (
    SELECT FROM (SELECT r.patient_ids, r.tool, r.outcome, r.chain_id, r.sequence FROM private.audit_entry r
        WHERE r.staff_id = p_entry.staff_id AND r.at > private.watched_since('many-patients') ORDER BY r.at DESC LIMIT 3000) AS recent
     WHERE recent.patient_ids = p_entry.patient_ids AND recent.outcome = 'granted' AND recent.tool IN (SELECT name FROM about_one)
       AND (recent.chain_id, recent.sequence) IS DISTINCT FROM (p_entry.chain_id, p_entry.sequence))
$$;

-- A member of staff's name without the titles before it: `Dr. Craig Hawkins` opens the own record as Craig Hawkins.
CREATE FUNCTION private.bare_name(p_name text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT regexp_replace(lower(trim(p_name)), '^((dr|prof|professor|sir|sister|matron|mr|mrs|ms|miss|mx)\.?\s+)+', '')
$$;

-- As before, with names without their titles, and surnames of several words.
CREATE OR REPLACE FUNCTION private.watch_chart(p_entry private.audit_entry) RETURNS void LANGUAGE plpgsql
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
  SELECT private.bare_name(m.name) INTO person FROM hospital.staff m WHERE m.id = p_entry.staff_id;
  SELECT * INTO patient FROM hospital.patient p WHERE p.id = p_entry.patient_ids[1];
  IF person = patient.search_given || ' ' || patient.search_family THEN
    PERFORM private.judge_kin('own-record', p_entry);
  ELSIF right(person, length(patient.search_family) + 1) = ' ' || patient.search_family THEN
    PERFORM private.judge_kin('same-surname', p_entry);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION private.watch_entry() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE exports bigint;
BEGIN
  CASE NEW.action
  WHEN 'ACCESS_DENIED' THEN
    PERFORM private.watch_denial(NEW);
  WHEN 'LOGIN_FAILED' THEN
    PERFORM private.watch_sign_in(NEW);
  WHEN 'ACCOUNT_CHANGED', 'SECOND_FACTOR_CHANGED' THEN
    PERFORM private.watch_resets(NEW);
  WHEN 'AUDIT_EXPORTED' THEN
    IF NEW.detail ->> 'step' = 'begun' THEN
      SELECT count(*) INTO exports FROM private.audit_entry e
       WHERE e.staff_id = NEW.staff_id AND e.at > private.watched_since('bulk-export') AND e.action = 'AUDIT_EXPORTED'
         AND e.detail ->> 'step' = 'begun';
      PERFORM private.judge_count('bulk-export', exports, NEW, '{}');
    END IF;
  ELSE
    -- Counting an hour costs more than writing an entry: every tenth of a session, and each that shows many at once.
    IF NEW.sequence % 10 = 0 OR cardinality(NEW.patient_ids) > 20 THEN
      PERFORM private.watch_volume(NEW);
    ELSIF private.is_first_look(NEW) THEN
      PERFORM private.watch_charts(NEW, 3000);
    END IF;
  END CASE;
  IF NEW.detail ? 'patient' THEN
    PERFORM private.watch_chart(NEW);
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER watched ON private.audit_entry;
CREATE CONSTRAINT TRIGGER watched AFTER INSERT ON private.audit_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.action IN ('ACCESS_DENIED', 'ACCESS_GRANTED', 'TOOL_CALL', 'LLM_TOOL_CALL', 'PHI_ACCESS', 'LOGIN_FAILED', 'AUDIT_EXPORTED',
    'ACCOUNT_CHANGED', 'SECOND_FACTOR_CHANGED'))
  EXECUTE FUNCTION private.watch_entry();
RESET ROLE;

SET ROLE lamplight_reader;
-- The new columns stand at the end: of whose sign-in an alert tells, where that is not the person who acted.
CREATE OR REPLACE VIEW api.alerts WITH (security_barrier) AS
SELECT a.id, a.at, a.last_at, a.rule, a.severity, a.repeats, a.staff_id, s.name AS staff_name, s.role AS staff_role,
       s.disabled_at IS NOT NULL AS staff_disabled, a.session_id,
       coalesce(n.ended_at IS NULL AND n.expires_at > clock_timestamp(), false) AS session_open, a.workstation,
       ARRAY(SELECT p.patient_number FROM hospital.patient p WHERE p.id = ANY (a.patient_ids) ORDER BY 1 LIMIT 200) AS patient_numbers,
       cardinality(a.patient_ids) AS patients, a.detail, a.handled_at, h.name AS handled_by, a.verdict, a.note,
       o.id AS about_staff_id, o.name AS about_staff_name
  FROM private.alert a LEFT JOIN hospital.staff s ON s.id = a.staff_id LEFT JOIN hospital.staff h ON h.id = a.handled_by_id
  LEFT JOIN private.session n ON n.id = a.session_id LEFT JOIN hospital.staff o ON o.id = a.detail ->> 'of';
RESET ROLE;

SET ROLE lamplight_owner;
-- Where an entry comes from is known to its session; who may read the entry may read that of it, and nothing else.
GRANT SELECT (staff_id, workstation, address, app_version) ON private.session TO lamplight_reader;
CREATE POLICY audited ON private.session FOR SELECT TO lamplight_reader
  USING (staff_id = (SELECT guard.own_staff_id('own-audit.read')) OR (SELECT guard.may_read_all('audit.read')));
RESET ROLE;

SET ROLE lamplight_reader;
-- The new columns stand at the end: the address and the version of the app, as the entry says them itself, or as its session
-- has them where it was the session's own person who acted at its own workstation. They are no part of what is hashed.
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
         e.role, e.action, e.tool, e.outcome, to_jsonb(e.patient_ids), e.workstation, e.detail)::text END AS hashed,
       nullif(coalesce(e.detail ->> 'address', n.address), '') AS address,
       nullif(coalesce(e.detail ->> 'version', n.app_version), '') AS app_version
  FROM private.audit_entry e LEFT JOIN hospital.staff s ON s.id = e.staff_id
  LEFT JOIN private.session n ON n.id = e.session_id AND n.staff_id = e.staff_id AND n.workstation = e.workstation;
RESET ROLE;
