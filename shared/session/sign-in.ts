import { z } from "zod";
import { sessionViewSchema } from "./session-state";

/** A one-time code of an authenticator (six digits), or one of the recovery codes; spaces and dashes are of no account. */
export const codeSchema = z.string().trim().min(6).max(40);
export const passwordSchema = z.string().min(1).max(256);

/** What an authenticator app is shown, once. The secret is base32 (RFC 4648) for who types it. */
export const enrolmentSchema = z.strictObject({ uri: z.string(), secret: z.string() });
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** Shown once, when a second factor is set up; each opens the account one time in place of a code. */
export const recoveryCodesSchema = z.strictObject({ recoveryCodes: z.array(z.string()) });

/** How far a sign-in is. Every step but `done` shows no data; a step that is left is a sign-in that did not happen. */
export const signInStepSchema = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("done"), session: sessionViewSchema }),
  /** The password was right; the code of the second factor is wanted. */
  z.strictObject({ step: z.literal("code") }),
  /** A password that somebody else gave must be replaced by an own one. */
  z.strictObject({ step: z.literal("password-change"), username: z.string() }),
  /** The role's rule demands a second factor and there is none yet. */
  z.strictObject({ step: z.literal("enrolment") }),
]);
export type SignInStep = z.infer<typeof signInStepSchema>;
