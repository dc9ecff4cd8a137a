import { type FailureCode, Refusal } from "../../shared/failure";
import type { SetToRecord } from "../../shared/ipc/vital-signs-commands";
import type { Database } from "../database/pool";

const sentences: Readonly<Record<string, string>> = {
  recorded_at:
    "You were not on this patient's care team at that time, or it lies ahead or more than 24 hours back. Change the time; what you typed is still here.",
  diastolic: "The diastolic blood pressure is above the systolic one. Nothing was stored.",
  set: "There is nothing measured in this set. Nothing was stored.",
};

/** Stores one set, once however often the same submission arrives. Throws PATIENT_NOT_FOUND, RBAC_DENIED, INVALID_INPUT or STORED_DIFFERENTLY. */
export async function recordVitalSigns(
  database: Database,
  token: string,
  { submission, patient_id, recorded_at, set }: SetToRecord,
): Promise<"stored" | "already"> {
  const [row] = await database.statement("SELECT outcome, field FROM api.record_vital_signs($1, $2, $3, $4, $5)", [
    token,
    submission,
    patient_id,
    recorded_at,
    JSON.stringify(set),
  ]);
  const outcome = String(row?.["outcome"]);
  switch (outcome) {
    case "stored":
    case "already":
      return outcome;
    case "conflict":
      throw new Refusal("STORED_DIFFERENTLY");
    case "INVALID_INPUT": {
      const field = String(row?.["field"]);
      throw new Refusal("INVALID_INPUT", sentences[field] ?? `${field.replaceAll("_", " ")} is not a possible value.`);
    }
    default:
      throw new Refusal(outcome as FailureCode);
  }
}
