import { z } from "zod";
import { momentSchema } from "../clinical/identifiers";
import { observationSetSchema } from "../clinical/observation-set";

/** What this workstation knows about working without the network. Figures and times alone, nothing of a patient. */
export const offlineStateSchema = z.strictObject({
  /** Since when the database does not answer; null while it does. */
  awaySince: momentSchema.nullable(),
  /** The session was opened, or goes on, without the database. */
  session: z.boolean(),
  /** Whether anybody could sign in here without the database. Names nobody. */
  canSignIn: z.boolean(),
  /** Until when the signed-in person may work without the database; null where they may not. */
  until: momentSchema.nullable(),
  /** When the ward's copy was read; null where there is none for the signed-in person. */
  wardAsOf: momentSchema.nullable(),
  /** Sets of vital signs that wait here to be sent. */
  waiting: z.int(),
  /** Sets that the database did not take, or that cannot be read any more. */
  attention: z.int(),
  /** What was sent since the database came back; null until then. */
  sent: z.strictObject({ count: z.int(), at: momentSchema }).nullable(),
  /** A sentence where something keeps this workstation from working without the network, or weakens it. */
  notice: z.string().nullable(),
});
export type OfflineState = z.infer<typeof offlineStateSchema>;

/** One set that the database did not take, or a file that cannot be read. Whose it is not sees no more than that it is there. */
export const localAttentionSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(["refused", "unreadable"]),
  /** In words; null for an entry of somebody else. */
  reason: z.string().nullable(),
  own: z.boolean(),
  /** Whether the person who asks may take it off the list: the own ones, and files that nobody can read. */
  canSettle: z.boolean(),
  patient: z.string().nullable(),
  recordedAt: momentSchema.nullable(),
  enteredAt: momentSchema.nullable(),
});
export type LocalAttention = z.infer<typeof localAttentionSchema>;

/** One of the person's own sets that waits here to be sent. */
export const waitingSetSchema = z.strictObject({
  id: z.uuid(),
  recordedAt: momentSchema,
  enteredAt: momentSchema,
  set: observationSetSchema,
});
export type WaitingSet = z.infer<typeof waitingSetSchema>;

/** Where a set of vital signs is after "Save observations". */
export const savedSetSchema = z.strictObject({
  id: z.uuid(),
  /** `workstation`: it is on this machine's disk and goes to the database by itself when that is back. */
  where: z.enum(["database", "workstation"]),
});
export type SavedSet = z.infer<typeof savedSetSchema>;
