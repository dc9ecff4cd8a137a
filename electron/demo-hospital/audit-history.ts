import type { Role } from "../../shared/access/roles";
import type { AuditAction } from "../../shared/audit/actions";
import type { ToolName } from "../../shared/tools/registry";
import type { DemoData, DemoPatient } from "./demo-data";
import { demoFraction, demoId } from "./demo-ids";

export interface HistoryEntry {
  readonly staff: string;
  readonly role: Role | null;
  readonly action: AuditAction;
  readonly tool: ToolName | null;
  readonly outcome: string;
  readonly patients: string[];
  readonly workstation: string;
  readonly detail: Record<string, unknown>;
  readonly at: string;
}

type Step = readonly [action: AuditAction, tool: ToolName | null, about: "one" | "ward" | "none", outcome?: string];

const signIn: readonly Step[] = [
  ["LOGIN_ATTEMPT", null, "none", "counted"],
  ["LOGIN", null, "none"],
];
/** Nine entries each: what a usual sitting of every role leaves in the audit. */
const sittings: Readonly<Record<Role, readonly Step[]>> = {
  Doctor: [
    ...signIn,
    ["ACCESS_GRANTED", "list_ward", "ward"],
    ["ACCESS_GRANTED", "get_medical_records", "one"],
    ["LLM_TOOL_CALL", "get_vital_signs", "one"],
    ["LLM_CALL", null, "none", "completed"],
    ["PHI_ACCESS", "get_patient_phi", "one"],
    ["ACCESS_GRANTED", "get_medications", "one"],
    ["LOGOUT", null, "none"],
  ],
  Nurse: [
    ...signIn,
    ["ACCESS_GRANTED", "list_ward", "ward"],
    ["ACCESS_GRANTED", "get_vital_signs", "one"],
    ["ACCESS_GRANTED", "get_allergies", "one"],
    ["LLM_TOOL_CALL", "get_medications", "one"],
    ["ACCESS_DENIED", "get_patient_overview", "none", "PATIENT_NOT_FOUND"],
    ["LOCK", null, "none"],
    ["UNLOCK", null, "none"],
  ],
  Admin: [
    ...signIn,
    ["ACCESS_GRANTED", "list_ward", "ward"],
    ["ACCESS_GRANTED", "get_shifts", "none"],
    ["ACCESS_GRANTED", "find_patients", "one"],
    ["PHI_ACCESS", "get_patient_phi", "one"],
    ["ACCESS_DENIED", "get_medical_records", "none", "RBAC_DENIED"],
    ["AUDIT_READ", "get_audit_trail", "none"],
    ["LOGOUT", null, "none"],
  ],
  Billing: [
    ...signIn,
    ["ACCESS_GRANTED", "find_patients", "one"],
    ["PHI_ACCESS", "get_patient_phi", "one"],
    ["ACCESS_GRANTED", "find_patients", "one"],
    ["PHI_ACCESS", "get_patient_phi", "one"],
    ["ACCESS_DENIED", "get_vital_signs", "none", "RBAC_DENIED"],
    ["LOCK", null, "none"],
    ["LOGOUT", null, "none"],
  ],
  Reception: [
    ["LOGIN_ATTEMPT", null, "none", "counted"],
    ["LOGIN_FAILED", null, "none", "failed"],
    ...signIn,
    ["ACCESS_GRANTED", "find_patients", "one"],
    ["ACCESS_GRANTED", "get_appointments", "one"],
    ["ACCESS_DENIED", "get_medications", "none", "RBAC_DENIED"],
    ["ACCESS_GRANTED", "get_appointments", "one"],
    ["LOGOUT", null, "none"],
  ],
  Auditor: [
    ...signIn,
    ["AUDIT_READ", "get_audit_trail", "none"],
    ["AUDIT_READ", "verify_audit_chain", "none"],
    ["ACCESS_GRANTED", "get_medical_records", "one"],
    ["PHI_ACCESS", "get_patient_phi", "one"],
    ["AUDIT_READ", "get_my_access_history", "none"],
    ["LOCK", null, "none"],
    ["LOGOUT", null, "none"],
  ],
};
const visitors = [
  "STF002",
  "STF001",
  "STF005",
  "STF003",
  "STF002",
  "STF004",
  "STF001",
  "STF006",
  "STF002",
  "STF005",
  "STF001",
] as const;

/** Doctors and nurses look at their own ward; whoever sees the hospital looks anywhere. */
function withinReach(data: DemoData, role: Role): readonly DemoPatient[] {
  return role === "Doctor" || role === "Nurse"
    ? data.patients.filter((patient) => patient.place?.ward === "5A")
    : data.patients;
}

function detailOf(action: AuditAction): Record<string, unknown> {
  if (action === "LLM_CALL") return { model: "offline-assistant", mode: "this-machine", toolCalls: 1 };
  if (action === "LLM_TOOL_CALL") return { via: "assistant" };
  if (action === "LOCK") return { reason: "idle" };
  return action.startsWith("ACCESS") || action === "PHI_ACCESS" || action === "AUDIT_READ" ? { via: "person" } : {};
}

/** Ninety-nine entries of the last week, oldest first. The hundredth is the loading itself. */
export function auditHistory(data: DemoData, now: Date): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  for (const [visit, staffId] of visitors.entries()) {
    const person = data.staff.find((one) => one.id === staffId);
    if (person === undefined) throw new Error(`the demo hospital has no staff ${staffId}`);
    const reachable = withinReach(data, person.role);
    const onWard = reachable.filter((patient) => patient.place?.ward === "5A");
    let at = now.getTime() - (7 - visit * 0.6) * 86_400_000;
    for (const [order, [action, tool, about, outcome]] of sittings[person.role].entries()) {
      at += Math.round((0.4 + demoFraction("audit", visit, order) * 5) * 60_000);
      const one = reachable[Math.floor(demoFraction("patient", visit, order) * reachable.length)];
      const subjects = about === "ward" ? onWard : about === "one" && one ? [one] : [];
      const isBeforeSignIn = action === "LOGIN_ATTEMPT" || action === "LOGIN_FAILED";
      entries.push({
        staff: person.id,
        role: isBeforeSignIn ? null : person.role,
        action,
        tool,
        outcome: outcome ?? "granted",
        patients: subjects.map((patient) => demoId(patient.number)),
        workstation: person.ward === undefined ? "OFFICE-02" : `WARD-${person.ward}-01`,
        detail: detailOf(action),
        at: new Date(at).toISOString(),
      });
    }
  }
  return entries;
}
