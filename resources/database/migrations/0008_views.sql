-- The views belong to lamplight_reader, so its row policies apply to whoever selects from them; each names its own
-- permission once more, because another permission may make the same row readable for another view.
SET ROLE lamplight_reader;

CREATE VIEW api.patient_overview WITH (security_barrier) AS
SELECT p.id AS patient_id, p.patient_number, p.family_name, p.given_name, p.prefix, p.gender, p.birth_year, p.pregnant,
       b.ward_code, b.bed_code, p.id = ANY ((SELECT guard.readable('placement.read'))::uuid[]) AS placement_shown
  FROM hospital.patient p LEFT JOIN hospital.placement b ON b.patient_id = p.id
 WHERE p.id = ANY ((SELECT guard.readable('overview.read'))::uuid[]);

-- A field that the role may not see is NULL; one that it may see is ciphertext that only its own key opens.
CREATE VIEW api.patient_identity WITH (security_barrier) AS
SELECT p.id AS patient_id, p.patient_number,
       CASE WHEN p.id = ANY ((SELECT guard.readable('birth-date.read'))::uuid[]) THEN i.date_of_birth END AS date_of_birth,
       CASE WHEN p.id = ANY ((SELECT guard.readable('identity.read'))::uuid[]) THEN i.ssn END AS ssn,
       CASE WHEN p.id = ANY ((SELECT guard.readable('identity.read'))::uuid[]) THEN i.address END AS address,
       CASE WHEN p.id = ANY ((SELECT guard.readable('identity.read'))::uuid[]) THEN i.phone END AS phone,
       CASE WHEN p.id = ANY ((SELECT guard.readable('identity.read'))::uuid[]) THEN i.email END AS email,
       CASE WHEN p.id = ANY ((SELECT guard.readable('identity.read'))::uuid[]) THEN i.emergency_contact END AS emergency_contact,
       n.provider AS insurance_provider, n.number AS insurance_number
  FROM hospital.patient p
  LEFT JOIN hospital.patient_identity i ON i.patient_id = p.id
  LEFT JOIN hospital.patient_insurance n ON n.patient_id = p.id
 WHERE p.id = ANY ((SELECT guard.readable('phi.read'))::uuid[]);

CREATE VIEW api.medical_records WITH (security_barrier) AS
SELECT r.patient_id, r.id, r.kind, r.title, r.body, s.name AS author, r.written_at
  FROM hospital.medical_record r LEFT JOIN hospital.staff s ON s.id = r.author_id
 WHERE r.patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]);
CREATE VIEW api.diagnoses WITH (security_barrier) AS
SELECT d.patient_id, d.id, d.code, d.code_system, d.display, d.status, d.onset_on, d.resolved_on, s.name AS recorded_by
  FROM hospital.diagnosis d LEFT JOIN hospital.staff s ON s.id = d.recorded_by_id
 WHERE d.patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]);
CREATE VIEW api.procedures WITH (security_barrier) AS
SELECT patient_id, id, code, code_system, display, status, performed_at FROM hospital.procedure
 WHERE patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]);
CREATE VIEW api.immunizations WITH (security_barrier) AS
SELECT patient_id, id, code, code_system, display, status, occurred_at FROM hospital.immunization
 WHERE patient_id = ANY ((SELECT guard.readable('records.read'))::uuid[]);

CREATE VIEW api.vital_signs WITH (security_barrier) AS
SELECT v.patient_id, v.id, v.recorded_at, v.respiratory_rate, v.oxygen_saturation, v.spo2_scale, v.on_oxygen, v.systolic,
       v.diastolic, v.pulse, v.consciousness, v.temperature::float8 AS temperature, s.name AS recorded_by
  FROM hospital.vital_signs v LEFT JOIN hospital.staff s ON s.id = v.recorded_by_id
 WHERE v.patient_id = ANY ((SELECT guard.readable('vital-signs.read'))::uuid[]);
CREATE VIEW api.observations WITH (security_barrier) AS
SELECT patient_id, id, category, code, code_system, display, value, value_text, unit, measured_at FROM hospital.observation
 WHERE patient_id = ANY ((SELECT guard.readable('vital-signs.read'))::uuid[]);

CREATE VIEW api.medications WITH (security_barrier) AS
SELECT m.patient_id, m.id, m.generic, m.brand, m.form, m.dose, m.route, m.frequency, m.due_times, m.as_needed, m.status,
       m.started_on, m.stopped_on, s.name AS prescriber, m.code, m.code_system
  FROM hospital.medication m LEFT JOIN hospital.staff s ON s.id = m.prescriber_id
 WHERE m.patient_id = ANY ((SELECT guard.readable('medications.read'))::uuid[]);

CREATE VIEW api.allergies WITH (security_barrier) AS
SELECT patient_id, id, substance, reaction, severity, status, recorded_on, code, code_system FROM hospital.allergy
 WHERE patient_id = ANY ((SELECT guard.readable('allergies.read'))::uuid[]);
CREATE VIEW api.allergy_status WITH (security_barrier) AS
SELECT id AS patient_id, allergy_status FROM hospital.patient
 WHERE id = ANY ((SELECT guard.readable('allergies.read'))::uuid[]);

CREATE VIEW api.treatment_plans WITH (security_barrier) AS
SELECT t.patient_id, t.id, t.title, t.goal, t.steps, t.status, t.follow_up_on, s.name AS author, t.written_at
  FROM hospital.treatment_plan t LEFT JOIN hospital.staff s ON s.id = t.author_id
 WHERE t.patient_id = ANY ((SELECT guard.readable('treatment-plans.read'))::uuid[]);

CREATE VIEW api.appointments WITH (security_barrier) AS
SELECT a.patient_id, a.id, a.starts_at, a.minutes, a.department, s.name AS staff_name, a.reason, a.status
  FROM hospital.appointment a LEFT JOIN hospital.staff s ON s.id = a.staff_id
 WHERE a.patient_id = ANY ((SELECT guard.readable('appointments.read'))::uuid[]);

CREATE VIEW api.admissions WITH (security_barrier) AS
SELECT a.patient_id, a.id, a.ward_code, a.bed_code, a.reason, s.name AS attending, a.admitted_at, a.discharged_at
  FROM hospital.admission a LEFT JOIN hospital.staff s ON s.id = a.attending_id
 WHERE a.patient_id = ANY ((SELECT guard.readable('admissions.read'))::uuid[]);
CREATE VIEW api.encounters WITH (security_barrier) AS
SELECT patient_id, id, class, display, status, started_at, ended_at FROM hospital.encounter
 WHERE patient_id = ANY ((SELECT guard.readable('admissions.read'))::uuid[]);

CREATE VIEW api.wards WITH (security_barrier) AS SELECT code, name, department FROM hospital.ward;

CREATE VIEW api.shifts WITH (security_barrier) AS
SELECT h.id, h.staff_id, s.name AS staff_name, s.role, s.department, h.ward_code, h.starts_at, h.ends_at
  FROM hospital.shift h JOIN hospital.staff s ON s.id = h.staff_id;

CREATE VIEW api.audit_trail WITH (security_barrier) AS
SELECT e.chain_id, e.sequence, e.at, e.action, e.tool, e.outcome, e.staff_id, s.name AS staff_name, e.role,
       CASE WHEN e.outcome = 'granted' OR (SELECT guard.may_read_all('audit.read')) THEN e.patient_ids ELSE '{}' END AS patient_ids,
       CASE WHEN e.outcome = 'granted' OR (SELECT guard.may_read_all('audit.read'))
            THEN ARRAY(SELECT p.patient_number FROM hospital.patient p WHERE p.id = ANY (e.patient_ids) ORDER BY 1) ELSE '{}' END AS patient_numbers,
       e.workstation, e.detail
  FROM private.audit_entry e LEFT JOIN hospital.staff s ON s.id = e.staff_id;
RESET ROLE;
