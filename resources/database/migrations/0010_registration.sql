SET ROLE lamplight_owner;

CREATE FUNCTION private.require(p_session private.session, p_permission text, p_act text) RETURNS hospital.staff LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person hospital.staff;
BEGIN
  SELECT * INTO person FROM hospital.staff WHERE id = p_session.staff_id;
  IF private.reach_of(person.role, p_permission) IS NULL THEN
    RAISE EXCEPTION '% is not granted', p_permission USING ERRCODE = '42501';
  END IF;
  RETURN person;
END $$;

-- Letters and digits that cannot be mistaken for one another on a wristband.
CREATE FUNCTION private.new_patient_number() RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE alphabet text := 'ACDEFGHJKLMNPQRTUVWXY34679'; candidate text; key bytea;
BEGIN
  FOR round IN 1 .. 200 LOOP
    key := private.random_key();
    candidate := '';
    FOR position IN 0 .. CASE WHEN round > 100 THEN 6 ELSE 4 END LOOP
      candidate := candidate || substr(alphabet, 1 + get_byte(key, position) % length(alphabet), 1);
    END LOOP;
    -- A letter and a digit at the least: in a sentence it is told from a word and from a figure.
    IF candidate ~ '[A-Z]' AND candidate ~ '[0-9]' AND NOT EXISTS (SELECT FROM hospital.patient WHERE patient_number = candidate) THEN
      RETURN candidate;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'no free patient number found' USING ERRCODE = '54000';
END $$;

-- One bundle's patient with everything of it that we store, in one transaction. Every row brings an id derived from its
-- source, so a second import finds them all there and changes nothing. `created` counts resources, not rows: the bundle
-- names with each resource the keys of what carries it (the id of a row, or `id.field` in a set of vital signs), and a
-- resource is new when one of these was not here before.
CREATE FUNCTION api.import_patient(token text, bundle jsonb) RETURNS TABLE (patient_number text, created jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(import_patient.token);
  person hospital.staff := private.require(opened, 'patients.import', 'import');
  subject uuid := (import_patient.bundle #>> '{patient,id}')::uuid;
  stored text[] := '{}';
  counts jsonb;
BEGIN
  -- Two imports of one patient at once would each count the other's rows.
  PERFORM pg_advisory_xact_lock(hashtextextended('import|' || subject, 0));
  INSERT INTO hospital.patient (id, patient_number, family_name, given_name, prefix, gender, birth_year, allergy_status, imported_from)
    SELECT subject, private.new_patient_number(), p.family_name, p.given_name, p.prefix, p.gender, p.birth_year, p.allergy_status, 'FHIR R4'
      FROM jsonb_populate_record(NULL::hospital.patient, import_patient.bundle -> 'patient') p
    ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN
    stored := ARRAY[subject::text, subject || '.allergy_status'];
    INSERT INTO hospital.patient_identity SELECT (i).* FROM (
      SELECT jsonb_populate_record(NULL::hospital.patient_identity, import_patient.bundle -> 'identity' || jsonb_build_object('patient_id', subject)) AS i) AS row_of;
    IF import_patient.bundle ? 'insurance' THEN
      INSERT INTO hospital.patient_insurance SELECT (i).* FROM (
        SELECT jsonb_populate_record(NULL::hospital.patient_insurance, import_patient.bundle -> 'insurance' || jsonb_build_object('patient_id', subject)) AS i) AS row_of;
    END IF;
    INSERT INTO hospital.assignment (staff_id, patient_id, reason) VALUES (person.id, subject, 'registered');
  ELSIF import_patient.bundle #>> '{patient,allergy_status}' = 'none-known' THEN
    UPDATE hospital.patient SET allergy_status = 'none-known' WHERE id = subject AND allergy_status = 'not-asked';
    IF FOUND THEN
      stored := ARRAY[subject || '.allergy_status'];
    END IF;
  END IF;
  WITH added AS (
    INSERT INTO hospital.encounter (id, patient_id, class, code, code_system, display, status, started_at, ended_at) SELECT r.id, subject, r.class, r.code, r.code_system, r.display, r.status, r.started_at, r.ended_at
      FROM jsonb_populate_recordset(NULL::hospital.encounter, coalesce(import_patient.bundle -> 'Encounter', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  WITH added AS (
    INSERT INTO hospital.diagnosis (id, patient_id, code, code_system, display, status, onset_on, resolved_on) SELECT r.id, subject, r.code, r.code_system, r.display, r.status, r.onset_on, r.resolved_on
      FROM jsonb_populate_recordset(NULL::hospital.diagnosis, coalesce(import_patient.bundle -> 'Condition', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  WITH added AS (
    INSERT INTO hospital.allergy (id, patient_id, substance, reaction, severity, status, recorded_on, code, code_system) SELECT r.id, subject, r.substance, r.reaction, r.severity, r.status, r.recorded_on, r.code, r.code_system
      FROM jsonb_populate_recordset(NULL::hospital.allergy, coalesce(import_patient.bundle -> 'AllergyIntolerance', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  UPDATE hospital.patient SET allergy_status = 'recorded' WHERE id = subject AND allergy_status <> 'recorded'
    AND EXISTS (SELECT FROM hospital.allergy a WHERE a.patient_id = subject AND a.id::text = ANY (stored));
  WITH added AS (
    INSERT INTO hospital.medication (id, patient_id, generic, brand, form, dose, route, frequency, due_times, as_needed, status, started_on, stopped_on, code, code_system) SELECT r.id, subject, r.generic, r.brand, r.form, r.dose, r.route, r.frequency, coalesce(r.due_times, '{}'), coalesce(r.as_needed, false), r.status, r.started_on, r.stopped_on, r.code, r.code_system
      FROM jsonb_populate_recordset(NULL::hospital.medication, coalesce(import_patient.bundle -> 'MedicationRequest', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  -- A set is everything measured at one moment, so a later export may bring what an earlier one did not have yet: gaps
  -- are filled, nothing that stands is replaced.
  WITH incoming AS MATERIALIZED (
    SELECT r.* FROM jsonb_populate_recordset(NULL::hospital.vital_signs, coalesce(import_patient.bundle -> 'VitalSigns', '[]')) r
  ), before AS MATERIALIZED (
    SELECT v.* FROM hospital.vital_signs v JOIN incoming r ON r.id = v.id WHERE v.patient_id = subject
  ), written AS (
    INSERT INTO hospital.vital_signs AS v (id, patient_id, recorded_at, respiratory_rate, oxygen_saturation, systolic, diastolic, pulse, temperature)
      SELECT r.id, subject, r.recorded_at, r.respiratory_rate, r.oxygen_saturation, r.systolic, r.diastolic, r.pulse, r.temperature FROM incoming r
    ON CONFLICT (id) DO UPDATE SET
      respiratory_rate = coalesce(v.respiratory_rate, excluded.respiratory_rate), oxygen_saturation = coalesce(v.oxygen_saturation, excluded.oxygen_saturation),
      systolic = coalesce(v.systolic, excluded.systolic), diastolic = coalesce(v.diastolic, excluded.diastolic),
      pulse = coalesce(v.pulse, excluded.pulse), temperature = coalesce(v.temperature, excluded.temperature)
    WHERE v.patient_id = subject AND ((v.respiratory_rate IS NULL AND excluded.respiratory_rate IS NOT NULL) OR (v.oxygen_saturation IS NULL AND excluded.oxygen_saturation IS NOT NULL)
      OR (v.systolic IS NULL AND excluded.systolic IS NOT NULL) OR (v.diastolic IS NULL AND excluded.diastolic IS NOT NULL)
      OR (v.pulse IS NULL AND excluded.pulse IS NOT NULL) OR (v.temperature IS NULL AND excluded.temperature IS NOT NULL))
  )
  SELECT stored || coalesce(array_agg(r.id || '.' || field.name), '{}') INTO stored
    FROM incoming r LEFT JOIN before b ON b.id = r.id
    CROSS JOIN LATERAL (VALUES
      ('respiratory_rate', r.respiratory_rate IS NOT NULL AND b.respiratory_rate IS NULL),
      ('oxygen_saturation', r.oxygen_saturation IS NOT NULL AND b.oxygen_saturation IS NULL),
      ('systolic', r.systolic IS NOT NULL AND b.systolic IS NULL), ('diastolic', r.diastolic IS NOT NULL AND b.diastolic IS NULL),
      ('pulse', r.pulse IS NOT NULL AND b.pulse IS NULL), ('temperature', r.temperature IS NOT NULL AND b.temperature IS NULL)
    ) AS field (name, is_new) WHERE field.is_new;
  WITH added AS (
    INSERT INTO hospital.observation (id, patient_id, category, code, code_system, display, value, value_text, unit, measured_at) SELECT r.id, subject, r.category, r.code, r.code_system, r.display, r.value, r.value_text, r.unit, r.measured_at
      FROM jsonb_populate_recordset(NULL::hospital.observation, coalesce(import_patient.bundle -> 'Observation', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  WITH added AS (
    INSERT INTO hospital.procedure (id, patient_id, code, code_system, display, status, performed_at) SELECT r.id, subject, r.code, r.code_system, r.display, r.status, r.performed_at
      FROM jsonb_populate_recordset(NULL::hospital.procedure, coalesce(import_patient.bundle -> 'Procedure', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  WITH added AS (
    INSERT INTO hospital.immunization (id, patient_id, code, code_system, display, status, occurred_at) SELECT r.id, subject, r.code, r.code_system, r.display, r.status, r.occurred_at
      FROM jsonb_populate_recordset(NULL::hospital.immunization, coalesce(import_patient.bundle -> 'Immunization', '[]')) r ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT stored || coalesce(array_agg(a.id::text), '{}') INTO stored FROM added a;
  SELECT coalesce(jsonb_object_agg(by_type.type, by_type.fresh), '{}') INTO counts FROM (
    SELECT named.resource ->> 'type' AS type, count(DISTINCT named.number) FILTER (WHERE fresh.key IS NOT NULL) AS fresh
      FROM jsonb_array_elements(coalesce(import_patient.bundle -> 'resources', '[]')) WITH ORDINALITY AS named (resource, number)
      CROSS JOIN LATERAL jsonb_array_elements_text(named.resource -> 'keys') AS carries (key)
      LEFT JOIN unnest(stored) AS fresh (key) ON fresh.key = carries.key
     GROUP BY 1) AS by_type;
  PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'PATIENT_IMPORTED', NULL, 'granted', ARRAY[subject], opened.workstation, counts);
  RETURN QUERY SELECT p.patient_number, counts FROM hospital.patient p WHERE p.id = subject;
END $$;

CREATE FUNCTION api.free_beds(token text) RETURNS TABLE (ward text, ward_name text, bed text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(free_beds.token);
BEGIN
  PERFORM private.require(opened, 'patients.admit', 'admit');
  RETURN QUERY SELECT b.ward_code, w.name, b.code FROM hospital.bed b JOIN hospital.ward w ON w.code = b.ward_code
    LEFT JOIN hospital.placement p ON p.ward_code = b.ward_code AND p.bed_code = b.code WHERE p.patient_id IS NULL ORDER BY 1, 3;
END $$;

-- `submission` makes a double click, or a retry after a broken connection, one admission.
CREATE FUNCTION api.admit_patient(token text, submission uuid, patient_number text, ward text, bed text, reason text)
RETURNS TABLE (outcome text, admitted_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(admit_patient.token);
  person hospital.staff := private.require(opened, 'patients.admit', 'admit');
  subject uuid;
  earlier hospital.admission;
BEGIN
  -- The second click waits for the first one's answer, and the second person for the first one's bed.
  PERFORM pg_advisory_xact_lock(hashtextextended('admit|' || admit_patient.submission, 0));
  SELECT * INTO earlier FROM hospital.admission a WHERE a.submission = admit_patient.submission;
  IF FOUND THEN
    RETURN QUERY SELECT 'admitted', earlier.admitted_at;
    RETURN;
  END IF;
  SELECT p.id INTO subject FROM hospital.patient p WHERE p.patient_number = admit_patient.patient_number AND p.deleted_at IS NULL FOR UPDATE;
  PERFORM FROM hospital.bed b WHERE b.ward_code = admit_patient.ward AND b.code = admit_patient.bed FOR NO KEY UPDATE;
  outcome := CASE
    WHEN subject IS NULL THEN 'PATIENT_NOT_FOUND'
    WHEN EXISTS (SELECT FROM hospital.placement b WHERE b.patient_id = subject) THEN 'ALREADY_ADMITTED'
    WHEN NOT EXISTS (SELECT FROM hospital.bed b WHERE b.ward_code = admit_patient.ward AND b.code = admit_patient.bed) THEN 'INVALID_INPUT'
    WHEN EXISTS (SELECT FROM hospital.placement b WHERE b.ward_code = admit_patient.ward AND b.bed_code = admit_patient.bed) THEN 'BED_TAKEN'
    ELSE 'admitted' END;
  IF outcome = 'admitted' THEN
    admitted_at := clock_timestamp();
    INSERT INTO hospital.placement VALUES (subject, admit_patient.ward, admit_patient.bed, admitted_at);
    INSERT INTO hospital.admission (id, patient_id, ward_code, bed_code, reason, attending_id, admitted_at, submission)
      VALUES (gen_random_uuid(), subject, admit_patient.ward, admit_patient.bed, nullif(trim(left(admit_patient.reason, 200)), ''), NULL, admitted_at, admit_patient.submission);
    INSERT INTO hospital.assignment (staff_id, patient_id, reason) VALUES (person.id, subject, 'admitted') ON CONFLICT DO NOTHING;
  END IF;
  PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, CASE outcome WHEN 'admitted' THEN 'PATIENT_ADMITTED' ELSE 'ACCESS_DENIED' END,
    NULL, CASE outcome WHEN 'admitted' THEN 'granted' ELSE outcome END, CASE WHEN subject IS NULL THEN '{}' ELSE ARRAY[subject] END, opened.workstation,
    jsonb_build_object('ward', left(admit_patient.ward, 40), 'bed', left(admit_patient.bed, 40)));
  RETURN NEXT;
END $$;
RESET ROLE;
