import { z } from "zod";
import { roleSchema } from "../access/roles";
import { momentSchema, uuidSchema } from "../clinical/identifiers";
import { marked } from "../clinical/sensitivity";

/** The closed list of what raises an alert, with its words. The figures that count as too much are PostgreSQL's. */
export const alertRules = {
  "break-glass": "Emergency access asked for",
  "break-glass-refused": "Emergency access refused",
  "token-reuse": "An old session token was used again",
  "many-patients": "Many charts in an hour",
  "many-search-hits": "Many search results in an hour",
  "sequential-numbers": "Patient numbers tried one after the other",
  "repeated-denials": "Refused again and again",
  "off-ward": "Asked for patients of other wards",
  "own-record": "Opened the own record",
  "same-surname": "Opened the record of somebody with the same surname",
  "bulk-export": "Audit exported more than once in a day",
  "sign-in-failures": "Wrong passwords for one account",
  "password-spraying": "Wrong passwords for many names at one workstation",
  "request-rate": "More requests than a person can make",
  "both-factors-reset": "Password and second factor of one person reset",
  "outbox-refused": "An entry made without network was refused",
  "outbox-forged": "An entry from a workstation was not genuine",
} as const;
export type AlertRule = keyof typeof alertRules;

export function isAlertRule(rule: string): rule is AlertRule {
  return Object.hasOwn(alertRules, rule);
}

export const verdicts = ["expected", "unclear", "misuse"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

const text = marked("public", z.string());
const staff = marked("staff", z.string());
const moment = marked("public", momentSchema);

export const alertSchema = z.strictObject({
  id: marked("public", uuidSchema),
  at: moment,
  last_at: moment,
  rule: text,
  /** `urgent` asks for somebody now, `review` for a look. */
  severity: marked("public", z.enum(["urgent", "review"])),
  repeats: z.int(),
  staff_id: text.nullable(),
  staff_name: staff.nullable(),
  staff_role: marked("public", roleSchema).nullable(),
  staff_disabled: z.boolean(),
  /** Whose sign-in it is about, where that is not the person who acted. */
  about_staff_id: text.nullable(),
  about_staff_name: staff.nullable(),
  session_id: marked("public", uuidSchema).nullable(),
  session_open: z.boolean(),
  workstation: text.nullable(),
  /** The first 200; `patients` counts them all. */
  patient_numbers: z.array(text),
  patients: z.int(),
  /** How many were counted in how many minutes, where the rule counts. */
  count: z.int().nullable(),
  minutes: z.int().nullable(),
  handled_at: moment.nullable(),
  handled_by: staff.nullable(),
  verdict: marked("public", verdictSchema).nullable(),
  note: text.nullable(),
});
export type Alert = z.infer<typeof alertSchema>;
