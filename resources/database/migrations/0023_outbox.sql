-- Vital signs that were typed while the network was away. The workstation keeps them with an HMAC under a key that this
-- database issued to the session; it judges them when they arrive, the author being gone perhaps. What is authentic and
-- nevertheless refused is kept here and shown to the care team: nothing is stored unseen, and nothing is lost.
SET ROLE lamplight_owner;

CREATE TABLE private.outbox_key (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  staff_id text NOT NULL REFERENCES hospital.staff,
  session_id uuid NOT NULL REFERENCES private.session,
  workstation text NOT NULL,
  key bytea NOT NULL CHECK (length(key) = 32),
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  not_after timestamptz NOT NULL CHECK (not_after > issued_at)
);
CREATE INDEX outbox_key_of_session ON private.outbox_key (session_id, not_after DESC);

CREATE TABLE private.outbox_refusal (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- SHA-256 of the payload: the same entry is refused once, however often it arrives.
  fingerprint bytea NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  key_id uuid NOT NULL REFERENCES private.outbox_key,
  staff_id text NOT NULL REFERENCES hospital.staff,
  workstation text NOT NULL,
  entry_id uuid,
  -- NULL where the number named nobody; the number is kept as it was typed.
  patient_id uuid REFERENCES hospital.patient,
  patient_number text,
  recorded_at timestamptz,
  entered_at timestamptz,
  observations jsonb,
  payload text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('malformed', 'wrong-author', 'person-disabled', 'session-revoked', 'not-permitted', 'expired-key',
    'in-future', 'implausible', 'not-care-team', 'conflict')),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz,
  settled_by_id text REFERENCES hospital.staff,
  decision text CHECK (decision IN ('taken', 'discarded')),
  note text CHECK (length(note) BETWEEN 3 AND 500),
  CHECK ((settled_at IS NULL) = (decision IS NULL) AND (settled_at IS NULL) = (settled_by_id IS NULL))
);
CREATE INDEX open_refusals_of_patient ON private.outbox_refusal (patient_id) WHERE settled_at IS NULL;
CREATE INDEX open_refusals_of_author ON private.outbox_refusal (staff_id) WHERE settled_at IS NULL;

-- Entries that no key of ours authenticates, counted by the minute; nothing of them is kept.
CREATE TABLE private.outbox_forgery (minute timestamptz PRIMARY KEY, attempts int NOT NULL);

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['outbox_key', 'outbox_refusal', 'outbox_forgery'] LOOP
    EXECUTE format('ALTER TABLE private.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE private.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON private.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;

-- HMAC-SHA-256 (RFC 2104) of a text under a key of 32 bytes; core PostgreSQL has the hash and no more.
CREATE FUNCTION private.hmac_sha256(p_key bytea, p_message text) RETURNS bytea LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(private.xor_with(padded, 92) || sha256(private.xor_with(padded, 54) || convert_to(p_message, 'UTF8')))
    FROM (SELECT p_key || decode(repeat('00', 32), 'hex') AS padded) AS secret
$$;

-- The key of this session, for who may record vital signs; asked again the same one while it is valid. It says itself what
-- an entry must carry, so that a workstation cannot spell its own name in two ways.
CREATE FUNCTION api.outbox_key(token text)
RETURNS TABLE (outcome text, id uuid, key bytea, staff_id text, session_id uuid, workstation text, issued_at timestamptz, not_after timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(outbox_key.token);
  person hospital.staff;
  issued private.outbox_key;
BEGIN
  -- The chain first, like everybody who writes to it; it also keeps two askers of one session apart.
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  IF private.reach_of(person.role, 'vital-signs.record') IS NULL THEN
    outcome := 'RBAC_DENIED';
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ACCESS_DENIED', 'outbox_key', outcome, '{}', opened.workstation, '{}');
    RETURN NEXT;
    RETURN;
  END IF;
  SELECT * INTO issued FROM private.outbox_key k WHERE k.session_id = opened.id AND k.not_after > clock_timestamp()
   ORDER BY k.not_after DESC LIMIT 1;
  IF issued.id IS NULL THEN
    INSERT INTO private.outbox_key AS k (staff_id, session_id, workstation, key, issued_at, not_after)
      SELECT person.id, opened.id, opened.workstation, private.random_key(), moment, moment + interval '12 hours' FROM (SELECT clock_timestamp() AS moment) AS present
      RETURNING k.* INTO issued;
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'OFFLINE_GRANTED', 'outbox_key', 'granted', '{}', opened.workstation,
      jsonb_build_object('key', issued.id));
  END IF;
  outcome := 'granted';
  id := issued.id; key := issued.key; staff_id := issued.staff_id; session_id := issued.session_id; workstation := issued.workstation;
  issued_at := issued.issued_at; not_after := issued.not_after;
  RETURN NEXT;
END $$;

-- Counts what nobody's key authenticates. The audit and the alert hear of it once a minute at most: a flood of rubbish must
-- fill neither.
CREATE FUNCTION private.note_forged_entry() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE so_far int; within_the_hour bigint; figures jsonb;
BEGIN
  INSERT INTO private.outbox_forgery AS f VALUES (date_trunc('minute', clock_timestamp()), 1)
    ON CONFLICT (minute) DO UPDATE SET attempts = f.attempts + 1 RETURNING f.attempts INTO so_far;
  IF so_far > 1 THEN
    RETURN;
  END IF;
  DELETE FROM private.outbox_forgery WHERE minute < clock_timestamp() - interval '7 days';
  SELECT sum(attempts) INTO within_the_hour FROM private.outbox_forgery WHERE minute > clock_timestamp() - interval '1 hour';
  figures := jsonb_build_object('attempts_within_the_hour', within_the_hour);
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, NULL, NULL, 'OUTBOX_REFUSED', NULL, 'bad-mac', '{}', NULL, figures);
  PERFORM private.raise_alert('outbox-forged', 'review', NULL, NULL, NULL, '{}', figures);
END $$;

-- Why an author's entries are not taken any more, or NULL. A session that its person left, that idled out or that a newer
-- sign-in replaced was honest while it lasted; one that ended for any other reason vouches for nothing.
CREATE FUNCTION private.author_fault(p_key private.outbox_key, p_recorded_at timestamptz) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE author hospital.staff; opened private.session;
BEGIN
  SELECT * INTO author FROM hospital.staff WHERE id = p_key.staff_id;
  SELECT * INTO opened FROM private.session WHERE id = p_key.session_id;
  IF author.disabled_at IS NOT NULL THEN
    RETURN 'person-disabled';
  END IF;
  IF private.reach_of(author.role, 'vital-signs.record') IS NULL THEN
    RETURN 'not-permitted';
  END IF;
  IF opened.ended_at IS NOT NULL AND coalesce(opened.ended_because, '') NOT IN ('person', 'expired', 'replaced by a newer session') THEN
    RETURN 'session-revoked';
  END IF;
  IF opened.ended_because = 'person' AND p_recorded_at > opened.ended_at + private.clock_tolerance() THEN
    RETURN 'session-revoked';
  END IF;
  RETURN NULL;
END $$;

-- Keeps an authentic entry that cannot be stored, once, with an audit entry and, where it is about the author rather than
-- the figures, an alert. Answers the reason that stands: the first.
CREATE FUNCTION private.refuse_entry(p_key private.outbox_key, p_payload text, p_entry jsonb, p_row hospital.vital_signs, p_reason text)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  standing text;
  about uuid[];
  author_role text := (SELECT m.role FROM hospital.staff m WHERE m.id = p_key.staff_id);
BEGIN
  INSERT INTO private.outbox_refusal (fingerprint, key_id, staff_id, workstation, entry_id, patient_id, patient_number, recorded_at,
      entered_at, observations, payload, reason)
    VALUES (sha256(convert_to(p_payload, 'UTF8')), p_key.id, p_key.staff_id, p_key.workstation, p_row.id, p_row.patient_id,
      left(p_entry ->> 'patient', 40), p_row.recorded_at, p_row.entered_at, p_entry -> 'set', p_payload, p_reason)
    ON CONFLICT (fingerprint) DO NOTHING;
  IF NOT FOUND THEN
    SELECT r.reason INTO standing FROM private.outbox_refusal r WHERE r.fingerprint = sha256(convert_to(p_payload, 'UTF8'));
    RETURN standing;
  END IF;
  about := CASE WHEN p_row.patient_id IS NULL THEN '{}'::uuid[] ELSE ARRAY[p_row.patient_id] END;
  PERFORM private.append_audit(p_key.session_id, p_key.session_id, p_key.staff_id, author_role, 'OUTBOX_REFUSED', 'record_vital_signs', p_reason,
    about, p_key.workstation, jsonb_strip_nulls(jsonb_build_object('key', p_key.id, 'set', p_row.id)));
  IF p_reason IN ('malformed', 'wrong-author', 'person-disabled', 'session-revoked', 'not-permitted') THEN
    PERFORM private.raise_alert('outbox-refused', 'review', p_key.staff_id, p_key.session_id, p_key.workstation, about,
      jsonb_build_object('reason', p_reason));
  END IF;
  RETURN p_reason;
END $$;

-- What the payload says, as far as it can be read; `fault` is NULL where all of it can.
CREATE FUNCTION private.read_entry(p_payload text, OUT entry jsonb, OUT made hospital.vital_signs, OUT fault text) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- With its offset: what a time means must depend on no setting of the connection.
  moment_form text := '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$';
BEGIN
  fault := 'malformed';
  BEGIN
    entry := p_payload::jsonb;
    IF jsonb_typeof(entry) <> 'object' OR entry ->> 'v' IS DISTINCT FROM '1' THEN
      entry := CASE jsonb_typeof(entry) WHEN 'object' THEN entry ELSE '{}' END;
      RETURN;
    END IF;
    IF (entry ->> 'recorded_at') ~ moment_form AND (entry ->> 'entered_at') ~ moment_form THEN
      made.recorded_at := (entry ->> 'recorded_at')::timestamptz;
      made.entered_at := (entry ->> 'entered_at')::timestamptz;
    ELSE
      RETURN;
    END IF;
    made.id := (entry ->> 'id')::uuid;
    IF private.is_version_7(made.id) AND jsonb_typeof(entry -> 'patient') = 'string' THEN
      fault := NULL;
    END IF;
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    entry := coalesce(entry, '{}');
    fault := 'malformed';
  END;
END $$;

-- Called with the workstation's login alone: the HMAC says who wrote it. Answers `stored`, `already` or `refused` with the
-- reason. The same entry, in any order and from any number of workstations, is stored once and answered alike.
CREATE FUNCTION api.replay_observation(key_id uuid, payload text, mac bytea) RETURNS TABLE (outcome text, reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  issued private.outbox_key;
  given text := left(coalesce(replay_observation.payload, ''), 16385);
  expected bytea;
  written record;
  -- As far as the payload could be read, and the whole row where its figures can be.
  made hospital.vital_signs;
  measured hospital.vital_signs;
  fault text;
  standing text;
  moment timestamptz := clock_timestamp();
BEGIN
  SELECT * INTO issued FROM private.outbox_key k WHERE k.id = replay_observation.key_id;
  -- A key that does not exist costs the same work; and what is compared are hashes of both codes under a secret of this
  -- database, so that the time of a comparison tells nothing about either.
  expected := private.hmac_sha256(coalesce(issued.key, sha256('no such key')), given);
  IF (private.authentication_code('outbox|' || encode(expected, 'hex'))
        = private.authentication_code('outbox|' || encode(substr(coalesce(replay_observation.mac, ''), 1, 33), 'hex'))) IS NOT TRUE
     OR issued.id IS NULL OR length(given) > 16384 THEN
    PERFORM private.note_forged_entry();
    RETURN QUERY SELECT 'refused', 'bad-mac';
    RETURN;
  END IF;
  -- One entry of a session after the other, and the chain before anything else that is locked.
  PERFORM FROM private.audit_chain h WHERE h.id = issued.session_id FOR NO KEY UPDATE;
  -- A refusal stands: it may have been taken over by a colleague since, and must not be stored beside that.
  SELECT r.reason INTO standing FROM private.outbox_refusal r WHERE r.fingerprint = sha256(convert_to(given, 'UTF8'));
  IF FOUND THEN
    RETURN QUERY SELECT 'refused', standing;
    RETURN;
  END IF;
  SELECT * INTO written FROM private.read_entry(given);
  made := written.made;
  fault := written.fault;
  IF fault IS NULL AND (written.entry ->> 'staff' IS DISTINCT FROM issued.staff_id OR written.entry ->> 'session' IS DISTINCT FROM issued.session_id::text
      OR written.entry ->> 'workstation' IS DISTINCT FROM issued.workstation) THEN
    fault := 'wrong-author';
  END IF;
  SELECT p.id INTO made.patient_id FROM hospital.patient p WHERE p.patient_number = written.entry ->> 'patient' AND p.deleted_at IS NULL;
  IF fault IS NULL AND private.observation_fault(written.entry -> 'set') IS NULL THEN
    measured := private.observation_row(written.entry -> 'set');
    measured.id := made.id;
    measured.patient_id := made.patient_id;
    measured.recorded_at := made.recorded_at;
    measured.entered_at := made.entered_at;
    measured.recorded_by_id := issued.staff_id;
    measured.workstation := issued.workstation;
    measured.session_id := issued.session_id;
    measured.origin := 'outbox';
    measured.stored_at := moment;
    -- What is stored stays stored, whatever became of its author since.
    IF private.observation_like(measured) = 'same' THEN
      RETURN QUERY SELECT 'already', NULL::text;
      RETURN;
    END IF;
  END IF;
  fault := coalesce(fault, private.author_fault(issued, made.recorded_at));
  IF fault IS NULL THEN
    fault := CASE
      WHEN made.recorded_at > moment + private.clock_tolerance() OR made.entered_at > moment + private.clock_tolerance()
        OR made.recorded_at > made.entered_at + private.clock_tolerance() THEN 'in-future'
      WHEN made.recorded_at < issued.issued_at - private.clock_tolerance() OR made.entered_at < issued.issued_at - private.clock_tolerance()
        OR made.recorded_at > issued.not_after OR made.entered_at > issued.not_after THEN 'expired-key'
      WHEN measured.id IS NULL THEN 'implausible'
      WHEN made.patient_id IS NULL OR NOT made.patient_id = ANY (private.care_team_patients_at(issued.staff_id, made.recorded_at)) THEN 'not-care-team'
    END;
  END IF;
  IF fault IS NULL THEN
    outcome := private.keep_observation(measured);
    IF outcome = 'stored' THEN
      PERFORM private.append_audit(issued.session_id, issued.session_id, issued.staff_id, (SELECT m.role FROM hospital.staff m WHERE m.id = issued.staff_id),
        'OUTBOX_REPLAYED', 'record_vital_signs', 'granted', ARRAY[measured.patient_id], issued.workstation,
        jsonb_build_object('set', measured.id, 'origin', 'outbox', 'key', issued.id));
    END IF;
    IF outcome <> 'conflict' THEN
      RETURN NEXT;
      RETURN;
    END IF;
    fault := 'conflict';
  END IF;
  RETURN QUERY SELECT 'refused', private.refuse_entry(issued, given, written.entry, made, fault);
END $$;

-- The refused entries that this request may read: those of announced patients whom the person may read now, and the person's
-- own, whose patient may be gone from their care or never have existed. Only under the tool that is for them.
CREATE FUNCTION guard.refused_observations() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.request := private.current_request(); within_reach uuid[] := guard.readable('vital-signs.read');
BEGIN
  IF opened.staff_id IS NULL OR opened.tool <> 'get_refused_observations' OR private.reach_of(opened.role, 'vital-signs.read') IS NULL THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT r.id FROM private.outbox_refusal r
    WHERE r.settled_at IS NULL AND (r.patient_id = ANY (within_reach) OR r.staff_id = opened.staff_id)
    ORDER BY r.at DESC LIMIT 500);
END $$;
CREATE POLICY announced ON private.outbox_refusal FOR SELECT TO lamplight_reader
  USING (id = ANY ((SELECT guard.refused_observations())::uuid[]));
GRANT SELECT (id, entry_id, patient_id, patient_number, staff_id, workstation, recorded_at, entered_at, observations, reason, at) ON private.outbox_refusal TO lamplight_reader;

-- How many entries wait for this person, for a figure on the screen. A number and no more, so it needs no announcement.
CREATE FUNCTION api.count_refusals(token text) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  opened private.session := private.session_of(count_refusals.token);
  person hospital.staff;
  team uuid[] := private.care_team_patients(opened.staff_id);
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  IF private.reach_of(person.role, 'vital-signs.record') IS NULL THEN
    RETURN 0;
  END IF;
  RETURN (SELECT count(*) FROM private.outbox_refusal r WHERE r.settled_at IS NULL
    AND (r.staff_id = person.id OR r.patient_id = ANY (private.care_team_patients(person.id))));
END $$;

-- `taken`: somebody on the care team now makes the set their own; where it came from stays beside it. `discarded`: it is put
-- aside with a reason; an author may do that with their own entry, whoever the patient is. Nothing is deleted. The same
-- decision of the same person again is the first one's answer.
CREATE FUNCTION api.settle_refusal(token text, refusal uuid, decision text, reason text) RETURNS TABLE (outcome text, field text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(settle_refusal.token);
  person hospital.staff;
  refused private.outbox_refusal;
  on_team boolean;
  made hospital.vital_signs;
  moment timestamptz := clock_timestamp();
  asked text := settle_refusal.decision;
  words text := trim(left(settle_refusal.reason, 500));
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  IF private.reach_of(person.role, 'vital-signs.record') IS NULL THEN
    outcome := 'RBAC_DENIED';
  ELSIF asked IS NULL OR asked NOT IN ('taken', 'discarded') THEN
    outcome := 'INVALID_INPUT';
    field := 'decision';
  ELSIF words IS NULL OR length(words) < 3 THEN
    outcome := 'INVALID_INPUT';
    field := 'reason';
  ELSE
    PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
    SELECT * INTO refused FROM private.outbox_refusal r WHERE r.id = settle_refusal.refusal FOR UPDATE;
    on_team := coalesce(refused.patient_id = ANY (private.care_team_patients_at(person.id, moment)), false);
    IF refused.id IS NULL OR NOT (on_team OR refused.staff_id = person.id) THEN
      outcome := 'REFUSAL_NOT_FOUND';
    ELSIF refused.settled_at IS NOT NULL THEN
      outcome := CASE WHEN refused.settled_by_id = person.id AND refused.decision = asked THEN 'already' ELSE 'SETTLED_BEFORE' END;
    ELSIF asked = 'taken' AND NOT on_team THEN
      -- Said alike of a patient who does not exist and of one who is somebody else's.
      outcome := 'PATIENT_NOT_FOUND';
    ELSIF asked = 'taken' THEN
      field := CASE
        WHEN refused.recorded_at IS NULL OR refused.recorded_at > moment + private.clock_tolerance() THEN 'recorded_at'
        ELSE private.observation_fault(refused.observations) END;
      IF field IS NOT NULL THEN
        outcome := 'INVALID_INPUT';
      ELSE
        made := private.observation_row(refused.observations);
        made.id := refused.id;
        made.patient_id := refused.patient_id;
        made.recorded_at := refused.recorded_at;
        made.recorded_by_id := person.id;
        made.entered_by_id := refused.staff_id;
        made.entered_at := refused.entered_at;
        made.workstation := refused.workstation;
        made.session_id := (SELECT k.session_id FROM private.outbox_key k WHERE k.id = refused.key_id);
        made.origin := 'outbox';
        made.stored_at := moment;
        PERFORM private.keep_observation(made);
      END IF;
    END IF;
  END IF;
  IF outcome IS NULL THEN
    UPDATE private.outbox_refusal r SET settled_at = moment, settled_by_id = person.id, decision = asked, note = words WHERE r.id = refused.id;
    outcome := 'settled';
  END IF;
  IF outcome <> 'already' THEN
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, CASE outcome WHEN 'settled' THEN 'OUTBOX_SETTLED' ELSE 'ACCESS_DENIED' END,
      'settle_refusal', CASE outcome WHEN 'settled' THEN 'granted' ELSE outcome END,
      -- Granted entries show their patients in the own history: one off the care team must not appear there.
      CASE WHEN on_team THEN ARRAY[refused.patient_id] ELSE '{}' END, opened.workstation,
      jsonb_strip_nulls(jsonb_build_object('refusal', settle_refusal.refusal, 'decision', left(asked, 20), 'field', field)));
  END IF;
  RETURN NEXT;
END $$;

GRANT EXECUTE ON FUNCTION api.outbox_key(text), api.replay_observation(uuid, text, bytea), api.count_refusals(text),
  api.settle_refusal(text, uuid, text, text) TO lamplight_app;
GRANT EXECUTE ON FUNCTION guard.refused_observations() TO lamplight_app, lamplight_reader;
RESET ROLE;

SET ROLE lamplight_reader;
-- Name and place only of a patient whom the request may read; of any other there is the number that was typed, and nothing
-- tells whether it is anybody's.
CREATE VIEW api.refused_observations WITH (security_barrier) AS
SELECT CASE WHEN r.patient_id = ANY ((SELECT guard.readable('vital-signs.read'))::uuid[]) THEN r.patient_id END AS patient_id, r.id, r.patient_number, p.family_name, p.given_name, p.prefix, b.ward_code, b.bed_code, s.name AS entered_by, r.workstation,
       r.recorded_at, r.entered_at, r.at AS refused_at, r.reason, r.observations, r.entry_id
  FROM private.outbox_refusal r
  LEFT JOIN hospital.staff s ON s.id = r.staff_id
  LEFT JOIN hospital.patient p ON p.id = r.patient_id AND p.id = ANY ((SELECT guard.readable('overview.read'))::uuid[])
  LEFT JOIN hospital.placement b ON b.patient_id = p.id AND b.patient_id = ANY ((SELECT guard.readable('placement.read'))::uuid[])
 WHERE r.id = ANY ((SELECT guard.refused_observations())::uuid[]);
GRANT SELECT ON api.refused_observations TO lamplight_app;
RESET ROLE;
