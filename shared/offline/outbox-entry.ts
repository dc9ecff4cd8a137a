import { z } from "zod";
import { momentSchema, patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { observationSetSchema } from "../clinical/observation-set";

/**
 * What waits in the outbox, as the text that is authenticated: PostgreSQL checks the MAC over exactly these bytes before it
 * parses them. `id` becomes the row's id, so that a second copy changes nothing.
 */
export const outboxEntrySchema = z.strictObject({
  v: z.literal(1),
  /** uuidv7, made where the set was typed. */
  id: uuidSchema,
  staff: z.string().min(1).max(40),
  /** The session that the person was last known in online; the key was issued to it. */
  session: uuidSchema,
  workstation: z.string().min(1).max(80),
  /** Patient number as on the wristband. */
  patient: patientNumberSchema,
  /** When it was measured; the care team is judged at this time. */
  recorded_at: momentSchema,
  /** When it was saved, by this workstation's clock. */
  entered_at: momentSchema,
  set: observationSetSchema,
});
export type OutboxEntry = z.infer<typeof outboxEntrySchema>;

/** An entry with its proof: HMAC-SHA-256 over the UTF-8 bytes of `payload` under the key that the database issued. */
export interface AuthenticatedEntry {
  readonly keyId: string;
  /** JSON of an `OutboxEntry`. */
  readonly payload: string;
  readonly mac: Uint8Array;
}
