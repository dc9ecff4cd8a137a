import { z } from "zod";
import {
  accountViewSchema,
  newStaffSchema,
  sessionSummarySchema,
  signInRuleSchema,
  staffAccountSchema,
  temporaryPasswordSchema,
} from "../account/account";
import { uuidSchema } from "../clinical/identifiers";
import { codeSchema, enrolmentSchema, passwordSchema, recoveryCodesSchema } from "../session/sign-in";
import { command } from "./define";

const nothing = z.strictObject({});
const staffId = z.string().min(1).max(40);
const reason = z.string().trim().min(3).max(200);

/** The own account, and for an administrator everybody's. */
export const accountCommands = {
  "account.view": command("active", nothing, accountViewSchema),
  /** Whether a password would be taken, while it is typed; `reason` is a sentence where it would not. Stores nothing. */
  "account.checkPassword": command(
    "none",
    z.strictObject({ password: z.string().max(256) }),
    z.strictObject({ acceptable: z.boolean(), reason: z.string().nullable() }),
  ),
  /** Ends every session of the person, this one too: the next page is the sign-in. */
  "account.changePassword": command(
    "active",
    z.strictObject({ current: passwordSchema, next: passwordSchema }),
    nothing,
  ),
  /** Whoever has a second factor already brings a code of it. */
  "account.startSecondFactor": command(
    "active",
    z.strictObject({ password: passwordSchema, code: codeSchema.optional() }),
    enrolmentSchema,
  ),
  "account.confirmSecondFactor": command("active", z.strictObject({ code: codeSchema }), recoveryCodesSchema),
  "account.removeSecondFactor": command(
    "active",
    z.strictObject({ password: passwordSchema, code: codeSchema }),
    nothing,
  ),
  "account.renewRecoveryCodes": command(
    "active",
    z.strictObject({ password: passwordSchema, code: codeSchema }),
    recoveryCodesSchema,
  ),
  /** Ends another session of one's own. */
  "account.endSession": command("active", z.strictObject({ sessionId: uuidSchema }), nothing),
  /** The next badge that the reader reads, within 30 seconds, becomes the person's own. */
  "account.addBadge": command("active", z.strictObject({ password: passwordSchema }), nothing),
  "account.removeBadge": command("active", nothing, nothing),

  "people.list": command("active", nothing, z.strictObject({ people: z.array(staffAccountSchema) })),
  "people.sessions": command(
    "active",
    z.strictObject({ staffId }),
    z.strictObject({ sessions: z.array(sessionSummarySchema) }),
  ),
  /** One session, or without `sessionId` all of that person. Open screens lock within 5 seconds. */
  "people.endSessions": command(
    "active",
    z.strictObject({ staffId, sessionId: uuidSchema.optional(), reason }),
    z.strictObject({ ended: z.int() }),
  ),
  "people.disable": command("active", z.strictObject({ staffId, reason }), nothing),
  "people.enable": command("active", z.strictObject({ staffId }), nothing),
  "people.add": command("active", newStaffSchema, temporaryPasswordSchema),
  /** The person's chats stay sealed under the password that is lost; identity data opens again. */
  "people.resetPassword": command("active", z.strictObject({ staffId, reason }), temporaryPasswordSchema),
  "people.resetSecondFactor": command("active", z.strictObject({ staffId, reason }), nothing),
  "people.rules": command("active", nothing, z.strictObject({ rules: z.array(signInRuleSchema) })),
  "people.changeRule": command("active", signInRuleSchema, nothing),
} as const;
