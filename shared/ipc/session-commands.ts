import { z } from "zod";
import { roleSchema } from "../access/roles";
import { pulseViewSchema } from "../session/pulse";
import { lockViewSchema, placeSchema, sessionViewSchema } from "../session/session-state";
import { codeSchema, enrolmentSchema, passwordSchema, recoveryCodesSchema, signInStepSchema } from "../session/sign-in";
import { command } from "./define";

const nothing = z.strictObject({});

export const sessionCommands = {
  "session.signIn": command(
    "none",
    z.strictObject({ username: z.string().trim().min(1).max(80), password: passwordSchema }),
    signInStepSchema,
  ),
  /** The code that step `code` wants. A wrong one counts like a wrong password; the next can be typed at once. */
  "session.verifyCode": command("none", z.strictObject({ code: codeSchema }), signInStepSchema),
  /** Step `password-change`. The account's other sessions end. */
  "session.choosePassword": command("none", z.strictObject({ password: passwordSchema }), signInStepSchema),
  /** Step `enrolment`: what the authenticator app is shown, then the first code from it. Then `session.current` answers. */
  "session.startEnrolment": command("none", nothing, enrolmentSchema),
  "session.confirmEnrolment": command("none", z.strictObject({ code: codeSchema }), recoveryCodesSchema),
  /** Leaves an unfinished sign-in. */
  "session.cancelSignIn": command("none", nothing, nothing),
  /** The demo hospital's accounts; empty in any other hospital. */
  "session.demoAccounts": command(
    "none",
    nothing,
    z.strictObject({ accounts: z.array(z.strictObject({ role: roleSchema, name: z.string() })) }),
  ),
  "session.signInDemo": command("none", z.strictObject({ role: roleSchema }), signInStepSchema),
  "session.current": command("active", nothing, sessionViewSchema),
  /** What the last pulse said; the event of the same name tells of changes. */
  "session.pulse": command("active", nothing, pulseViewSchema),
  "session.remember": command("active", placeSchema, nothing),
  "session.stay": command("active", nothing, nothing),
  "session.lock": command("active", nothing, nothing),
  "session.signOut": command("active", nothing, nothing),
  "session.lockView": command("locked", nothing, lockViewSchema),
  /** Needs a `code` only where the session ended meanwhile and its person has a second factor: CODE_REQUIRED says so. */
  "session.unlock": command(
    "locked",
    z.strictObject({ password: passwordSchema, code: codeSchema.optional() }),
    nothing,
  ),
  /** To the sign-in page, with the name of `staffId` in its field where that person's session waits here. */
  "session.switchUser": command("locked", z.strictObject({ staffId: z.string().max(40).optional() }), nothing),
} as const;
