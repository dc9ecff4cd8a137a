import { anyObservationSetSchema, observationFault } from "../../shared/clinical/observation-set";
import type { RefusalDecision, RefusedObservation } from "../../shared/clinical/refused-observation";
import { type FailureCode, Refusal } from "../../shared/failure";
import type { Database, Query, Row } from "../database/pool";
import { displayName } from "./overview";

/** The entries that wait, oldest first: what waited longest is most likely to be missed. */
export async function readRefusedObservations(query: Query): Promise<Row[]> {
  return query("SELECT * FROM api.refused_observations ORDER BY refused_at");
}

export function refusedObservationOf(row: Row): RefusedObservation {
  const observations = anyObservationSetSchema.safeParse(row["observations"]);
  const known = row["family_name"] !== null;
  return {
    id: row["id"],
    entry_id: row["entry_id"],
    patient_id: row["patient_number"],
    name: known ? displayName(row) : null,
    ward: row["ward_code"],
    bed: row["bed_code"],
    entered_by: row["entered_by"],
    workstation: row["workstation"],
    recorded_at: row["recorded_at"],
    entered_at: row["entered_at"],
    refused_at: row["refused_at"],
    reason: row["reason"],
    observations: observations.success ? observations.data : null,
    can_be_taken:
      known && row["recorded_at"] !== null && observations.success && observationFault(observations.data) === null,
  } as RefusedObservation;
}

export async function countRefusals(database: Database, token: string): Promise<number> {
  const [row] = await database.statement("SELECT api.count_refusals($1) AS count", [token]);
  return Number(row?.["count"]);
}

/** Settles one entry, once. Throws ENTRY_NOT_FOUND, ENTRY_SETTLED, PATIENT_NOT_FOUND, RBAC_DENIED or INVALID_INPUT. */
export async function settleRefusal(
  database: Database,
  token: string,
  refusal: string,
  decision: RefusalDecision,
  reason: string,
): Promise<void> {
  const [row] = await database.statement("SELECT * FROM api.settle_refusal($1, $2, $3, $4)", [
    token,
    refusal,
    decision,
    reason,
  ]);
  const outcome = String(row?.["outcome"]);
  if (outcome === "settled" || outcome === "already") return;
  const known: Readonly<Record<string, FailureCode>> = {
    REFUSAL_NOT_FOUND: "ENTRY_NOT_FOUND",
    SETTLED_BEFORE: "ENTRY_SETTLED",
  };
  throw new Refusal(known[outcome] ?? (outcome as FailureCode));
}
