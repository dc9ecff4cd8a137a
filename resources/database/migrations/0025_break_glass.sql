-- Break-glass: one chart, sixty minutes, for who is not on the care team. It is said aloud before anything is looked up, by
-- a transaction that commits; it opens only with a fresh proof of the same person; and every try waits for a verdict.
SET ROLE lamplight_owner;

CREATE FUNCTION private.break_glass_reasons() RETURNS text[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY['cardiac-arrest', 'unconscious', 'transfer-arriving', 'covering-colleague', 'other']
$$;

-- Every try, also one that was refused at once: each is something to judge. Never deleted while the hospital stands.
CREATE TABLE private.break_glass_request (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  staff_id text NOT NULL REFERENCES hospital.staff,
  session_id uuid NOT NULL REFERENCES private.session,
  workstation text NOT NULL,
  -- As it was asked for; whether it is anybody's number is not known here.
  patient_number text CHECK (patient_number ~ '^[A-Z0-9]{3,12}$'),
  reason text CHECK (reason = ANY (private.break_glass_reasons())),
  words text CHECK (length(words) <= 500),
  -- 'announced' until it is judged; then 'opened', or why not.
  outcome text NOT NULL,
  outcome_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  proofs_failed int NOT NULL DEFAULT 0,
  -- Refusals of one kind, person and hour are one thing to judge.
  repeats int NOT NULL DEFAULT 1,
  used_at timestamptz,
  alert_id uuid REFERENCES private.alert
);
CREATE INDEX break_glass_request_of_staff ON private.break_glass_request (staff_id, at DESC);
CREATE INDEX break_glass_request_by_time ON private.break_glass_request (at DESC);

CREATE TABLE private.break_glass_grant (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  request_id uuid NOT NULL UNIQUE REFERENCES private.break_glass_request,
  staff_id text NOT NULL REFERENCES hospital.staff,
  session_id uuid NOT NULL REFERENCES private.session,
  workstation text NOT NULL,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  until timestamptz NOT NULL CHECK (until <= opened_at + interval '60 minutes'),
  ended_at timestamptz CHECK (ended_at BETWEEN opened_at AND until),
  ended_because text CHECK ((ended_because IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_emergency_at_a_time ON private.break_glass_grant (staff_id) WHERE ended_at IS NULL;
CREATE INDEX emergency_of_staff ON private.break_glass_grant (staff_id, opened_at DESC);
CREATE INDEX emergency_of_session ON private.break_glass_grant (session_id);

-- The first row of a request holds the verdict; later ones only add to it.
CREATE TABLE private.break_glass_verdict (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES private.break_glass_request,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  by_id text NOT NULL REFERENCES hospital.staff,
  verdict text CHECK (verdict IN ('justified', 'unclear', 'not-justified')),
  note text CHECK (length(note) BETWEEN 1 AND 1000),
  CHECK (verdict IS NOT DISTINCT FROM 'justified' OR note IS NOT NULL)
);
CREATE UNIQUE INDEX one_verdict ON private.break_glass_verdict (request_id) WHERE verdict IS NOT NULL;
CREATE INDEX verdicts_of_request ON private.break_glass_verdict (request_id, at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON private.break_glass_verdict
  FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['break_glass_request', 'break_glass_grant', 'break_glass_verdict'] LOOP
    EXECUTE format('ALTER TABLE private.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE private.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON private.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
    EXECUTE format('CREATE POLICY reviewers ON private.%I FOR SELECT TO lamplight_reader USING ((SELECT guard.may_read_all(''break-glass.review'')))', relation);
    EXECUTE format('GRANT SELECT ON private.%I TO lamplight_reader', relation);
  END LOOP;
END $$;

-- The patient whose chart somebody has open in an emergency at a moment: the moment is the caller's clock, so the sixty
-- minutes end whoever keeps a transaction open. What was measured while the chart was still being asked for belongs to the
-- emergency too: half an hour before, as before a shift. What is read is bound to the workstation where the glass was broken; what is
-- written is judged by person and moment alone, because an entry made without network may be sent by another workstation.
CREATE OR REPLACE FUNCTION private.emergency_patients(p_staff text, p_at timestamptz) RETURNS uuid[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_patients uuid[]; reading private.request; here text;
BEGIN
  SELECT array_agg(DISTINCT g.patient_id) INTO found_patients FROM private.break_glass_grant g JOIN private.session s ON s.id = g.session_id
   WHERE g.staff_id = p_staff AND g.opened_at - interval '30 minutes' <= p_at AND p_at < least(g.until, g.ended_at, s.ended_at, s.expires_at);
  IF found_patients IS NULL THEN
    RETURN '{}';
  END IF;
  reading := private.current_request();
  IF reading.session_id IS NULL THEN
    RETURN found_patients;
  END IF;
  -- What is kept for work without network would outlive the hour.
  IF EXISTS (SELECT FROM private.tool t WHERE t.name = reading.tool AND t.audit = 'WARD_SNAPSHOT') THEN
    RETURN '{}';
  END IF;
  SELECT s.workstation INTO here FROM private.session s WHERE s.id = reading.session_id;
  RETURN ARRAY(SELECT g.patient_id FROM private.break_glass_grant g
    WHERE g.staff_id = p_staff AND g.patient_id = ANY (found_patients) AND g.ended_at IS NULL AND g.until > p_at AND g.workstation = here);
END $$;

-- Ends an emergency once and says so. What the person did themselves is told to their chain; what happened to them, to the
-- installation's, whose row everybody locks last.
CREATE FUNCTION private.end_break_glass(p_grant uuid, p_because text, p_at timestamptz, p_chain uuid) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE ended private.break_glass_grant;
BEGIN
  UPDATE private.break_glass_grant g SET ended_at = greatest(g.opened_at, least(p_at, g.until)), ended_because = p_because
   WHERE g.id = p_grant AND g.ended_at IS NULL RETURNING * INTO ended;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM private.append_audit(p_chain, ended.session_id, ended.staff_id, (SELECT m.role FROM hospital.staff m WHERE m.id = ended.staff_id),
    'BREAK_GLASS_ENDED', NULL, 'granted', ARRAY[ended.patient_id], ended.workstation, jsonb_build_object('request', ended.request_id,
      'because', p_because, 'minutes', round(extract(epoch from ended.ended_at - ended.opened_at) / 60)));
  RETURN true;
END $$;

CREATE FUNCTION private.lapsed_break_glass() RETURNS SETOF uuid LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT g.id FROM private.break_glass_grant g JOIN private.session s ON s.id = g.session_id JOIN hospital.staff m ON m.id = g.staff_id
   WHERE g.ended_at IS NULL AND (least(g.until, s.ended_at, s.expires_at) <= clock_timestamp() OR m.disabled_at IS NOT NULL)
$$;

-- Ends what is over by itself. Every pulse of every workstation comes by here, so an end is told within seconds of it, also
-- when the machine on which the glass was broken is switched off.
CREATE FUNCTION private.end_lapsed_break_glass() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE lapsed record;
BEGIN
  IF NOT EXISTS (SELECT FROM private.lapsed_break_glass()) THEN
    RETURN;
  END IF;
  -- The installation's chain before the rows, of which none is waited for: whoever ends one of them at this moment tells of it.
  PERFORM FROM private.audit_chain h WHERE h.id = '00000000-0000-0000-0000-000000000000' FOR NO KEY UPDATE;
  FOR lapsed IN
    SELECT g.id, least(g.until, s.ended_at, s.expires_at, m.disabled_at) AS at,
           CASE WHEN s.ended_at < g.until OR s.expires_at < g.until THEN 'session ended'
                WHEN m.disabled_at < g.until THEN 'account disabled' ELSE 'time is up' END AS because
      FROM private.break_glass_grant g JOIN private.session s ON s.id = g.session_id JOIN hospital.staff m ON m.id = g.staff_id
     WHERE g.ended_at IS NULL AND g.id IN (SELECT private.lapsed_break_glass())
     FOR UPDATE OF g SKIP LOCKED
  LOOP
    PERFORM private.end_break_glass(lapsed.id, lapsed.because, lapsed.at, '00000000-0000-0000-0000-000000000000');
  END LOOP;
END $$;

-- Whatever ends a session ends its emergency with it.
CREATE FUNCTION private.end_break_glass_of_session() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE held uuid;
BEGIN
  SELECT g.id INTO held FROM private.break_glass_grant g WHERE g.session_id = NEW.id AND g.ended_at IS NULL;
  IF FOUND THEN
    PERFORM private.end_break_glass(held, 'session ended', NEW.ended_at, '00000000-0000-0000-0000-000000000000');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER emergency_ends AFTER UPDATE OF ended_at ON private.session FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION private.end_break_glass_of_session();

-- A try that was refused before it could be announced: in the audit, in the list of alerts, and something to judge.
CREATE FUNCTION private.refuse_break_glass(p_session private.session, p_person hospital.staff, p_number text, p_reason text, p_verdict text)
RETURNS uuid LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE known uuid; raised uuid;
BEGIN
  UPDATE private.break_glass_request r SET repeats = r.repeats + 1, outcome_at = clock_timestamp()
   WHERE r.id = (SELECT o.id FROM private.break_glass_request o WHERE o.staff_id = p_person.id AND o.session_id = p_session.id
     AND o.outcome = p_verdict AND o.patient_number IS NOT DISTINCT FROM p_number AND o.at > clock_timestamp() - interval '1 hour'
     AND o.used_at IS NOT NULL AND NOT EXISTS (SELECT FROM private.break_glass_verdict v WHERE v.request_id = o.id) ORDER BY o.at DESC LIMIT 1)
   RETURNING r.id INTO known;
  PERFORM private.append_audit(p_session.id, p_session.id, p_person.id, p_person.role, 'BREAK_GLASS_DENIED', NULL, p_verdict, '{}',
    p_session.workstation, jsonb_strip_nulls(jsonb_build_object('patient', p_number, 'reason', p_reason)));
  raised := private.raise_alert('break-glass-refused', CASE p_verdict WHEN 'INVALID_INPUT' THEN 'review' ELSE 'urgent' END,
    p_person.id, p_session.id, p_session.workstation, '{}', jsonb_build_object('outcome', p_verdict));
  IF known IS NULL THEN
    INSERT INTO private.break_glass_request (staff_id, session_id, workstation, patient_number, reason, outcome, used_at, alert_id)
      VALUES (p_person.id, p_session.id, p_session.workstation, p_number, p_reason, p_verdict, clock_timestamp(), raised) RETURNING id INTO known;
  END IF;
  RETURN known;
END $$;

-- First transaction: says who wants whose chart and why. Commit it. Nothing of a patient is looked at here, so the answer is
-- the same whoever's number it is. Six in twelve hours, of which three opened; one at a time.
CREATE FUNCTION api.announce_break_glass(token text, patient_number text, reason text, words text DEFAULT NULL)
RETURNS TABLE (request uuid, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(announce_break_glass.token);
  person hospital.staff;
  asked text := upper(trim(announce_break_glass.patient_number));
  why text := announce_break_glass.reason;
  said text := nullif(trim(announce_break_glass.words), '');
  well_formed boolean := coalesce(asked ~ '^[A-Z0-9]{3,12}$', false);
  since timestamptz := clock_timestamp() - interval '12 hours';
  verdict text;
  raised uuid;
BEGIN
  -- The person first, who asks at one workstation at a time; then the own chain, and the installation's last.
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id FOR NO KEY UPDATE;
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  PERFORM private.end_lapsed_break_glass();
  verdict := CASE
    WHEN private.reach_of(person.role, 'break-glass.use') IS NULL THEN 'RBAC_DENIED'
    WHEN NOT well_formed OR why IS NULL OR NOT why = ANY (private.break_glass_reasons()) OR length(said) > 500
      OR (why = 'other' AND said IS NULL) THEN 'INVALID_INPUT'
    WHEN EXISTS (SELECT FROM private.break_glass_grant g WHERE g.staff_id = person.id AND g.ended_at IS NULL) THEN 'BREAK_GLASS_OPEN'
    WHEN (SELECT count(*) FROM private.break_glass_grant g WHERE g.staff_id = person.id AND g.opened_at > since) >= 3
      OR (SELECT count(*) FROM private.break_glass_request r WHERE r.staff_id = person.id AND r.at > since
            AND r.outcome NOT IN ('RBAC_DENIED', 'INVALID_INPUT', 'BREAK_GLASS_OPEN', 'BREAK_GLASS_LIMIT', 'NOT_ANNOUNCED')) >= 6
      THEN 'BREAK_GLASS_LIMIT'
    END;
  IF verdict IS NOT NULL THEN
    PERFORM private.refuse_break_glass(opened, person, CASE WHEN well_formed AND verdict <> 'RBAC_DENIED' THEN asked END,
      CASE WHEN why = ANY (private.break_glass_reasons()) THEN why END, verdict);
    RETURN QUERY SELECT NULL::uuid, verdict;
    RETURN;
  END IF;
  INSERT INTO private.break_glass_request (staff_id, session_id, workstation, patient_number, reason, words, outcome)
    VALUES (person.id, opened.id, opened.workstation, asked, why, said, 'announced') RETURNING id INTO request;
  PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'BREAK_GLASS_REQUESTED', NULL, 'granted', '{}',
    opened.workstation, jsonb_build_object('request', request, 'patient', asked, 'reason', why));
  -- Each emergency is an alert of its own: no stretch of time joins two of them.
  raised := private.raise_alert('break-glass', 'urgent', person.id, opened.id, opened.workstation, '{}',
    jsonb_build_object('request', request, 'reason', why), interval '0');
  UPDATE private.break_glass_request r SET alert_id = raised WHERE r.id = request;
  outcome := 'announced';
  RETURN NEXT;
END $$;

-- A fresh proof of the person of this session, with a code where they have a second factor: an outcome, or NULL when it is
-- good. An attempt that cannot be judged at all is a wrong one here: the refusal has to be committed, so nothing is raised.
CREATE FUNCTION private.prove_for_break_glass(p_session private.session, p_attempt uuid, p_code text) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF private.has_second_factor((p_session).staff_id) AND nullif(trim(p_code), '') IS NULL THEN
    RETURN 'CODE_REQUIRED';
  END IF;
  RETURN CASE private.reauthenticate(p_session, p_attempt, p_code, true)
    WHEN 'granted' THEN NULL WHEN 'locked' THEN 'ACCOUNT_LOCKED' ELSE 'SIGN_IN_FAILED' END;
EXCEPTION WHEN invalid_authorization_specification THEN
  RETURN 'SIGN_IN_FAILED';
END $$;

-- Second transaction: the announced request, once, with a proof that its person is there. Only now is the patient looked up.
-- A wrong password does not spend the request; three do, and each counts towards the account's lock.
CREATE FUNCTION api.open_break_glass(token text, request uuid, attempt uuid, code text DEFAULT NULL)
RETURNS TABLE (outcome text, patient_number text, until timestamptz, seconds_left int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(open_break_glass.token);
  person hospital.staff;
  asked private.break_glass_request;
  subject uuid;
  moment timestamptz := clock_timestamp();
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id FOR NO KEY UPDATE;
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  SELECT r.* INTO asked FROM private.break_glass_request r
   WHERE r.id = open_break_glass.request AND r.session_id = opened.id AND r.used_at IS NULL
     AND r.at > clock_timestamp() - interval '2 minutes' AND r.xid <> pg_current_xact_id() FOR UPDATE;
  IF private.reach_of(person.role, 'break-glass.use') IS NULL OR asked.id IS NULL THEN
    -- Forged, somebody else's, spent, too old, or not committed yet.
    outcome := CASE WHEN private.reach_of(person.role, 'break-glass.use') IS NULL THEN 'RBAC_DENIED' ELSE 'NOT_ANNOUNCED' END;
    PERFORM private.refuse_break_glass(opened, person, NULL, NULL, outcome);
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := private.prove_for_break_glass(opened, open_break_glass.attempt, open_break_glass.code);
  -- Only now: this may take the installation's chain, and a sign-in that begins takes its counter, which the proof took, before it.
  PERFORM private.end_lapsed_break_glass();
  IF outcome IS NOT NULL THEN
    UPDATE private.break_glass_request r SET proofs_failed = r.proofs_failed + 1, outcome = open_break_glass.outcome, outcome_at = clock_timestamp(),
      used_at = CASE WHEN r.proofs_failed + 1 >= 3 THEN clock_timestamp() END WHERE r.id = asked.id;
  ELSE
    -- The other workstation of the same person may have been quicker.
    IF NOT EXISTS (SELECT FROM private.break_glass_grant g WHERE g.staff_id = person.id AND g.ended_at IS NULL) THEN
      SELECT p.id INTO subject FROM hospital.patient p WHERE p.patient_number = asked.patient_number AND p.deleted_at IS NULL;
      outcome := CASE WHEN subject IS NULL THEN 'BREAK_GLASS_DENIED' ELSE 'opened' END;
    ELSE
      outcome := 'BREAK_GLASS_OPEN';
    END IF;
    UPDATE private.break_glass_request r SET outcome = open_break_glass.outcome, outcome_at = clock_timestamp(), used_at = clock_timestamp()
     WHERE r.id = asked.id;
  END IF;
  IF outcome = 'opened' THEN
    INSERT INTO private.break_glass_grant AS g (request_id, staff_id, session_id, workstation, patient_id, opened_at, until)
      VALUES (asked.id, person.id, opened.id, opened.workstation, subject, moment, moment + interval '60 minutes')
      RETURNING asked.patient_number, g.until, extract(epoch from g.until - moment)::int INTO patient_number, until, seconds_left;
  END IF;
  UPDATE private.alert a SET last_at = clock_timestamp(), detail = a.detail || jsonb_build_object('outcome', outcome),
    patient_ids = CASE WHEN subject IS NULL THEN a.patient_ids ELSE ARRAY[subject] END WHERE a.id = asked.alert_id;
  PERFORM private.append_audit(opened.id, opened.id, person.id, person.role,
    CASE outcome WHEN 'opened' THEN 'BREAK_GLASS_OPENED' ELSE 'BREAK_GLASS_DENIED' END, NULL, CASE outcome WHEN 'opened' THEN 'granted' ELSE outcome END,
    CASE WHEN subject IS NULL THEN '{}' ELSE ARRAY[subject] END, opened.workstation,
    jsonb_build_object('request', asked.id, 'patient', asked.patient_number, 'reason', asked.reason));
  RETURN NEXT;
END $$;

-- Ends the person's emergency, wherever it was opened. False: there was none.
CREATE FUNCTION api.end_break_glass(token text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(end_break_glass.token); held uuid; ended boolean;
BEGIN
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  -- The own one before those that lapsed: whoever signs out at this moment takes its row and then the installation's chain.
  SELECT g.id INTO held FROM private.break_glass_grant g WHERE g.staff_id = opened.staff_id AND g.ended_at IS NULL
    AND g.id NOT IN (SELECT private.lapsed_break_glass());
  ended := coalesce(private.end_break_glass(held, 'person', clock_timestamp(), opened.id), false);
  PERFORM private.end_lapsed_break_glass();
  RETURN ended;
END $$;

-- The chart that is open in an emergency at this workstation, by the number that its person typed; no row when there is none.
CREATE FUNCTION private.open_emergency(p_session private.session) RETURNS TABLE (patient_number text, until timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.patient_number, least(g.until, s.expires_at) FROM private.break_glass_grant g JOIN private.break_glass_request r ON r.id = g.request_id
    JOIN private.session s ON s.id = g.session_id
   WHERE g.staff_id = p_session.staff_id AND g.workstation = p_session.workstation AND g.ended_at IS NULL AND s.ended_at IS NULL
     AND least(g.until, s.expires_at) > clock_timestamp()
$$;
-- Always one row; `code_needed`: this person's proof takes a code as well.
CREATE FUNCTION api.break_glass_state(token text) RETURNS TABLE (patient_number text, until timestamptz, seconds_left int, code_needed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(break_glass_state.token);
BEGIN
  RETURN QUERY SELECT e.patient_number, e.until, ceil(extract(epoch from e.until - clock_timestamp()))::int, private.has_second_factor(opened.staff_id)
    FROM (SELECT) AS always LEFT JOIN private.open_emergency(opened) e ON true;
END $$;

-- What waits for a verdict: every try, once it is decided or too old to be.
CREATE FUNCTION private.reviews_waiting() RETURNS int LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)::int FROM private.break_glass_request r
   WHERE (r.outcome <> 'announced' OR r.at < clock_timestamp() - interval '2 minutes')
     AND NOT EXISTS (SELECT FROM private.break_glass_verdict v WHERE v.request_id = r.id)
$$;

-- The part of a pulse that is about emergencies: `reviews` for who gives verdicts, and the own open chart.
CREATE OR REPLACE FUNCTION private.pulse_break_glass(p_session private.session) RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE role text := (SELECT m.role FROM hospital.staff m WHERE m.id = p_session.staff_id);
BEGIN
  IF current_setting('transaction_read_only') = 'off' THEN
    PERFORM private.end_lapsed_break_glass();
  END IF;
  RETURN jsonb_build_object(
    'reviews', CASE WHEN private.reach_of(role, 'break-glass.review') IS NULL THEN 0 ELSE private.reviews_waiting() END,
    'breakGlass', (SELECT jsonb_build_object('patientId', e.patient_number, 'until', e.until) FROM private.open_emergency(p_session) e));
END $$;

-- One judgement is enough: the verdict about an emergency settles the alert that it raised. An alert that stands for several
-- refusals is judged on its own.
CREATE FUNCTION private.settle_break_glass_alert(p_session private.session, p_person hospital.staff, p_request private.break_glass_request,
  p_verdict text, p_note text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE settled private.alert;
BEGIN
  UPDATE private.alert a SET handled_at = clock_timestamp(), handled_by_id = p_person.id, note = p_note,
    verdict = CASE p_verdict WHEN 'justified' THEN 'expected' WHEN 'unclear' THEN 'unclear' ELSE 'misuse' END
   WHERE a.id = p_request.alert_id AND a.rule = 'break-glass' AND a.handled_at IS NULL AND p_verdict IS NOT NULL
     AND private.reach_of(p_person.role, 'alerts.handle') IS NOT NULL RETURNING * INTO settled;
  IF FOUND THEN
    PERFORM private.append_audit(p_session.id, p_session.id, p_person.id, p_person.role, 'ALERT_HANDLED', NULL, 'granted', settled.patient_ids,
      p_session.workstation, jsonb_build_object('alert', settled.id, 'rule', settled.rule, 'verdict', settled.verdict));
  END IF;
END $$;

-- A verdict, or an addition to one. It cannot be changed, and nobody judges themselves. `submission` makes a double click one.
CREATE FUNCTION api.review_break_glass(token text, request uuid, submission uuid, verdict text, note text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(review_break_glass.token);
  person hospital.staff;
  judged private.break_glass_request;
  given private.break_glass_verdict;
  said text := nullif(trim(review_break_glass.note), '');
  refusal text;
BEGIN
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  IF private.reach_of(person.role, 'break-glass.review') IS NULL THEN
    refusal := 'RBAC_DENIED';
  ELSE
    SELECT r.* INTO judged FROM private.break_glass_request r WHERE r.id = review_break_glass.request FOR UPDATE;
    SELECT v.* INTO given FROM private.break_glass_verdict v WHERE v.id = review_break_glass.submission;
    IF given.id IS NOT NULL AND given.request_id = judged.id AND given.by_id = person.id THEN
      RETURN 'granted';
    END IF;
    refusal := CASE
      WHEN judged.id IS NULL THEN 'REVIEW_NOT_FOUND'
      WHEN judged.staff_id = person.id THEN 'OWN_EMERGENCY'
      WHEN given.id IS NOT NULL OR review_break_glass.submission IS NULL OR length(said) > 1000
        OR (said IS NULL AND review_break_glass.verdict IS DISTINCT FROM 'justified')
        OR (review_break_glass.verdict IS NOT NULL AND review_break_glass.verdict NOT IN ('justified', 'unclear', 'not-justified')) THEN 'INVALID_INPUT'
      WHEN (review_break_glass.verdict IS NULL) <> EXISTS (SELECT FROM private.break_glass_verdict v WHERE v.request_id = judged.id)
        THEN CASE WHEN review_break_glass.verdict IS NULL THEN 'NOT_REVIEWED' ELSE 'REVIEWED_ALREADY' END
      END;
  END IF;
  IF refusal IS NOT NULL THEN
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ACCESS_DENIED', NULL, refusal, '{}', opened.workstation,
      jsonb_build_object('asked', 'review_break_glass'));
    RETURN refusal;
  END IF;
  INSERT INTO private.break_glass_verdict (id, request_id, by_id, verdict, note)
    VALUES (review_break_glass.submission, judged.id, person.id, review_break_glass.verdict, said);
  PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'BREAK_GLASS_REVIEWED', NULL, 'granted',
    coalesce((SELECT ARRAY[g.patient_id] FROM private.break_glass_grant g WHERE g.request_id = judged.id), '{}'), opened.workstation,
    jsonb_build_object('request', judged.id, 'of', judged.staff_id, 'verdict', coalesce(review_break_glass.verdict, 'addition')));
  PERFORM private.settle_break_glass_alert(opened, person, judged, review_break_glass.verdict, said);
  RETURN 'granted';
END $$;

REVOKE ALL ON FUNCTION private.break_glass_reasons(), private.end_break_glass(uuid, text, timestamptz, uuid), private.end_lapsed_break_glass(),
  private.lapsed_break_glass(), private.end_break_glass_of_session(), private.refuse_break_glass(private.session, hospital.staff, text, text, text),
  private.prove_for_break_glass(private.session, uuid, text), private.open_emergency(private.session), private.reviews_waiting(),
  private.settle_break_glass_alert(private.session, hospital.staff, private.break_glass_request, text, text),
  private.pulse_break_glass(private.session), api.announce_break_glass(text, text, text, text), api.open_break_glass(text, uuid, uuid, text),
  api.end_break_glass(text), api.break_glass_state(text), api.review_break_glass(text, uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.announce_break_glass(text, text, text, text), api.open_break_glass(text, uuid, uuid, text),
  api.end_break_glass(text), api.break_glass_state(text), api.review_break_glass(text, uuid, uuid, text, text) TO lamplight_app;
RESET ROLE;

SET ROLE lamplight_reader;
-- The list that an Auditor judges. What was read under it is counted from the audit, tool by tool.
CREATE VIEW api.break_glass_reviews WITH (security_barrier) AS
SELECT r.id, r.at, r.staff_id, s.name AS staff_name, s.role AS staff_role, r.workstation, r.patient_number,
       p.family_name, p.given_name, p.prefix, r.reason, r.words,
       CASE WHEN r.outcome = 'announced' AND r.at < clock_timestamp() - interval '2 minutes' THEN 'abandoned' ELSE r.outcome END AS outcome,
       r.proofs_failed, r.repeats, g.opened_at, g.until, g.ended_at, g.ended_because,
       coalesce((SELECT jsonb_agg(jsonb_build_object('tool', t.tool, 'count', t.count) ORDER BY t.count DESC, t.tool) FROM (
         SELECT e.tool, count(*) AS count FROM private.audit_entry e
          WHERE e.staff_id = g.staff_id AND e.at >= g.opened_at AND e.at < coalesce(g.ended_at, g.until) AND e.outcome = 'granted'
            AND e.tool IS NOT NULL AND e.patient_ids @> ARRAY[g.patient_id] GROUP BY e.tool) AS t), '[]') AS reads,
       coalesce((SELECT jsonb_agg(jsonb_build_object('at', v.at, 'by', m.name, 'verdict', v.verdict, 'note', v.note) ORDER BY v.at)
         FROM private.break_glass_verdict v JOIN hospital.staff m ON m.id = v.by_id WHERE v.request_id = r.id), '[]') AS verdicts
  FROM private.break_glass_request r JOIN hospital.staff s ON s.id = r.staff_id
  LEFT JOIN private.break_glass_grant g ON g.request_id = r.id LEFT JOIN hospital.patient p ON p.id = g.patient_id;
GRANT SELECT ON api.break_glass_reviews TO lamplight_app;
RESET ROLE;
