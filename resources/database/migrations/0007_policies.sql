SET ROLE lamplight_owner;

-- Closed by default: every table forces row policies, also on its owner, whose functions need a policy of their own.
DO $$
DECLARE relation regclass;
BEGIN
  FOR relation IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname IN ('hospital', 'private') AND c.relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON %s TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;

-- Whether this transaction carries a valid request at all.
CREATE FUNCTION guard.has_request() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.request := private.current_request();
BEGIN
  RETURN opened.staff_id IS NOT NULL;
END $$;

-- The form matters: the function runs once for a statement and the index on patient_id serves the array. A function per
-- row, or EXISTS, takes a thousand times as long at a million patients.
CREATE POLICY overview ON hospital.patient FOR SELECT TO lamplight_reader
  USING (id = ANY ((SELECT guard.readable('overview.read'))::uuid[]));
CREATE POLICY identity_page ON hospital.patient FOR SELECT TO lamplight_reader
  USING (id = ANY ((SELECT guard.readable('phi.read'))::uuid[]));
CREATE POLICY allergy_status ON hospital.patient FOR SELECT TO lamplight_reader
  USING (id = ANY ((SELECT guard.readable('allergies.read'))::uuid[]));
CREATE POLICY birth_date ON hospital.patient_identity FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('birth-date.read'))::uuid[]));
CREATE POLICY identity ON hospital.patient_identity FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('identity.read'))::uuid[]));

CREATE POLICY announced ON hospital.placement FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('placement.read'))::uuid[]));

CREATE POLICY announced ON hospital.admission FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('admissions.read'))::uuid[]));

CREATE POLICY announced ON hospital.encounter FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('admissions.read'))::uuid[]));

CREATE POLICY announced ON hospital.appointment FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('appointments.read'))::uuid[]));

CREATE POLICY announced ON hospital.medical_record FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]));

CREATE POLICY announced ON hospital.diagnosis FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]));

CREATE POLICY announced ON hospital.procedure FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]));

CREATE POLICY announced ON hospital.immunization FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]));

CREATE POLICY announced ON hospital.vital_signs FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('vital-signs.read'))::uuid[]));

CREATE POLICY announced ON hospital.observation FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('vital-signs.read'))::uuid[]));

CREATE POLICY announced ON hospital.medication FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('medications.read'))::uuid[]));

CREATE POLICY announced ON hospital.allergy FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('allergies.read'))::uuid[]));

CREATE POLICY announced ON hospital.treatment_plan FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('treatment-plans.read'))::uuid[]));

CREATE POLICY announced ON hospital.patient_insurance FOR SELECT TO lamplight_reader
  USING (patient_id = ANY ((SELECT guard.readable('insurance.read'))::uuid[]));

CREATE POLICY any_request ON hospital.ward FOR SELECT TO lamplight_reader USING ((SELECT guard.has_request()));
CREATE POLICY any_request ON hospital.staff FOR SELECT TO lamplight_reader USING ((SELECT guard.has_request()));
CREATE POLICY own_or_all ON hospital.shift FOR SELECT TO lamplight_reader
  USING (staff_id = (SELECT guard.own_staff_id('own-shifts.read')) OR (SELECT guard.may_read_all('shifts.read')));
CREATE POLICY own_or_all ON private.audit_entry FOR SELECT TO lamplight_reader
  USING (staff_id = (SELECT guard.own_staff_id('own-audit.read')) OR (SELECT guard.may_read_all('audit.read')));

GRANT USAGE ON SCHEMA private TO lamplight_reader;
GRANT SELECT ON hospital.patient, hospital.patient_identity, hospital.ward, hospital.shift, private.audit_entry TO lamplight_reader;
GRANT SELECT (id, name, role, department) ON hospital.staff TO lamplight_reader;
GRANT SELECT ON hospital.placement, hospital.admission, hospital.encounter, hospital.appointment, hospital.medical_record, hospital.diagnosis, hospital.procedure, hospital.immunization, hospital.vital_signs, hospital.observation, hospital.medication, hospital.allergy, hospital.treatment_plan, hospital.patient_insurance TO lamplight_reader;

-- The patients whose data this person was granted, for the numbers in their own access history. What was refused is not
-- among them: a history that turned a refused number into a patient would tell that the patient exists.
CREATE FUNCTION guard.own_audited_patients() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE person text := guard.own_staff_id('own-audit.read');
BEGIN
  IF person IS NULL THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT DISTINCT unnest(e.patient_ids) FROM private.audit_entry e WHERE e.staff_id = person AND e.outcome = 'granted');
END $$;
CREATE POLICY audited ON hospital.patient FOR SELECT TO lamplight_reader
  USING ((SELECT guard.may_read_all('audit.read')) OR id = ANY ((SELECT guard.own_audited_patients())::uuid[]));

CREATE FUNCTION api.verify_audit() RETURNS TABLE (chains bigint, entries bigint, faults text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT guard.may_read_all('audit.read') THEN
    RAISE EXCEPTION 'not announced for the audit' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
  WITH linked AS (
    SELECT e AS entry, e.chain_id, e.sequence, e.hash, e.previous_hash,
      lag(e.hash, 1, '\x'::bytea) OVER chain AS expected_previous,
      lag(e.sequence, 1, 0::bigint) OVER chain AS sequence_before,
      lead(e.sequence) OVER chain AS sequence_after
    FROM private.audit_entry e WINDOW chain AS (PARTITION BY e.chain_id ORDER BY e.sequence)
  ), found AS (
    SELECT format('chain %s, entry %s: the content does not match its hash', chain_id, sequence) AS fault
      FROM linked WHERE hash IS DISTINCT FROM private.audit_hash(entry)
    UNION ALL
    SELECT format('chain %s, entry %s: it does not continue the entry before it', chain_id, sequence)
      FROM linked WHERE previous_hash IS DISTINCT FROM expected_previous OR sequence <> sequence_before + 1
    UNION ALL
    SELECT format('chain %s: its end does not match its head (%s entries expected)', h.id, h.sequence)
      FROM private.audit_chain h LEFT JOIN linked l ON l.chain_id = h.id AND l.sequence_after IS NULL
     WHERE h.sequence IS DISTINCT FROM coalesce(l.sequence, 0) OR h.hash IS DISTINCT FROM coalesce(l.hash, '\x')
    UNION ALL
    SELECT format('chain %s: it has entries but no head', l.chain_id)
      FROM linked l LEFT JOIN private.audit_chain h ON h.id = l.chain_id WHERE h.id IS NULL AND l.sequence_after IS NULL
    UNION ALL
    SELECT format('chain %s: the installation knows this session, its chain is gone', e.session_id)
      FROM private.audit_entry e LEFT JOIN private.audit_chain h ON h.id = e.session_id
     WHERE e.chain_id = '00000000-0000-0000-0000-000000000000' AND e.action = 'LOGIN' AND e.session_id IS NOT NULL AND h.id IS NULL
    UNION ALL
    -- The other way round: without it the installation's chain itself could vanish, or a whole invented session appear.
    SELECT format('chain %s: the installation knows no sign-in that began it', h.id)
      FROM private.audit_chain h WHERE h.id <> '00000000-0000-0000-0000-000000000000' AND NOT EXISTS (
        SELECT FROM private.audit_entry e WHERE e.chain_id = '00000000-0000-0000-0000-000000000000' AND e.action = 'LOGIN' AND e.session_id = h.id)
    UNION ALL
    SELECT format('chain %s: it began with a sign-in and is empty', h.id)
      FROM private.audit_chain h WHERE h.id <> '00000000-0000-0000-0000-000000000000' AND h.sequence = 0
    UNION ALL
    SELECT 'the chain of the installation is gone'
     WHERE NOT EXISTS (SELECT FROM private.audit_chain h WHERE h.id = '00000000-0000-0000-0000-000000000000')
  )
  SELECT (SELECT count(*) FROM private.audit_chain), (SELECT count(*) FROM private.audit_entry),
         ARRAY(SELECT fault FROM found LIMIT 50);
END $$;
RESET ROLE;
