import { z } from "zod";
import { momentSchema, uuidSchema } from "./identifiers";
import { anyObservationSetSchema } from "./observation-set";
import { marked } from "./sensitivity";

/** Why PostgreSQL did not store an entry that was typed while the network was away; the words stand with the screen. */
export const refusalReasons = [
  "malformed",
  "wrong-author",
  "person-disabled",
  "session-revoked",
  "not-permitted",
  "expired-key",
  "in-future",
  "implausible",
  "not-care-team",
  "conflict",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** The same, and the one of which nothing is kept: no key of ours authenticates it. */
export const replayReasons = [...refusalReasons, "bad-mac"] as const;
export type ReplayReason = (typeof replayReasons)[number];

export const refusedObservationSchema = z.strictObject({
  id: marked("public", uuidSchema),
  /** The id that the workstation gave the entry, under which it may list the entry too. */
  entry_id: marked("public", z.guid()).nullable(),
  /** The number as it was typed; null where none can be read. */
  patient_id: marked("public", z.string().max(40)).nullable(),
  /** Absent from the reader's care, or no patient at all: null. */
  name: marked("name", z.string()).nullable(),
  ward: marked("clinical", z.string()).nullable(),
  bed: marked("clinical", z.string()).nullable(),
  entered_by: marked("staff", z.string()).nullable(),
  workstation: marked("public", z.string()),
  recorded_at: marked("clinical", momentSchema).nullable(),
  entered_at: marked("clinical", momentSchema).nullable(),
  refused_at: marked("public", momentSchema),
  reason: marked("public", z.enum(refusalReasons)),
  /** null where what was typed cannot be read as a set. */
  observations: anyObservationSetSchema.nullable(),
  /** Whether somebody on the care team can make it their own: the patient is theirs and the figures are possible. */
  can_be_taken: z.boolean(),
});
export type RefusedObservation = z.infer<typeof refusedObservationSchema>;

export const refusalDecisions = ["taken", "discarded"] as const;
export type RefusalDecision = (typeof refusalDecisions)[number];
