import type { Query, Row } from "../database/pool";

/** Plain reads of the views that need no computing, newest or next first. Rows that a request may not see are not there. */
export const readChart = {
  records: (query: Query): Promise<Row[]> =>
    query(
      "SELECT id, kind, title, body AS text, author, written_at FROM api.medical_records ORDER BY written_at DESC LIMIT 500",
    ),
  diagnoses: (query: Query): Promise<Row[]> =>
    query(`SELECT id, code, code_system, display, status, onset_on, resolved_on, recorded_by FROM api.diagnoses
      ORDER BY status NOT IN ('active', 'recurrence', 'relapse'), onset_on DESC NULLS LAST`),
  procedures: (query: Query): Promise<Row[]> =>
    query(
      "SELECT id, code, code_system, display, status, performed_at FROM api.procedures ORDER BY performed_at DESC NULLS LAST LIMIT 500",
    ),
  immunizations: (query: Query): Promise<Row[]> =>
    query(
      "SELECT id, code, code_system, display, status, occurred_at FROM api.immunizations ORDER BY occurred_at DESC NULLS LAST LIMIT 500",
    ),
  observations: (query: Query): Promise<Row[]> =>
    query(`SELECT id, category, code, code_system, display, value, value_text, unit, measured_at FROM api.observations
      ORDER BY measured_at DESC, display LIMIT 1000`),
  allergies: (query: Query): Promise<Row[]> =>
    query(`SELECT id, substance, reaction, severity, status, recorded_on, code, code_system FROM api.allergies
      ORDER BY status <> 'active', severity DESC NULLS LAST, substance`),
  allergyStatus: (query: Query): Promise<Row[]> => query("SELECT allergy_status FROM api.allergy_status"),
  resuscitation: (query: Query): Promise<Row[]> => query("SELECT resuscitation_status FROM api.resuscitation_status"),
  treatmentPlans: (query: Query): Promise<Row[]> =>
    query(
      "SELECT id, title, goal, steps, status, follow_up_on, author, written_at FROM api.treatment_plans ORDER BY status <> 'active', written_at DESC",
    ),
  appointments: (query: Query): Promise<Row[]> =>
    query(`SELECT id, starts_at, minutes, department, staff_name, reason, status FROM api.appointments
      ORDER BY starts_at < now(), abs(extract(epoch from starts_at - now()))`),
  admissions: (query: Query): Promise<Row[]> =>
    query(`SELECT id, ward_code AS ward, bed_code AS bed, reason, attending, admitted_at, discharged_at FROM api.admissions
      ORDER BY admitted_at DESC`),
  encounters: (query: Query): Promise<Row[]> =>
    query(
      "SELECT id, class, display, status, started_at, ended_at FROM api.encounters ORDER BY started_at DESC NULLS LAST LIMIT 500",
    ),
  wards: (query: Query): Promise<Row[]> => query("SELECT code, name FROM api.wards ORDER BY code"),
} as const;
