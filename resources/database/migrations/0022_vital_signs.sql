SET ROLE lamplight_owner;

-- Where a set came from: when and where it was typed, by whom if somebody else took it over, and how it got here. NULL in
-- rows that were imported or are older than this file.
ALTER TABLE hospital.vital_signs
  ADD COLUMN entered_at timestamptz,
  ADD COLUMN entered_by_id text REFERENCES hospital.staff,
  ADD COLUMN workstation text,
  ADD COLUMN session_id uuid REFERENCES private.session,
  ADD COLUMN origin text CHECK (origin IN ('online', 'outbox')),
  ADD COLUMN stored_at timestamptz;

-- The name of the first field of a set that cannot be, or NULL. The limits are those of the table; a figure is whole but for
-- the temperature's one decimal, so that nothing typed is rounded in silence. `set` stands for the set as a whole.
CREATE FUNCTION private.observation_fault(p_set jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE field text; kind text; figure numeric; least_value numeric; most_value numeric; digits int; measured int := 0;
BEGIN
  IF p_set IS NULL OR jsonb_typeof(p_set) <> 'object' THEN
    RETURN 'set';
  END IF;
  FOR field IN SELECT jsonb_object_keys(p_set) LOOP
    IF field <> ALL (ARRAY['respiratory_rate', 'oxygen_saturation', 'spo2_scale', 'on_oxygen', 'systolic', 'diastolic', 'pulse',
        'consciousness', 'temperature']) THEN
      RETURN 'set';
    END IF;
  END LOOP;
  FOR field, least_value, most_value, digits IN VALUES ('respiratory_rate', 0, 100, 0), ('oxygen_saturation', 0, 100, 0),
      ('systolic', 0, 350, 0), ('diastolic', 0, 250, 0), ('pulse', 0, 350, 0), ('temperature', 20, 45, 1) LOOP
    kind := coalesce(jsonb_typeof(p_set -> field), 'null');
    CONTINUE WHEN kind = 'null';
    IF kind <> 'number' THEN
      RETURN field;
    END IF;
    figure := (p_set ->> field)::numeric;
    IF figure < least_value OR figure > most_value OR figure <> round(figure, digits) THEN
      RETURN field;
    END IF;
    measured := measured + 1;
  END LOOP;
  IF coalesce(jsonb_typeof(p_set -> 'on_oxygen'), 'null') NOT IN ('null', 'boolean') THEN
    RETURN 'on_oxygen';
  END IF;
  IF coalesce(jsonb_typeof(p_set -> 'spo2_scale'), 'null') NOT IN ('null', 'number') OR coalesce(p_set ->> 'spo2_scale', '1') NOT IN ('1', '2') THEN
    RETURN 'spo2_scale';
  END IF;
  IF coalesce(p_set -> 'consciousness', 'null') NOT IN ('null', '"A"', '"C"', '"V"', '"P"', '"U"') THEN
    RETURN 'consciousness';
  END IF;
  IF coalesce(jsonb_typeof(p_set -> 'consciousness'), 'null') <> 'null' THEN
    measured := measured + 1;
  END IF;
  IF measured = 0 THEN
    RETURN 'set';
  END IF;
  IF (p_set ->> 'diastolic')::numeric > (p_set ->> 'systolic')::numeric THEN
    RETURN 'diastolic';
  END IF;
  RETURN NULL;
END $$;

-- A set as the row it becomes; what a caller adds is who, whom, when and where.
CREATE FUNCTION private.observation_row(p_set jsonb) RETURNS hospital.vital_signs LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_populate_record(NULL::hospital.vital_signs, p_set)
$$;

-- Version 7 alone: made where the set was typed, so its first bits tell when.
CREATE FUNCTION private.is_version_7(p_id uuid) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_id::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
$$;

-- Whether a set of this id is here already: NULL, `same`, or `other` when anything a reader would see differs.
CREATE FUNCTION private.observation_like(p_row hospital.vital_signs) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE there hospital.vital_signs;
BEGIN
  SELECT * INTO there FROM hospital.vital_signs v WHERE v.id = p_row.id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF ROW(there.patient_id, there.recorded_at, there.recorded_by_id, there.entered_by_id, there.respiratory_rate,
      there.oxygen_saturation, there.spo2_scale, there.on_oxygen, there.systolic, there.diastolic, there.pulse, there.consciousness,
      there.temperature)
    IS NOT DISTINCT FROM ROW(p_row.patient_id, p_row.recorded_at, p_row.recorded_by_id, p_row.entered_by_id, p_row.respiratory_rate,
      p_row.oxygen_saturation, p_row.spo2_scale, p_row.on_oxygen, p_row.systolic, p_row.diastolic, p_row.pulse, p_row.consciousness,
      p_row.temperature) THEN
    RETURN 'same';
  END IF;
  RETURN 'other';
END $$;

-- Stores a set once. Answers `stored`, `already`, or `conflict` when the id stands for another set; of two at the same moment
-- the second waits for the first and answers `already`.
CREATE FUNCTION private.keep_observation(p_row hospital.vital_signs) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO hospital.vital_signs VALUES (p_row.*) ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN
    RETURN 'stored';
  END IF;
  RETURN CASE private.observation_like(p_row) WHEN 'same' THEN 'already' ELSE 'conflict' END;
END $$;

-- How far the clocks of a workstation and of this server may be apart before a time is called the future.
CREATE FUNCTION private.clock_tolerance() RETURNS interval LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT interval '2 minutes' $$;

-- One set, taken now or up to 24 hours ago by somebody who was on the care team then and is now. `submission` makes a double
-- click, or a retry after a broken connection, one set. A refusal is an answer, not an error, because it is an audit entry
-- that has to be committed; `field` names what was wrong with the input.
CREATE FUNCTION api.record_vital_signs(token text, submission uuid, patient_number text, recorded_at timestamptz, observations jsonb)
RETURNS TABLE (outcome text, field text, stored_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(record_vital_signs.token);
  person hospital.staff;
  subject uuid;
  moment timestamptz := clock_timestamp();
  fault text := private.observation_fault(record_vital_signs.observations);
  made hospital.vital_signs;
  asked text := left(record_vital_signs.patient_number, 12);
  detail jsonb;
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  -- The chain before the row that points to the session, like everybody else: a lock at this moment takes them in this order.
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  IF private.reach_of(person.role, 'vital-signs.record') IS NULL THEN
    outcome := 'RBAC_DENIED';
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ACCESS_DENIED', 'record_vital_signs', outcome, '{}',
      opened.workstation, '{}');
    RETURN NEXT;
    RETURN;
  END IF;
  IF record_vital_signs.submission IS NULL OR NOT private.is_version_7(record_vital_signs.submission) THEN
    fault := 'submission';
  ELSIF record_vital_signs.recorded_at IS NULL OR NOT isfinite(record_vital_signs.recorded_at) THEN
    fault := 'recorded_at';
  END IF;
  IF fault IS NULL THEN
    SELECT p.id INTO subject FROM hospital.patient p
     WHERE p.patient_number = record_vital_signs.patient_number AND p.deleted_at IS NULL;
    made := private.observation_row(record_vital_signs.observations);
    made.id := record_vital_signs.submission;
    made.patient_id := subject;
    made.recorded_at := record_vital_signs.recorded_at;
    made.recorded_by_id := person.id;
    -- An answer that was lost on its way is given again, also when the shift or the time limit has ended since.
    IF subject IS NOT NULL AND private.observation_like(made) = 'same' THEN
      outcome := 'already';
      SELECT v.stored_at INTO stored_at FROM hospital.vital_signs v WHERE v.id = made.id;
      RETURN NEXT;
      RETURN;
    END IF;
    IF subject IS NULL OR NOT subject = ANY (private.care_team_patients_at(person.id, moment)) THEN
      outcome := 'PATIENT_NOT_FOUND';
    ELSIF made.recorded_at > moment + private.clock_tolerance() OR made.recorded_at < moment - interval '24 hours'
       OR NOT subject = ANY (private.care_team_patients_at(person.id, made.recorded_at)) THEN
      fault := 'recorded_at';
    END IF;
  END IF;
  IF fault IS NOT NULL THEN
    outcome := 'INVALID_INPUT';
    field := fault;
  ELSIF outcome IS NULL THEN
    made.entered_at := moment;
    made.workstation := opened.workstation;
    made.session_id := opened.id;
    made.origin := 'online';
    made.stored_at := moment;
    outcome := private.keep_observation(made);
    stored_at := CASE outcome WHEN 'stored' THEN moment WHEN 'already' THEN (SELECT v.stored_at FROM hospital.vital_signs v WHERE v.id = made.id) END;
  END IF;
  IF outcome <> 'already' THEN
    detail := jsonb_strip_nulls(jsonb_build_object('patient', asked, 'field', field, 'set', record_vital_signs.submission, 'origin', 'online'));
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role,
      CASE outcome WHEN 'stored' THEN 'VITAL_SIGNS_RECORDED' ELSE 'ACCESS_DENIED' END, 'record_vital_signs',
      CASE outcome WHEN 'stored' THEN 'granted' ELSE outcome END, CASE WHEN subject IS NULL THEN '{}' ELSE ARRAY[subject] END,
      opened.workstation, detail);
  END IF;
  RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION api.record_vital_signs(text, uuid, text, timestamptz, jsonb) TO lamplight_app;
RESET ROLE;

-- What was typed elsewhere says so beside who recorded it.
SET ROLE lamplight_reader;
CREATE OR REPLACE VIEW api.vital_signs WITH (security_barrier) AS
SELECT v.patient_id, v.id, v.recorded_at, v.respiratory_rate, v.oxygen_saturation, v.spo2_scale, v.on_oxygen, v.systolic,
       v.diastolic, v.pulse, v.consciousness, v.temperature::float8 AS temperature, s.name AS recorded_by, v.origin, v.entered_at,
       e.name AS entered_by
  FROM hospital.vital_signs v LEFT JOIN hospital.staff s ON s.id = v.recorded_by_id LEFT JOIN hospital.staff e ON e.id = v.entered_by_id
 WHERE v.patient_id = ANY ((SELECT guard.readable('vital-signs.read'))::uuid[]);
RESET ROLE;
