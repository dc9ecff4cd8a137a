import { type FailureCode, Refusal } from "../../shared/failure";
import type { Act } from "../../shared/tools/announcements";
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

/** Leaves the refusal of an act in the audit. The refusing function itself rolls back and can leave nothing. */
export async function auditRefusedAct(database: Database, token: string, act: Act): Promise<void> {
  await database.statement("SELECT api.announce($1, $2)", [token, act]);
}

async function asAct<T>(database: Database, token: string, act: Act, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && error.failure.code === "RBAC_DENIED") await auditRefusedAct(database, token, act);
    throw error;
  }
}

export async function freeBeds(
  database: Database,
  token: string,
): Promise<{ ward: string; wardName: string; bed: string }[]> {
  const rows = await asAct(database, token, "admit_patient", () =>
    database.statement("SELECT * FROM api.free_beds($1)", [token]),
  );
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
    const values = [token, submission, patient_id, ward, bed, reason];
    rows = await asAct(database, token, "admit_patient", () =>
      database.statement("SELECT * FROM api.admit_patient($1, $2, $3, $4, $5, $6)", values),
    );
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
  const [row] = await asAct(database, token, "import_patients", () =>
    database.statement("SELECT * FROM api.import_patient($1, $2)", [token, JSON.stringify(bundle)]),
  );
  return { patientNumber: String(row?.["patient_number"]), created: row?.["created"] as Record<string, number> };
}
