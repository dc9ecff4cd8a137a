import type { Verdict } from "../../shared/alerts/alert";
import { Refusal } from "../../shared/failure";
import type { Database, Query, Row } from "../database/pool";

/** The most that the work list shows; one more is asked for, to know that there are more. */
const LIMIT = 200;

function alertOf(row: Row): Row {
  const { detail, ...rest } = row;
  const counted = (detail ?? {}) as { count?: unknown; minutes?: unknown };
  const figure = (value: unknown) => (typeof value === "number" ? Math.round(value) : null);
  return { ...rest, patients: Number(row["patients"]), count: figure(counted.count), minutes: figure(counted.minutes) };
}

/** The alerts that this request may see: the open ones, or those that were settled. */
export async function readAlerts(
  query: Query,
  state: "open" | "handled",
): Promise<{ rows: Row[]; truncated: boolean }> {
  const rows = await query(
    `SELECT id, at, last_at, rule, severity, repeats, staff_id, staff_name, staff_role, staff_disabled, session_id, session_open,
       workstation, patient_numbers, patients, detail, handled_at, handled_by, verdict, note, about_staff_id, about_staff_name
     FROM api.alerts WHERE (handled_at IS NULL) = $1
     ORDER BY CASE severity WHEN 'urgent' THEN 0 ELSE 1 END * (CASE WHEN $1 THEN 1 ELSE 0 END), last_at DESC LIMIT $2`,
    [state === "open", LIMIT + 1],
  );
  return { rows: rows.slice(0, LIMIT).map(alertOf), truncated: rows.length > LIMIT };
}

/** Settles one alert. Throws `Refusal` RBAC_DENIED, ALERT_NOT_FOUND, or INVALID_INPUT with the reason in words. */
export async function handleAlert(
  database: Database,
  token: string,
  { alert, verdict, note }: { readonly alert: string; readonly verdict: Verdict; readonly note: string },
): Promise<void> {
  const [row] = await database.statement("SELECT api.handle_alert($1, $2, $3, $4) AS outcome", [
    token,
    alert,
    verdict,
    note,
  ]);
  switch (row?.["outcome"]) {
    case "granted":
      return;
    case "RBAC_DENIED":
      throw new Refusal("RBAC_DENIED");
    case "OWN_ALERT":
      throw new Refusal("INVALID_INPUT", "This alert is about yourself. Somebody else has to judge it.");
    case "HANDLED_ALREADY":
      throw new Refusal(
        "INVALID_INPUT",
        "Somebody else has judged this alert meanwhile. The list shows what they said.",
      );
    case "INVALID_INPUT":
      throw new Refusal("INVALID_INPUT", "Say whether it was expected, unclear or misuse.");
    default:
      throw new Refusal("ALERT_NOT_FOUND");
  }
}
