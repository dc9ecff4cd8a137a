import type { Clock } from "../clock";
import { sqlStateOf } from "../database/failure";
import type { Query } from "../database/pool";
import { bad, type Finding, good, notChecked, warning } from "./finding";

/** What this workstation does about anchors; undefined fields and rooms that write none are `null`. */
export interface AnchorsHere {
  /** False: somebody else writes them, or nobody. */
  readonly writes: boolean;
  /** Minutes between two anchors. */
  readonly minutes: number;
  /** Minutes since the app started. */
  readonly running: number;
  readonly trouble: string | null;
}

const MINUTE = 60_000;
const undefinedFunction = "42883";

/** When the last anchor of the audit was written, by whomever, and whether this workstation still writes them. */
export async function checkAnchors(statement: Query, here: AnchorsHere | undefined, clock: Clock): Promise<Finding> {
  const rows = await statement("SELECT loaded, last_at, last_number FROM api.anchoring_state()").catch(
    (error: unknown) => {
      if (sqlStateOf(error) === undefinedFunction) return undefined;
      throw error;
    },
  );
  if (!rows) return notChecked("The database's schema is too old to know of anchors.");
  const [row] = rows;
  if (row?.["loaded"] !== true) return notChecked("There is no hospital yet, so there is nothing to anchor.");
  if (here?.trouble) return bad(here.trouble);
  const minutes = here?.minutes ?? 15;
  if (typeof row["last_at"] !== "string") {
    if (!here?.writes)
      return notChecked(
        "No anchor of the audit was ever written. Set anchors.folder on a workstation, or run lamplight-admin audit anchor on a timer.",
      );
    if (here.running < 2 * minutes)
      return notChecked("The first anchor of the audit is written some minutes after the start.");
    return bad("No anchor of the audit was ever written, although this workstation should.");
  }
  const age = Math.max(0, Math.floor((clock.now().getTime() - Date.parse(row["last_at"])) / MINUTE));
  const figures = {
    last_anchor: Number(row["last_number"]),
    last_anchor_age_minutes: age,
    writes_here: here?.writes ?? false,
  };
  const words = `The last anchor of the audit is ${age === 1 ? "1 minute" : `${age} minutes`} old`;
  // Just started, after a night or a weekend in which nobody worked and nothing changed.
  if (here?.writes && here.running < 2 * minutes) return good(`${words}; the next is written soon.`, figures);
  if (age > 8 * minutes) return bad(`${words}. What was written since rests on the chain alone.`, figures);
  if (age > 3 * minutes) return warning(`${words}; one was due every ${minutes} minutes.`, figures);
  return good(`${words}.`, figures);
}
