import { z } from "zod";
import { roleSchema } from "../access/roles";
import { momentSchema, uuidSchema } from "../clinical/identifiers";

/** A session as its own person, or an administrator, may see it. */
export const sessionSummarySchema = z.strictObject({
  id: uuidSchema,
  workstation: z.string(),
  startedAt: momentSchema,
  lastSeenAt: momentSchema,
  state: z.enum(["open", "locked"]),
  current: z.boolean(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;

export const accountViewSchema = z.strictObject({
  passwordChangedAt: momentSchema.nullable(),
  secondFactor: z.strictObject({
    /** When it was set up; null: there is none. */
    since: momentSchema.nullable(),
    /** Whether the role's rule demands one. */
    required: z.boolean(),
    recoveryCodesLeft: z.int(),
  }),
  badge: z.strictObject({ since: momentSchema.nullable(), allowed: z.boolean() }),
  sessions: z.array(sessionSummarySchema),
});
export type AccountView = z.infer<typeof accountViewSchema>;

/** What a badge may do for a role: nothing; stand for the username; or, with a code, open the session again without a password. */
export const badgeRules = ["off", "with-password", "with-code"] as const;
export type BadgeRule = (typeof badgeRules)[number];

/** The sign-in rules of one role. */
export const signInRuleSchema = z.strictObject({
  role: roleSchema,
  secondFactor: z.enum(["optional", "required"]),
  badge: z.enum(badgeRules),
});
export type SignInRule = z.infer<typeof signInRuleSchema>;

export const staffAccountSchema = z.strictObject({
  staffId: z.string(),
  username: z.string(),
  name: z.string(),
  role: roleSchema,
  department: z.string(),
  disabledAt: momentSchema.nullable(),
  /** Until when wrong passwords keep the account shut. */
  lockedUntil: momentSchema.nullable(),
  secondFactor: z.boolean(),
  /** False: on the staff list, but nobody gave them a password yet, so that nobody can sign in with the account. */
  hasPassword: z.boolean(),
  mustChangePassword: z.boolean(),
  openSessions: z.int(),
  lastSignInAt: momentSchema.nullable(),
});
export type StaffAccount = z.infer<typeof staffAccountSchema>;

export const newStaffSchema = z.strictObject({
  staffId: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{2,20}$/u, "letters, digits and dashes, 2 to 20 of them"),
  username: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z][a-z0-9._-]{1,39}$/u, "small letters, digits, dots and dashes, beginning with a letter"),
  name: z.string().trim().min(1).max(80),
  role: roleSchema,
  department: z.string().trim().min(1).max(80),
});

/** A password that is shown once and must be replaced at the first sign-in. */
export const temporaryPasswordSchema = z.strictObject({ temporaryPassword: z.string() });
