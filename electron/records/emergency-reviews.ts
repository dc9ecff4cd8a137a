import type { ReviewVerdict } from "../../shared/emergency/break-glass";
import { Refusal } from "../../shared/failure";
import type { Database, Query, Row } from "../database/pool";
import { displayName } from "./overview";

/** The most that the list shows; one more is asked for, to know that there are more. */
const LIMIT = 100;

function reviewOf(row: Row): Row {
  const { family_name, given_name, prefix, ...rest } = row;
  return { ...rest, patient_name: family_name ? displayName({ family_name, given_name, prefix }) : null };
}

/**
 * The tries at emergency access that this request may see: those that wait for a verdict, oldest first, so that none is
 * forgotten, or those that have one. One that was announced a moment ago is still to be opened and not yet among them.
 */
export async function readEmergencyReviews(
  query: Query,
  state: "waiting" | "judged",
): Promise<{ rows: Row[]; truncated: boolean }> {
  const rows = await query(
    `SELECT id, at, staff_id, staff_name, staff_role, workstation, patient_number, family_name, given_name, prefix, reason, words, outcome,
       proofs_failed, repeats, opened_at, until, ended_at, ended_because, reads, verdicts
     FROM api.break_glass_reviews WHERE (verdicts <> '[]') = $1 AND outcome <> 'announced'
     ORDER BY CASE WHEN $1 THEN NULL ELSE at END, at DESC LIMIT $2`,
    [state === "judged", LIMIT + 1],
  );
  return { rows: rows.slice(0, LIMIT).map(reviewOf), truncated: rows.length > LIMIT };
}

export interface EmergencyVerdict {
  readonly id: string;
  readonly submission: string;
  readonly verdict: ReviewVerdict | null;
  readonly note: string;
}

/** Gives a verdict or adds to one, once however often the submission arrives. Throws `Refusal` with the reason in words. */
export async function reviewEmergency(database: Database, token: string, given: EmergencyVerdict): Promise<void> {
  const [row] = await database.statement("SELECT api.review_break_glass($1, $2, $3, $4, $5) AS outcome", [
    token,
    given.id,
    given.submission,
    given.verdict,
    given.note,
  ]);
  switch (row?.["outcome"]) {
    case "granted":
      return;
    case "RBAC_DENIED":
      throw new Refusal("RBAC_DENIED");
    case "OWN_EMERGENCY":
      throw new Refusal("INVALID_INPUT", "This was your own emergency access. Somebody else has to judge it.");
    case "REVIEWED_ALREADY":
      throw new Refusal("INVALID_INPUT", "Somebody else has given a verdict meanwhile. You can add to it.");
    case "NOT_REVIEWED":
      throw new Refusal("INVALID_INPUT", "There is no verdict yet to add to. Choose one.");
    case "REVIEW_NOT_FOUND":
      throw new Refusal("INVALID_INPUT", "This emergency access is no longer on the list.");
    default:
      throw new Refusal("INVALID_INPUT", "Say why: a verdict other than justified, and an addition, need a note.");
  }
}
