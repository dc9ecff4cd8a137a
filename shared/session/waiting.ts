import { z } from "zod";
import { roleSchema } from "../access/roles";
import { badgeRules } from "../account/account";
import { momentSchema } from "../clinical/identifiers";

/** Whose locked session waits on this workstation for its person, and since when. Nothing of a patient. */
export const waitingPersonSchema = z.strictObject({
  staffId: z.string(),
  name: z.string(),
  role: roleSchema,
  since: momentSchema,
});
export type WaitingPerson = z.infer<typeof waitingPersonSchema>;

/** What a badge does for whoever is meant. */
export const badgeStateSchema = z.strictObject({
  /** Whether this workstation has a reader. */
  present: z.boolean(),
  rule: z.enum(badgeRules),
});

/** What the reader read last, for the page that waits for it. */
export const badgeReadSchema = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("holder"),
    username: z.string(),
    name: z.string(),
    rule: z.enum(badgeRules),
    /** A code of the second factor opens their waiting session; otherwise the password is wanted. */
    codeIsEnough: z.boolean(),
  }),
  z.strictObject({ outcome: z.literal("unknown") }),
  /** Too many unknown badges in a short while, or a database that does not answer. */
  z.strictObject({ outcome: z.literal("unavailable") }),
]);
export type BadgeRead = z.infer<typeof badgeReadSchema>;

/** What the sign-in page knows beside its fields. */
export const arrivalSchema = z.strictObject({
  waiting: z.array(waitingPersonSchema),
  badge: z.strictObject({ present: z.boolean() }),
  /** Whom somebody chose on the lock page, or whose badge was read: their name stands in the field. */
  username: z.string().nullable(),
  read: badgeReadSchema.nullable(),
});
