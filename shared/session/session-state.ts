import { z } from "zod";
import { roleSchema } from "../access/roles";
import { momentSchema } from "../clinical/identifiers";
import { badgeStateSchema, waitingPersonSchema } from "./waiting";

/** Where a person was: restored after unlocking. In the main process's memory; elsewhere sealed with the person's drafts. */
export const placeSchema = z.strictObject({
  area: z.enum([
    "ward",
    "patients",
    "patient",
    "assistant",
    "shifts",
    "audit",
    "compliance",
    "administration",
    "settings",
    "attention",
  ]),
  patientId: z.string().max(12).optional(),
  tab: z.string().max(40).optional(),
  /** The item of that tab to scroll to and mark, when a link led there. */
  itemId: z.uuid().optional(),
  /** The form of that tab that was asked for: it takes the keyboard. */
  form: z.enum(["observations"]).optional(),
  chatId: z.uuid().optional(),
  /** How an area showed what it shows (filter, order, page), in that area's own JSON. */
  view: z.string().max(2000).optional(),
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
  /** A badge opened it: drafts, chats and identity data stay sealed until the password is typed (`session.unseal`). */
  sealed: z.boolean().optional(),
  /** Opened without the database: the ward's copy can be read and vital signs entered, nothing else. */
  offline: z.boolean().optional(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

/** Who locked, since when, why. No patient data. */
export const lockedSessionSchema = z.strictObject({
  person: personSchema,
  signedInAt: momentSchema,
  lockedAt: momentSchema,
  reason: z.enum([
    "idle",
    "person",
    "suspend",
    "screen-lock",
    "expired",
    "clock",
    "revoked",
    "refused",
    "network",
    "offline-over",
  ]),
});
export type LockedSession = z.infer<typeof lockedSessionSchema>;

/** What the lock page may show. No patient data. */
export const lockViewSchema = lockedSessionSchema.extend({
  /** Others who locked here before; choosing one leads to their sign-in. */
  waiting: z.array(waitingPersonSchema),
  badge: badgeStateSchema,
  connected: z.boolean(),
  /** Whether this workstation holds what lets this very person unlock while the network is away. */
  unlocksOffline: z.boolean(),
});
export type LockView = z.infer<typeof lockViewSchema>;
export type LockReason = LockView["reason"];
