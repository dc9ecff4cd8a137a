import { z } from "zod";
import { roleSchema } from "../access/roles";
import { daySchema, momentSchema, patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { auditActionSchema } from "./actions";

const oneLine = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, "One line of text.");

/** A calendar day of the database's clock, or a moment with its offset. */
const daysAndMoments = z.union([daySchema, momentSchema]);

/** What entries can be asked for, datum by datum; what is left out is not asked. `staff_name` is a part of the name. */
export const auditFilterShape = {
  action: auditActionSchema.optional(),
  outcome: z.enum(["granted", "denied"]).optional(),
  staff_id: oneLine(40).optional(),
  staff_name: oneLine(80).optional(),
  staff_role: roleSchema.optional(),
  patient_id: patientNumberSchema.optional(),
  workstation: oneLine(80).optional(),
  session: uuidSchema.optional(),
  tool: oneLine(80).optional(),
  /** A part of the details as they are stored: reasons, fields, figures. They hold nothing of a chart. */
  detail: oneLine(80).optional(),
  /** From this day or moment on. */
  from: daysAndMoments.optional(),
  /** To the end of this day, or of this minute. */
  to: daysAndMoments.optional(),
} as const;
export const auditFilterSchema = z.strictObject(auditFilterShape);
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** By which datum entries can be put in order; `patients` is their number. */
export const auditSorts = [
  "at",
  "person",
  "role",
  "action",
  "tool",
  "outcome",
  "patients",
  "detail",
  "workstation",
  "session",
  "chain",
] as const;
export const auditSortSchema = z.enum(auditSorts);
export type AuditSort = z.infer<typeof auditSortSchema>;

/** The filter in words for the audit's own entry about the reading: what somebody looked for. At most 180 characters. */
export function filterWords(filter: Readonly<Record<string, unknown>>): string {
  const asked = Object.keys(auditFilterShape).flatMap((name) => {
    const wanted = filter[name];
    return typeof wanted === "string" ? [`${name.replace("_", " ")} ${wanted}`] : [];
  });
  return asked.length === 0 ? "" : `asked for ${asked.join(", ")}`.slice(0, 180);
}
