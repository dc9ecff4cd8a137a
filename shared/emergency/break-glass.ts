import { z } from "zod";
import { roleSchema } from "../access/roles";
import { momentSchema, uuidSchema } from "../clinical/identifiers";
import { marked } from "../clinical/sensitivity";

/** The closed list of reasons, the same as PostgreSQL's. `other` is taken only with words of one's own. */
export const breakGlassReasons = [
  "cardiac-arrest",
  "unconscious",
  "transfer-arriving",
  "covering-colleague",
  "other",
] as const;
export const breakGlassReasonSchema = z.enum(breakGlassReasons);
export type BreakGlassReason = z.infer<typeof breakGlassReasonSchema>;

/** The longest text that may stand beside a reason. */
export const WORDS_LIMIT = 500;

/** The one chart that is open in an emergency at this workstation. */
export const emergencySchema = z.strictObject({
  patientId: z.string(),
  until: momentSchema,
  /** Seconds that are left by the database's clock, whatever this machine's says. */
  secondsLeft: z.int(),
});
export type Emergency = z.infer<typeof emergencySchema>;

export const emergencyStateSchema = z.strictObject({
  emergency: emergencySchema.nullable(),
  /** Whether this person's proof takes a one-time code beside the password. */
  codeNeeded: z.boolean(),
});
export type EmergencyState = z.infer<typeof emergencyStateSchema>;

export const reviewVerdicts = ["justified", "unclear", "not-justified"] as const;
export const reviewVerdictSchema = z.enum(reviewVerdicts);
export type ReviewVerdict = z.infer<typeof reviewVerdictSchema>;

/** What became of a try. `abandoned`: it was announced, and its person never came back to open it. */
export const emergencyOutcomes = [
  "announced",
  "opened",
  "abandoned",
  "BREAK_GLASS_DENIED",
  "BREAK_GLASS_OPEN",
  "BREAK_GLASS_LIMIT",
  "SIGN_IN_FAILED",
  "CODE_REQUIRED",
  "ACCOUNT_LOCKED",
  "INVALID_INPUT",
  "RBAC_DENIED",
  "NOT_ANNOUNCED",
] as const;
export type EmergencyOutcome = (typeof emergencyOutcomes)[number];

const text = marked("public", z.string());
const staff = marked("staff", z.string());
const moment = marked("public", momentSchema);

/** One try at emergency access, as it waits for a verdict or has one. */
export const emergencyReviewSchema = z.strictObject({
  id: marked("public", uuidSchema),
  at: moment,
  staff_id: text,
  staff_name: staff,
  staff_role: marked("public", roleSchema),
  workstation: text,
  /** As it was asked for; null where nothing was that could be a number. */
  patient_number: text.nullable(),
  /** Only of a chart that was opened. */
  patient_name: marked("name", z.string()).nullable(),
  reason: marked("public", breakGlassReasonSchema).nullable(),
  words: marked("clinical", z.string()).nullable(),
  outcome: marked("public", z.enum(emergencyOutcomes)),
  /** How often the password or the code was wrong. */
  proofs_failed: z.int(),
  /** How many refusals of this kind this one stands for. */
  repeats: z.int(),
  opened_at: moment.nullable(),
  until: moment.nullable(),
  ended_at: moment.nullable(),
  ended_because: text.nullable(),
  /** What was read of this patient while the chart was open, from the audit. */
  reads: z.array(z.strictObject({ tool: text, count: z.int() })),
  /** The verdict first, then what was added to it. */
  verdicts: z.array(
    z.strictObject({
      at: moment,
      by: staff,
      verdict: marked("public", reviewVerdictSchema).nullable(),
      note: marked("clinical", z.string()).nullable(),
    }),
  ),
});
export type EmergencyReview = z.infer<typeof emergencyReviewSchema>;
