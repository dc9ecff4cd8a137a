import type { TestHospital } from "./hospital";

/** A patient on the nurse's own ward, and one on another ward, with a row in every table of the chart. */
export interface Scene {
  readonly ours: { readonly number: string; readonly id: string };
  readonly theirs: { readonly number: string; readonly id: string };
}

const fillers = [
  "INSERT INTO hospital.encounter VALUES (gen_random_uuid(), $1, 'inpatient', NULL, NULL, 'Stay', 'finished', now(), NULL)",
  "INSERT INTO hospital.procedure VALUES (gen_random_uuid(), $1, '1', 'test', 'Chest drain', 'completed', now())",
  "INSERT INTO hospital.immunization VALUES (gen_random_uuid(), $1, '2', 'test', 'Influenza', 'completed', now())",
  "INSERT INTO hospital.observation VALUES (gen_random_uuid(), $1, 'laboratory', '3', 'test', 'Potassium', 4.1, NULL, 'mmol/L', now())",
  "INSERT INTO hospital.medical_record VALUES (gen_random_uuid(), $1, 'nursing-note', 'Night', 'Slept well', 'STF002', now())",
  "INSERT INTO hospital.diagnosis VALUES (gen_random_uuid(), $1, '4', 'test', 'Pneumonia', 'active', NULL, NULL, 'STF001')",
  "INSERT INTO hospital.vital_signs (id, patient_id, recorded_at, pulse) VALUES (gen_random_uuid(), $1, now(), 80)",
  "INSERT INTO hospital.medication (id, patient_id, generic, status, due_times) VALUES (gen_random_uuid(), $1, 'paracetamol', 'active', '{08:00}')",
  "INSERT INTO hospital.allergy VALUES (gen_random_uuid(), $1, 'penicillin', 'rash', 'mild', 'active')",
  "INSERT INTO hospital.treatment_plan VALUES (gen_random_uuid(), $1, 'Wean oxygen', 'Room air', '{}', 'active', NULL, 'STF001', now())",
  "INSERT INTO hospital.appointment VALUES (gen_random_uuid(), $1, NULL, 'Radiology', now() + interval '20 days', 30, 'CT', 'booked')",
  "INSERT INTO hospital.admission (id, patient_id, ward_code, admitted_at, discharged_at) VALUES (gen_random_uuid(), $1, '5A', now() - interval '900 days', now() - interval '890 days')",
  `WITH s AS (INSERT INTO private.session (staff_id, workstation, address, app_version, expires_at, ended_at, ended_because)
     VALUES ('STF002', 'ward 5A', '', '0', now() - interval '1 day', now() - interval '1 day', 'person') RETURNING id),
   k AS (INSERT INTO private.outbox_key (staff_id, session_id, workstation, key, not_after)
     SELECT 'STF002', s.id, 'ward 5A', sha256(uuid_send(s.id)), now() + interval '1 day' FROM s RETURNING id)
   INSERT INTO private.outbox_refusal (fingerprint, key_id, staff_id, workstation, patient_id, patient_number, recorded_at, observations, payload, reason)
     SELECT sha256(uuid_send(k.id)), k.id, 'STF001', 'ward 5A', $1::uuid, (SELECT patient_number FROM hospital.patient WHERE id = $1::uuid), now(),
       '{"pulse": 81}', '{}', 'expired-key' FROM k`,
] as const;

export async function setScene(hospital: TestHospital): Promise<Scene> {
  const patient = async (condition: string) => {
    const { rows } = await hospital.owner(
      `SELECT p.patient_number AS number, p.id FROM hospital.patient p JOIN hospital.placement b ON b.patient_id = p.id
        JOIN hospital.patient_identity i ON i.patient_id = p.id JOIN hospital.patient_insurance n ON n.patient_id = p.id
       WHERE ${condition} AND i.ssn IS NOT NULL AND i.email IS NOT NULL AND n.number IS NOT NULL ORDER BY p.patient_number LIMIT 1`,
    );
    const { number, id } = rows[0] as { number: string; id: string };
    for (const filler of fillers) await hospital.owner(filler, [id]);
    return { number, id };
  };
  const scene = { ours: await patient("p.patient_number = 'FCE57'"), theirs: await patient("b.ward_code = 'ICU'") };
  // Nobody but the ward's own staff looks after the other patient.
  await hospital.owner("DELETE FROM hospital.assignment WHERE patient_id = $1", [scene.theirs.id]);
  await hospital.owner("UPDATE hospital.appointment SET staff_id = NULL WHERE patient_id = $1", [scene.theirs.id]);
  // Everybody has shifts of their own, also who works in an office.
  await hospital.owner(`INSERT INTO hospital.shift (staff_id, ward_code, starts_at, ends_at)
    SELECT id, '5A', now() + interval '3 days', now() + interval '3 days 8 hours' FROM hospital.staff WHERE username LIKE 'demo%'`);
  return scene;
}
