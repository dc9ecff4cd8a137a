import { type AuditAction, auditActions } from "../../shared/audit/actions";
import { tellsOfRefusal } from "../../shared/audit/refusals";
import type { ExportRow } from "./export-row";

const DICOM = "http://dicom.nema.org/resources/ontology/DCM";
const terminology = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`;
const coding = (system: string, code: string, display: string) => ({ system, code, display });
type Coding = ReturnType<typeof coding>;

/** DICOM PS3.16, CID 400 and 401: what FHIR R4 binds AuditEvent's type and subtype to. */
const types = {
  activity: coding(DICOM, "110100", "Application Activity"),
  auditUsed: coding(DICOM, "110101", "Audit Log Used"),
  exported: coding(DICOM, "110106", "Export"),
  imported: coding(DICOM, "110107", "Import"),
  patientRecord: coding(DICOM, "110110", "Patient Record"),
  query: coding(DICOM, "110112", "Query"),
  alert: coding(DICOM, "110113", "Security Alert"),
  authentication: coding(DICOM, "110114", "User Authentication"),
} as const;
const subtypes = {
  login: coding(DICOM, "110122", "Login"),
  logout: coding(DICOM, "110123", "Logout"),
  overrideStarted: coding(DICOM, "110127", "Emergency Override Started"),
  overrideStopped: coding(DICOM, "110138", "Emergency Override Stopped"),
  security: coding(DICOM, "110129", "Security Configuration"),
  software: coding(DICOM, "110131", "Software Configuration"),
  restricted: coding(DICOM, "110132", "Use of Restricted Function"),
  userSecurity: coding(DICOM, "110137", "User Security Attributes Changed"),
} as const;

interface Meaning {
  readonly type: Coding;
  readonly subtype?: Coding;
  /** FHIR R4 audit-event-action: create, read, update, delete, execute. */
  readonly action: "C" | "R" | "U" | "D" | "E";
}
const read: Meaning = { type: types.patientRecord, action: "R" };
const signIn: Meaning = { type: types.authentication, subtype: subtypes.login, action: "E" };
const signOut: Meaning = { type: types.authentication, subtype: subtypes.logout, action: "E" };
const account: Meaning = { type: types.alert, subtype: subtypes.userSecurity, action: "U" };
const configured: Meaning = { type: types.alert, subtype: subtypes.security, action: "U" };
const record = (action: Meaning["action"]): Meaning => ({ type: types.patientRecord, action });
const activity = (action: Meaning["action"]): Meaning => ({ type: types.activity, action });

/** What each of our actions is in FHIR's words; the action itself stands beside it as a second subtype. */
const meanings: Readonly<Record<AuditAction, Meaning>> = {
  LOGIN_ATTEMPT: signIn,
  LOGIN: signIn,
  LOGIN_FAILED: signIn,
  LOGOUT: signOut,
  LOCK: signOut,
  UNLOCK: signIn,
  ACCESS_GRANTED: read,
  ACCESS_DENIED: { type: types.alert, subtype: subtypes.restricted, action: "R" },
  TOOL_CALL: read,
  LLM_TOOL_CALL: read,
  LLM_CALL: activity("E"),
  PHI_ACCESS: read,
  AUDIT_READ: { type: types.auditUsed, action: "R" },
  CHAT_READ: activity("R"),
  CHAT_CHANGED: activity("U"),
  PATIENT_IMPORTED: { type: types.imported, action: "C" },
  PATIENT_ADMITTED: record("U"),
  HOSPITAL_LOADED: { type: types.imported, action: "C" },
  DEMO_REMOVED: activity("D"),
  BACKUP: { type: types.exported, action: "R" },
  RESTORE: { type: types.imported, action: "U" },
  RETENTION: activity("D"),
  KEYS_ROTATED: configured,
  STAFF_ADDED: { ...account, action: "C" },
  WARDS_CHANGED: activity("U"),
  SCHEMA_MIGRATED: { type: types.alert, subtype: subtypes.software, action: "U" },
  TOKEN_REUSE: { type: types.alert, subtype: subtypes.restricted, action: "E" },
  SESSION_REVOKED: signOut,
  PASSWORD_CHANGED: account,
  SECOND_FACTOR_CHANGED: account,
  RECOVERY_CODE_USED: signIn,
  ACCOUNT_CHANGED: account,
  SIGN_IN_RULES_CHANGED: configured,
  BADGE_CHANGED: account,
  OFFLINE_GRANTED: activity("E"),
  OFFLINE_USED: activity("E"),
  WARD_SNAPSHOT: read,
  VITAL_SIGNS_RECORDED: record("C"),
  OUTBOX_REPLAYED: record("C"),
  OUTBOX_REFUSED: record("C"),
  OUTBOX_SETTLED: record("U"),
  DRAFTS_SHREDDED: activity("D"),
  BREAK_GLASS_REQUESTED: { type: types.alert, subtype: subtypes.overrideStarted, action: "E" },
  BREAK_GLASS_OPENED: { type: types.alert, subtype: subtypes.overrideStarted, action: "E" },
  BREAK_GLASS_DENIED: { type: types.alert, subtype: subtypes.overrideStarted, action: "E" },
  BREAK_GLASS_ENDED: { type: types.alert, subtype: subtypes.overrideStopped, action: "E" },
  BREAK_GLASS_REVIEWED: { type: types.auditUsed, action: "U" },
  ALERT_RAISED: { type: types.alert, action: "C" },
  ALERT_HANDLED: { type: types.alert, action: "U" },
  AUDIT_EXPORTED: { type: types.exported, action: "R" },
  AUDIT_ANCHORED: { type: types.auditUsed, action: "R" },
};

/** Identifiers and codes that are ours: names in URN form, no address that anybody would open. */
export const ownSystems = {
  action: "urn:lamplight:audit-action",
  tool: "urn:lamplight:tool",
  staff: "urn:lamplight:staff",
  patient: "urn:lamplight:patient-number",
  session: "urn:lamplight:session",
  installation: "urn:lamplight:installation",
} as const;

const searches: ReadonlySet<string> = new Set(["find_patients", "list_ward"]);

function isAction(name: string): name is AuditAction {
  return (auditActions as readonly string[]).includes(name);
}

function agentOf(row: ExportRow): object {
  return {
    ...(row.role === null ? {} : { role: [{ text: row.role }] }),
    who: {
      ...(row.staff_id === null ? {} : { identifier: { system: ownSystems.staff, value: row.staff_id } }),
      display: row.staff_name ?? row.staff_id ?? "Nobody signed in",
    },
    requestor: true,
    // 1: a machine by its name.
    ...(row.workstation ? { network: { address: row.workstation, type: "1" } } : {}),
  };
}

function entitiesOf(row: ExportRow): object[] {
  const patients = row.patient_numbers.map((number) => ({
    what: { identifier: { system: ownSystems.patient, value: number } },
    type: coding(terminology("audit-entity-type"), "1", "Person"),
    role: coding(terminology("object-role"), "1", "Patient"),
  }));
  const own: readonly (readonly [string, string | null])[] = [
    ["tool", row.tool],
    ["session", row.session],
    ["address", row.address],
    ["app_version", row.app_version],
    ["detail", row.detail === "{}" ? null : row.detail],
    ["chain", row.chain],
    ["sequence", String(row.sequence)],
    ["previous_hash", row.previous_hash === "" ? null : row.previous_hash],
    ["hash", row.hash],
  ];
  const place = {
    what: { identifier: { system: ownSystems.session, value: row.chain } },
    type: coding(terminology("audit-entity-type"), "2", "System Object"),
    role: coding(terminology("object-role"), "13", "Security Resource"),
    detail: own.flatMap(([type, valueString]) => (valueString === null ? [] : [{ type, valueString }])),
  };
  return [...patients, place];
}

/** The entry as an AuditEvent of FHIR R4 (4.0.1). */
export function auditEvent(row: ExportRow, installation: string): Record<string, unknown> {
  const action = isAction(row.action) ? row.action : undefined;
  const meaning = action ? meanings[action] : activity("E");
  const type = meaning === read && row.tool !== null && searches.has(row.tool) ? types.query : meaning.type;
  const refused = action !== undefined && tellsOfRefusal({ action, outcome: row.outcome });
  return {
    resourceType: "AuditEvent",
    id: `${row.chain}.${row.sequence}`,
    type,
    subtype: [
      ...(meaning.subtype ? [meaning.subtype] : []),
      coding(ownSystems.action, row.action, row.action),
      ...(row.tool === null ? [] : [coding(ownSystems.tool, row.tool, row.tool)]),
    ],
    action: meaning.action,
    recorded: row.at,
    // 0: success; 4: minor failure, which a refusal is.
    outcome: refused ? "4" : "0",
    outcomeDesc: row.outcome,
    ...(row.action.startsWith("BREAK_GLASS_OPENED")
      ? {
          purposeOfEvent: [
            { coding: [coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "BTG", "break the glass")] },
          ],
        }
      : {}),
    agent: [agentOf(row)],
    source: {
      observer: { identifier: { system: ownSystems.installation, value: installation }, display: "Lamplight" },
      type: [coding(terminology("security-source-type"), "4", "Application Server")],
    },
    entity: entitiesOf(row),
  };
}

/** One resource a line (NDJSON), as bulk data is exchanged in FHIR. */
export function fhirLine(row: ExportRow, installation: string): string {
  return `${JSON.stringify(auditEvent(row, installation))}\n`;
}
