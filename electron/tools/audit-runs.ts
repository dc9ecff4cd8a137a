import { Refusal } from "../../shared/failure";
import { readAuditPage, verifyAudit } from "../audit/audit-trail";
import { readPatientAccesses } from "../audit/patient-accesses";
import { readSessionForensics } from "../audit/session-forensics";
import { displayName, readOverviews } from "../records/overview";
import type { ToolRuns } from "./define-tool";

type AuditTool =
  | "get_my_access_history"
  | "get_audit_trail"
  | "get_session_forensics"
  | "get_patient_accesses"
  | "verify_audit_chain";

const notAsked = {
  state: "not-checked",
  message: "Not compared with anchors outside the database: none are kept here.",
  anchors: 0,
  last_at: null,
  faults: [],
  notices: [],
} as const;

export const auditRuns: Pick<ToolRuns, AuditTool> = {
  get_my_access_history: async ({ query }, question) => {
    const { rows, total } = await readAuditPage(query, question);
    return { entries: rows, total, offset: question.offset };
  },
  get_audit_trail: async ({ query }, question) => {
    const { rows, total } = await readAuditPage(query, question);
    return { entries: rows, total, offset: question.offset };
  },
  get_session_forensics: async ({ query }, question) => {
    const { sessions, total, opened } = await readSessionForensics(query, question);
    return {
      sessions,
      total,
      offset: question.offset,
      opened: opened && {
        entries: opened.entries,
        total: opened.total,
        patients: opened.patients.map((row) => ({
          patient_id: row["patient_number"],
          name: row["family_name"] === null ? null : displayName(row),
          first_at: row["first_at"],
          last_at: row["last_at"],
          granted: Number(row["granted"]),
          refused: Number(row["refused"]),
        })),
      },
    };
  },
  get_patient_accesses: async ({ query }, question) => {
    const [overviews, found] = await Promise.all([readOverviews(query), readPatientAccesses(query, question)]);
    const [patient] = overviews;
    if (!patient) throw new Refusal("PATIENT_NOT_FOUND");
    return { patient_id: question.patient_id, name: displayName(patient), ...found };
  },
  verify_audit_chain: async ({ query, now, anchors }) => {
    const verdict = await verifyAudit(query);
    const outside = anchors ? await anchors(query) : notAsked;
    const faults = verdict["faults"] as string[];
    return {
      intact: faults.length === 0 && outside.state !== "differ",
      chains: verdict["chains"],
      entries: verdict["entries"],
      faults,
      anchors: outside,
      verified_at: now.toISOString(),
    };
  },
};
