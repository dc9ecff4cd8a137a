import { z } from "zod";
import { roleSchema } from "../access/roles";
import { auditActionSchema } from "../audit/actions";
import { auditFilterShape, auditSortSchema } from "../audit/filter";
import { momentSchema, patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { marked } from "../clinical/sensitivity";
import { declareTool } from "./declare";

const text = marked("public", z.string());
const moment = marked("public", momentSchema);
const id = marked("public", uuidSchema);
const count = z.int().min(0);

export const auditEntrySchema = z.strictObject({
  chain: id,
  sequence: z.int(),
  at: moment,
  action: marked("public", auditActionSchema),
  tool: text.nullable(),
  outcome: text,
  staff_id: text.nullable(),
  staff_name: marked("staff", z.string()).nullable(),
  role: text.nullable(),
  patient_ids: z.array(marked("public", z.string())),
  workstation: text.nullable(),
  /** Of the workstation, and of the app that ran on it; null for what happened without a session or a sign-in. */
  address: text.nullable(),
  app_version: text.nullable(),
  detail: text.nullable(),
  /** The session that the entry is about; null for what happened without one. */
  session: id.nullable(),
  /** Hexadecimal; null where only one's own entries may be read. */
  previous_hash: text.nullable(),
  hash: text.nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const { staff_id: _one, staff_name: _name, staff_role: _role, ...filterOfOnePerson } = auditFilterShape;
const paging = {
  sort: auditSortSchema.default("at"),
  direction: z.enum(["ascending", "descending"]).default("descending"),
  /** How many entries to pass over. */
  offset: z.int().min(0).max(1_000_000).default(0),
  limit: z.int().min(1).max(500).default(100),
};
const page = z.strictObject({ entries: z.array(auditEntrySchema), total: count, offset: count });

export const auditSessionSchema = z.strictObject({
  session: id,
  staff_id: text,
  staff_name: marked("staff", z.string()),
  role: text,
  workstation: text,
  address: text,
  app_version: text,
  started_at: moment,
  last_seen: moment,
  ended_at: moment.nullable(),
  ended_because: text.nullable(),
  entries: count,
});
export type AuditSession = z.infer<typeof auditSessionSchema>;

export const affectedPatientSchema = z.strictObject({
  patient_id: marked("public", z.string()),
  /** Absent where the role may not know names. */
  name: marked("name", z.string()).nullable(),
  first_at: moment,
  last_at: moment,
  /** Entries about this patient that were granted, and refused. */
  granted: count,
  refused: count,
});
export type AffectedPatient = z.infer<typeof affectedPatientSchema>;

export const patientAccessSchema = z.strictObject({
  at: moment,
  action: marked("public", auditActionSchema),
  tool: text.nullable(),
  outcome: text,
  staff_id: text.nullable(),
  staff_name: marked("staff", z.string()).nullable(),
  role: text.nullable(),
  workstation: text.nullable(),
  session: id.nullable(),
  chain: id,
  sequence: z.int(),
  /** How many other patients the same entry is about, as in a ward list. */
  others: count,
  detail: text.nullable(),
});

export const auditTools = {
  get_my_access_history: declareTool({
    title: "My access history",
    description: "The audit entries of the person who is signed in, newest first.",
    effect: "read",
    permission: "own-audit.read",
    discloses: ["own-audit.read"],
    scope: "own",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({ ...filterOfOnePerson, ...paging }),
    output: page,
  }),
  get_audit_trail: declareTool({
    title: "Audit trail",
    description: "The whole audit trail, newest first.",
    effect: "read",
    permission: "audit.read",
    discloses: ["audit.read"],
    scope: "audit",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({ ...auditFilterShape, ...paging }),
    output: page,
  }),
  get_session_forensics: declareTool({
    title: "Session forensics",
    description:
      "The sessions of a person, a workstation or a time; of one session everything that it saw, in order, and the patients it saw.",
    effect: "read",
    permission: "audit.read",
    discloses: ["audit.read", "overview.read"],
    scope: "audit",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({
      session: auditFilterShape.session,
      staff_id: auditFilterShape.staff_id,
      workstation: auditFilterShape.workstation,
      from: auditFilterShape.from,
      to: auditFilterShape.to,
      /** Sessions to pass over; with `session`, its entries. */
      offset: z.int().min(0).max(1_000_000).default(0),
      limit: z.int().min(1).max(2000).default(100),
    }),
    output: z.strictObject({
      sessions: z.array(auditSessionSchema),
      total: count,
      offset: count,
      /** Only where one session was asked for: its entries, oldest first. */
      opened: z
        .strictObject({ patients: z.array(affectedPatientSchema), entries: z.array(auditEntrySchema), total: count })
        .nullable(),
    }),
  }),
  get_patient_accesses: declareTool({
    title: "Who has looked at this patient",
    description: "Every audit entry about one patient, newest first, and how often each person is among them.",
    effect: "read",
    permission: "patient-audit.read",
    discloses: ["patient-audit.read", "overview.read"],
    scope: "patient",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({
      patient_id: patientNumberSchema,
      from: auditFilterShape.from,
      to: auditFilterShape.to,
      offset: z.int().min(0).max(1_000_000).default(0),
      limit: z.int().min(1).max(2000).default(1000),
    }),
    output: z.strictObject({
      patient_id: marked("public", z.string()),
      name: marked("name", z.string()),
      people: z.array(
        z.strictObject({
          staff_id: text.nullable(),
          staff_name: marked("staff", z.string()).nullable(),
          role: marked("public", roleSchema).nullable(),
          granted: count,
          refused: count,
          first_at: moment,
          last_at: moment,
        }),
      ),
      entries: z.array(patientAccessSchema),
      total: count,
      offset: count,
    }),
  }),
  verify_audit_chain: declareTool({
    title: "Verify chain",
    description:
      "Recomputes every hash of the audit, compares each chain with its head, and both with the anchors that are kept outside the database.",
    effect: "read",
    permission: "audit.read",
    discloses: ["audit.read"],
    scope: "audit",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({}),
    output: z.strictObject({
      /** Neither the chain nor the anchors found a fault. Anchors that could not be asked are no fault: see `anchors`. */
      intact: z.boolean(),
      chains: z.int(),
      entries: z.int(),
      /** The first faults found, in words, each with its chain and sequence. */
      faults: z.array(text),
      anchors: z.strictObject({
        state: marked("public", z.enum(["agree", "differ", "not-checked"])),
        /** One sentence or two for a person. */
        message: text,
        /** How many anchors were read. */
        anchors: count,
        last_at: moment.nullable(),
        faults: z.array(text),
        notices: z.array(text),
      }),
      verified_at: moment,
    }),
  }),
} as const;
