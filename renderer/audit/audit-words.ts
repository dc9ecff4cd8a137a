import type { AuditAction } from "../../shared/audit/actions";
import type { ToolOutput } from "../../shared/tools/registry";

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
};

const count = (value: number, one: string, many: string): string =>
  `${value.toLocaleString("en-GB")} ${value === 1 ? one : many}`;

/** The verdict on the chain in one sentence. */
export function chainWords(verdict: ToolOutput<"verify_audit_chain">): string {
  const size = `${count(verdict.entries, "entry", "entries")} in ${count(verdict.chains, "chain", "chains")} checked`;
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

/** An id by its first letters, as the chain column shows its own. */
function shortId(value: string): string {
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
      .map(([name, value]) => `${name} ${typeof value === "string" ? shortId(value) : JSON.stringify(value)}`)
      .join("; ");
  } catch {
    return detail;
  }
}
