import type { SnapshotPatient, WardSnapshot } from "../../shared/offline/ward-snapshot";
import type { Query, Row } from "../database/pool";
import { displayName } from "./overview";
import { readVitalSignsOfADay, vitalSignsOf } from "./vital-signs";

/** The wards of a shift that is on, thirty minutes either side, as the care team has them. */
const ownWards = `SELECT DISTINCT s.ward_code FROM api.shifts s
  WHERE s.starts_at <= now() + interval '30 minutes' AND s.ends_at >= now() - interval '30 minutes'`;
/** Only who lies there: a chart that is open in an emergency, or of somebody at home, is not kept on the workstation. */
const patients = `SELECT p.patient_id FROM api.patient_overview p WHERE p.ward_code IN (${ownWards})`;

function byPatient(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const { patient_id: id, ...row } of rows) {
    const group = groups.get(String(id));
    if (group) group.push(row);
    else groups.set(String(id), [row]);
  }
  return groups;
}

/** Reads the own ward under one announcement; all statements travel together. */
export async function readWardSnapshot(query: Query, now: Date): Promise<WardSnapshot> {
  const [wards, overviews, births, decisions, statuses, allergies, medications, sets] = await Promise.all([
    query(`SELECT code, name FROM api.wards WHERE code IN (${ownWards}) ORDER BY code`),
    query(
      `SELECT * FROM api.patient_overview WHERE ward_code IN (${ownWards}) ORDER BY ward_code, bed_code, family_name, given_name`,
    ),
    query(`SELECT patient_id, date_of_birth FROM api.patient_birth_date WHERE patient_id IN (${patients})`),
    query(`SELECT patient_id, resuscitation_status FROM api.resuscitation_status WHERE patient_id IN (${patients})`),
    query(`SELECT patient_id, allergy_status FROM api.allergy_status WHERE patient_id IN (${patients})`),
    query(`SELECT patient_id, id, substance, reaction, severity, status, recorded_on, code, code_system FROM api.allergies
      WHERE patient_id IN (${patients}) ORDER BY status <> 'active', severity DESC NULLS LAST, substance`),
    query(`SELECT patient_id, id, generic, brand, form, dose, route, frequency, due_times, as_needed, status, started_on, stopped_on,
        prescriber, code, code_system FROM api.medications
      WHERE patient_id IN (${patients}) AND status IN ('active', 'on-hold') ORDER BY status <> 'active', as_needed, generic`),
    readVitalSignsOfADay(query),
  ]);
  const one = (rows: readonly Row[], field: string) =>
    new Map(rows.map((row) => [String(row["patient_id"]), row[field] ?? null]));
  const [bornOn, decision, status] = [
    one(births, "date_of_birth"),
    one(decisions, "resuscitation_status"),
    one(statuses, "allergy_status"),
  ];
  const [allergiesOf, medicationsOf, setsOf] = [byPatient(allergies), byPatient(medications), byPatient(sets)];
  return {
    wards: wards as WardSnapshot["wards"],
    as_of: now.toISOString(),
    patients: overviews.map((row) => {
      const id = String(row["patient_id"]);
      const scored = { birthYear: row["birth_year"] as number | null, pregnant: row["pregnant"] === true };
      return {
        patient_id: row["patient_number"],
        name: displayName(row),
        gender: row["gender"],
        birth_year: row["birth_year"],
        date_of_birth: bornOn.get(id) ?? null,
        ward: row["ward_code"],
        bed: row["bed_code"],
        pregnant: row["pregnant"] === true,
        resuscitation_status: decision.get(id) ?? null,
        // A patient whom a policy closed between two statements would read as "no allergies": the parser refuses that.
        allergy_status: status.get(id),
        allergies: allergiesOf.get(id) ?? [],
        medications: medicationsOf.get(id) ?? [],
        vital_signs: (setsOf.get(id) ?? []).map((set) => vitalSignsOf(set, scored)),
      } as SnapshotPatient;
    }),
  };
}
