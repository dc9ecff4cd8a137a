import { z } from "zod";
import { passwordSchema, signInStepSchema } from "../session/sign-in";
import { arrivalSchema } from "../session/waiting";
import { command } from "./define";

const nothing = z.strictObject({});
const oneTimeCode = z.strictObject({ code: z.string().trim().min(6).max(12) });

/** Coming back, and changing places, on one workstation. */
export const lockCommands = {
  /** Ctrl+Shift+L: locks and goes straight to the sign-in of somebody else. */
  "session.lockAndSwitch": command("active", nothing, nothing),
  /** What the sign-in page shows beside its fields. */
  "session.arrival": command("none", nothing, arrivalSchema),
  /**
   * Badge and code, where the role's rule says so: opens the own session that a password began and that waits on this
   * workstation. Drafts, chats and identity data stay sealed until `session.unseal`. On the lock page the other window
   * opens, as after `session.unlock`.
   */
  "session.unlockByBadge": command("locked", oneTimeCode, nothing),
  /** The same on the sign-in page. */
  "session.signInByBadge": command("none", oneTimeCode, signInStepSchema),
  /** In a session that a badge opened: the password opens the rest. Then `session.current` says `sealed: false`. */
  "session.unseal": command("active", z.strictObject({ password: passwordSchema }), nothing),
} as const;
