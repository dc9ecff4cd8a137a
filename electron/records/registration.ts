import { type FailureCode, Refusal } from "../../shared/failure";
import { sqlStateOf } from "../database/failure";
import type { Database, Row } from "../database/pool";

export interface Admission {
  readonly submission: string;
  readonly patient_id: string;
  readonly ward: string;
  readonly bed: string;
  readonly reason: string;
}

const UNIQUE_VIOLATION = "23505";

export async function freeBeds(
  database: Database,
  token: string,
): Promise<{ ward: string; wardName: string; bed: string }[]> {
  const rows = await database.statement("SELECT * FROM api.free_beds($1)", [token]);
  return rows.map((row) => ({
    ward: String(row["ward"]),
    wardName: String(row["ward_name"]),
    bed: String(row["bed"]),
  }));
}

/** Admits once however often the same submission arrives. Throws BED_TAKEN, ALREADY_ADMITTED, PATIENT_NOT_FOUND or INVALID_INPUT. */
export async function admitPatient(
  database: Database,
  token: string,
  admission: Admission,
): Promise<{ admittedAt: string }> {
  const { submission, patient_id, ward, bed, reason } = admission;
  let rows: Row[];
  try {
    rows = await database.statement("SELECT * FROM api.admit_patient($1, $2, $3, $4, $5, $6)", [
      token,
      submission,
      patient_id,
      ward,
      bed,
      reason,
    ]);
  } catch (error) {
    // Two people chose the same bed in the same moment.
    if (sqlStateOf(error) === UNIQUE_VIOLATION) throw new Refusal("BED_TAKEN");
    throw error;
  }
  const outcome = String(rows[0]?.["outcome"]);
  if (outcome !== "admitted") throw new Refusal(outcome as FailureCode);
  return { admittedAt: String(rows[0]?.["admitted_at"]) };
}

/** One imported patient with everything of it, in one transaction of the database. */
export async function importPatient(
  database: Database,
  token: string,
  bundle: object,
): Promise<{ patientNumber: string; created: Record<string, number> }> {
  const [row] = await database.statement("SELECT * FROM api.import_patient($1, $2)", [token, JSON.stringify(bundle)]);
  return { patientNumber: String(row?.["patient_number"]), created: row?.["created"] as Record<string, number> };
}
