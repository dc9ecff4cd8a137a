import { z } from "zod";
import { auditActionSchema } from "../audit/actions";
import { daySchema, momentSchema, patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { marked } from "../clinical/sensitivity";
import { declareTool } from "./declare";

const text = marked("public", z.string());

export const auditEntrySchema = z.strictObject({
  chain: marked("public", uuidSchema),
  sequence: z.int(),
  at: marked("public", momentSchema),
  action: marked("public", auditActionSchema),
  tool: text.nullable(),
  outcome: text,
  staff_id: text.nullable(),
  staff_name: marked("staff", z.string()).nullable(),
  role: text.nullable(),
  patient_ids: z.array(marked("public", z.string())),
  workstation: text.nullable(),
  detail: text.nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const filter = {
  action: auditActionSchema.optional(),
  staff_id: z.string().trim().min(1).max(40).optional(),
  patient_id: patientNumberSchema.optional(),
  outcome: z.enum(["granted", "denied"]).optional(),
  from: daySchema.optional(),
  to: daySchema.optional(),
  /** How many of the newest entries to pass over. */
  offset: z.int().min(0).max(1_000_000).default(0),
  limit: z.int().min(1).max(500).default(100),
};
const page = z.strictObject({ entries: z.array(auditEntrySchema), total: z.int(), offset: z.int() });

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
    input: z.strictObject(filter),
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
    input: z.strictObject(filter),
    output: page,
  }),
  verify_audit_chain: declareTool({
    title: "Verify chain",
    description: "Recomputes every hash of the audit and compares each chain with its head.",
    effect: "read",
    permission: "audit.read",
    discloses: ["audit.read"],
    scope: "audit",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({}),
    output: z.strictObject({
      intact: z.boolean(),
      chains: z.int(),
      entries: z.int(),
      /** The first faults found, in words, each with its chain and sequence. */
      faults: z.array(text),
      verified_at: marked("public", momentSchema),
    }),
  }),
} as const;
