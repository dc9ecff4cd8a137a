-- What several later migrations stand on: alerts about how data is used, the care team at any moment, and what a
-- workstation that asks every few seconds is told about its own session.
SET ROLE lamplight_owner;

CREATE TABLE private.alert (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  rule text NOT NULL CHECK (rule ~ '^[a-z][a-z-]{2,39}$'),
  -- 'urgent' asks for somebody now, 'review' for a look at the list.
  severity text NOT NULL CHECK (severity IN ('urgent', 'review')),
  staff_id text REFERENCES hospital.staff,
  session_id uuid REFERENCES private.session,
  workstation text,
  patient_ids uuid[] NOT NULL DEFAULT '{}',
  -- Figures and names of tools and reasons, never what a chart says.
  detail jsonb NOT NULL DEFAULT '{}',
  -- One alert a rule, a person and a stretch of time: the same behaviour counts here instead of filling the list.
  repeats int NOT NULL DEFAULT 1,
  last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  handled_at timestamptz,
  handled_by_id text REFERENCES hospital.staff,
  verdict text CHECK (verdict IN ('expected', 'unclear', 'misuse')),
  note text CHECK (length(note) <= 1000)
);
ALTER TABLE private.alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE private.alert FORCE ROW LEVEL SECURITY;
CREATE POLICY functions_of_the_owner ON private.alert TO lamplight_owner USING (true) WITH CHECK (true);
CREATE INDEX open_alerts ON private.alert (last_at DESC) WHERE handled_at IS NULL;
CREATE INDEX alerts_by_time ON private.alert (at DESC);
CREATE INDEX alerts_of_person ON private.alert (staff_id, rule, last_at DESC);

-- Raises an alert, or counts one more on the open one of the same rule and person within `p_within`. The audit is told of
-- each new alert in the installation's chain. Answers the alert's id.
CREATE FUNCTION private.raise_alert(
  p_rule text, p_severity text, p_staff text, p_session uuid, p_workstation text, p_patients uuid[], p_detail jsonb,
  p_within interval DEFAULT interval '1 hour'
) RETURNS uuid LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE known uuid;
BEGIN
  UPDATE private.alert SET repeats = repeats + 1, last_at = clock_timestamp(), detail = detail || coalesce(p_detail, '{}'),
      patient_ids = ARRAY(SELECT DISTINCT u FROM unnest(patient_ids || coalesce(p_patients, '{}')) u LIMIT 1000)
   WHERE id = (SELECT a.id FROM private.alert a
     WHERE a.rule = p_rule AND a.staff_id IS NOT DISTINCT FROM p_staff AND a.session_id IS NOT DISTINCT FROM p_session
       AND a.handled_at IS NULL AND a.last_at > clock_timestamp() - p_within ORDER BY a.last_at DESC LIMIT 1)
   RETURNING id INTO known;
  IF known IS NOT NULL THEN
    RETURN known;
  END IF;
  INSERT INTO private.alert (rule, severity, staff_id, session_id, workstation, patient_ids, detail)
    VALUES (p_rule, p_severity, p_staff, p_session, p_workstation, coalesce(p_patients, '{}'), coalesce(p_detail, '{}'))
    RETURNING id INTO known;
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', p_session, p_staff, NULL, 'ALERT_RAISED', NULL, p_severity,
    coalesce(p_patients, '{}'), p_workstation, jsonb_build_object('alert', known, 'rule', p_rule));
  RETURN known;
END $$;

-- The patients whom somebody may read in an emergency at a moment. Emergency access itself is a later migration's.
CREATE FUNCTION private.emergency_patients(p_staff text, p_at timestamptz) RETURNS uuid[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT '{}'::uuid[] $$;

-- The care team of any moment, for what was done while the network was away. The rules are those of 0005.
CREATE FUNCTION private.care_team_patients_at(p_staff text, p_at timestamptz) RETURNS uuid[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE zone text := (SELECT i.time_zone FROM private.installation i);
BEGIN
  RETURN ARRAY(
    SELECT p.patient_id FROM hospital.placement p JOIN hospital.shift s ON s.ward_code = p.ward_code
     WHERE s.staff_id = p_staff AND s.starts_at <= p_at + interval '30 minutes' AND s.ends_at >= p_at - interval '30 minutes'
    UNION
    SELECT a.patient_id FROM hospital.assignment a
     WHERE a.staff_id = p_staff AND a.valid_from <= p_at AND (a.valid_to IS NULL OR a.valid_to > p_at)
    UNION
    SELECT v.patient_id FROM hospital.appointment v
     WHERE v.staff_id = p_staff AND (v.starts_at AT TIME ZONE zone)::date = (p_at AT TIME ZONE zone)::date AND v.status <> 'cancelled'
    UNION
    SELECT unnest(private.emergency_patients(p_staff, p_at)));
END $$;

CREATE OR REPLACE FUNCTION private.care_team_patients(p_staff text) RETURNS uuid[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT private.care_team_patients_at(p_staff, clock_timestamp()) $$;
RESET ROLE;
