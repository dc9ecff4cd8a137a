import type { AuditAction } from "../../shared/audit/actions";
import type { ExportReport } from "../../shared/ipc/audit-commands";
import type { AuditSession } from "../../shared/tools/audit-tools";
import type { ToolOutput } from "../../shared/tools/registry";
import { formatMoment } from "../design/format";

/** What each audit action means, in words a colleague would use. */
export const actionWords: Readonly<Record<AuditAction, string>> = {
  LOGIN_ATTEMPT: "Sign-in tried",
  LOGIN: "Signed in",
  LOGIN_FAILED: "Sign-in failed",
  LOGOUT: "Signed out",
  LOCK: "Workstation locked",
  UNLOCK: "Workstation unlocked",
  ACCESS_GRANTED: "Data read",
  ACCESS_DENIED: "Access denied",
  TOOL_CALL: "Tool called",
  LLM_TOOL_CALL: "Assistant called a tool",
  LLM_CALL: "Assistant asked its model",
  PHI_ACCESS: "Identity data read",
  AUDIT_READ: "Audit read",
  CHAT_READ: "Chat read",
  CHAT_CHANGED: "Chat changed",
  PATIENT_IMPORTED: "Patient imported",
  PATIENT_ADMITTED: "Patient admitted",
  HOSPITAL_LOADED: "Hospital loaded",
  DEMO_REMOVED: "Demo hospital removed",
  BACKUP: "Backup written",
  RESTORE: "Backup restored",
  RETENTION: "Old records removed",
  KEYS_ROTATED: "Keys renewed",
  STAFF_ADDED: "Member of staff added",
  WARDS_CHANGED: "Wards and beds changed",
  SCHEMA_MIGRATED: "Database schema changed",
  TOKEN_REUSE: "Old session token used again",
  SESSION_REVOKED: "Session ended by somebody else",
  PASSWORD_CHANGED: "Password changed",
  SECOND_FACTOR_CHANGED: "Second factor changed",
  RECOVERY_CODE_USED: "Recovery code used",
  ACCOUNT_CHANGED: "Account changed",
  SIGN_IN_RULES_CHANGED: "Sign-in rules changed",
  BADGE_CHANGED: "Badge changed",
  OFFLINE_GRANTED: "Prepared for work without network",
  OFFLINE_USED: "Worked without network",
  WARD_SNAPSHOT: "Ward kept for work without network",
  VITAL_SIGNS_RECORDED: "Vital signs recorded",
  OUTBOX_REPLAYED: "Entry sent after work without network",
  OUTBOX_REFUSED: "Entry not taken after work without network",
  OUTBOX_SETTLED: "Refused entry settled",
  DRAFTS_SHREDDED: "Drafts destroyed",
  BREAK_GLASS_REQUESTED: "Emergency access asked for",
  BREAK_GLASS_OPENED: "Emergency access given",
  BREAK_GLASS_DENIED: "Emergency access refused",
  BREAK_GLASS_ENDED: "Emergency access ended",
  BREAK_GLASS_REVIEWED: "Emergency access judged",
  ALERT_RAISED: "Alert raised",
  ALERT_HANDLED: "Alert handled",
  AUDIT_EXPORTED: "Audit exported",
  AUDIT_ANCHORED: "Audit anchored",
};

const count = (value: number, one: string, many: string): string =>
  `${value.toLocaleString("en-GB")} ${value === 1 ? one : many}`;

/** The verdict on the chain and its anchors in one sentence. */
export function chainWords(verdict: ToolOutput<"verify_audit_chain">): string {
  const size = `${count(verdict.entries, "entry", "entries")} in ${count(verdict.chains, "chain", "chains")} checked`;
  if (!verdict.intact && verdict.faults.length === 0)
    return `Not intact: ${size}. The chain is whole in itself and yet not the one that was anchored. Keep this workstation as it is and call the security officer.`;
  if (verdict.intact) return `Intact: ${size}, nothing was altered, removed or reordered.`;
  const faults = verdict.faults.length === 0 ? "" : ` ${count(verdict.faults.length, "fault", "faults")} found.`;
  return `Not intact: ${size}.${faults} Keep this workstation as it is and call the security officer.`;
}

/** `1 to 100 of 1,204`. */
export function pageWords(offset: number, shown: number, total: number): string {
  if (total === 0 || shown === 0) return `None of ${total.toLocaleString("en-GB")}`;
  const from = (offset + 1).toLocaleString("en-GB");
  return `${from} to ${(offset + shown).toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`;
}

const outcomes: Readonly<Record<string, string>> = { RBAC_DENIED: "denied", PATIENT_NOT_FOUND: "not found" };

/** An outcome in words; a code that has none keeps its own letters. */
export function outcomeWords(outcome: string): string {
  return outcomes[outcome] ?? outcome;
}

/** An id by its first letters, as the chain column shows its own, and a moment as on the ward's clock. */
function inShort(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/u.test(value) && !Number.isNaN(Date.parse(value)))
    return formatMoment(value);
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/u.test(value) ? value.slice(0, 8) : value;
}

/** The details of an entry as `reason idle; address local`; what is no list of details stays as it is. */
export function detailWords(detail: string | null): string {
  if (detail === null) return "";
  try {
    const known: unknown = JSON.parse(detail);
    if (typeof known !== "object" || known === null || Array.isArray(known)) return detail;
    return Object.entries(known)
      .filter(([, value]) => value !== null && value !== "")
      .map(([name, value]) => `${name} ${typeof value === "string" ? inShort(value) : JSON.stringify(value)}`)
      .join("; ");
  } catch {
    return detail;
  }
}

const detailNames: Readonly<Record<string, string>> = {
  via: "Asked by way of",
  reason: "Reason",
  field: "Field",
  patient: "Patient number asked for",
  ward: "Ward asked for",
  letters: "Letters searched for",
  address: "Address",
  version: "Version of the app",
  filter: "Filter",
  sha256: "SHA-256 of the file",
};

/** The same, a line each, with nothing shortened. */
export function detailFacts(detail: string | null): (readonly [string, string])[] {
  if (detail === null) return [];
  try {
    const known: unknown = JSON.parse(detail);
    if (typeof known !== "object" || known === null || Array.isArray(known)) return [["Detail", detail]];
    return Object.entries(known).map(([name, value]) => [
      detailNames[name] ?? name.replace(/^./u, (first) => first.toUpperCase()),
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  } catch {
    return [["Detail", detail]];
  }
}

/** How an export ended. */
export function exportWords(report: ExportReport): string {
  if (report.outcome === "not-chosen") return "No file was chosen. Nothing was exported.";
  if (report.outcome === "stopped")
    return `Stopped after ${count(report.entries, "entry", "entries")}. No file was left behind.`;
  return `${count(report.entries, "entry", "entries")} saved in ${report.file}, with ${report.manifest} beside it. SHA-256 ${report.sha256}`;
}

/** `granted` and `refused` of one person or patient. */
export function timesWords(granted: number, refused: number): string {
  const read = count(granted, "time", "times");
  return refused === 0
    ? read
    : granted === 0
      ? `refused ${count(refused, "time", "times")}`
      : `${read}, refused ${refused}`;
}

/** When and why a session ended. */
export function endWords(one: Pick<AuditSession, "ended_at" | "ended_because">): string {
  if (one.ended_at === null) return "Not ended";
  return `${formatMoment(one.ended_at)}${one.ended_because ? `, ${one.ended_because}` : ""}`;
}
