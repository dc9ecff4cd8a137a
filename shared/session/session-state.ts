import { z } from "zod";
import { roleSchema } from "../access/roles";
import { momentSchema } from "../clinical/identifiers";

/** Where a person was: restored after unlocking. Lives in the main process's memory only, never on disk. */
export const placeSchema = z.strictObject({
  area: z.enum(["ward", "patients", "patient", "assistant", "shifts", "audit", "administration", "settings"]),
  patientId: z.string().max(12).optional(),
  tab: z.string().max(40).optional(),
  /** The item of that tab to scroll to and mark, when a link led there. */
  itemId: z.uuid().optional(),
  chatId: z.uuid().optional(),
  dockOpen: z.boolean().optional(),
});
export type Place = z.infer<typeof placeSchema>;

export const personSchema = z.strictObject({
  staffId: z.string(),
  name: z.string(),
  username: z.string(),
  role: roleSchema,
  department: z.string(),
});
export type Person = z.infer<typeof personSchema>;

/** What the workspace needs to know of the session. Holds no token. */
export const sessionViewSchema = z.strictObject({
  person: personSchema,
  signedInAt: momentSchema,
  /** The shift that is on now, if any. */
  shift: z.strictObject({ ward: z.string(), wardName: z.string(), endsAt: momentSchema }).nullable(),
  idleSeconds: z.int(),
  /** How long before the lock the warning shows. */
  warningSeconds: z.int(),
  demo: z.boolean(),
  workstation: z.string(),
  place: placeSchema.nullable(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

/** What the lock page may show: who, since when, why. No patient data. */
export const lockViewSchema = z.strictObject({
  person: personSchema,
  signedInAt: momentSchema,
  lockedAt: momentSchema,
  reason: z.enum(["idle", "person", "suspend", "screen-lock", "expired", "clock"]),
});
export type LockView = z.infer<typeof lockViewSchema>;
export type LockReason = LockView["reason"];
