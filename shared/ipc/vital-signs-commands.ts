import { z } from "zod";
import { momentSchema, patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { observationSetSchema } from "../clinical/observation-set";
import { refusalDecisions } from "../clinical/refused-observation";
import { command } from "./define";

/** One set on its way to the chart. `submission` becomes its id: pressed twice, or sent again after a lost answer, it is one set. */
export const setToRecordSchema = z.strictObject({
  submission: z.uuidv7(),
  patient_id: patientNumberSchema,
  /** When it was taken; at most 24 hours ago. */
  recorded_at: momentSchema,
  set: observationSetSchema,
});
export type SetToRecord = z.infer<typeof setToRecordSchema>;

export const vitalSignsCommands = {
  "vitals.record": command(
    "active",
    setToRecordSchema,
    z.strictObject({
      /** `queued`: kept, sealed, on this workstation while the network is away; `already`: this very set was stored before. */
      state: z.enum(["stored", "already", "queued"]),
      patient_id: z.string(),
      recorded_at: momentSchema,
    }),
  ),
  /** How many refused entries wait for this person. A number, no patient. */
  "attention.count": command("active", z.strictObject({}), z.strictObject({ count: z.int() })),
  /** Makes a refused entry one's own, or puts it aside; the reason is kept with it. */
  "attention.settle": command(
    "active",
    z.strictObject({
      refusal: uuidSchema,
      decision: z.enum(refusalDecisions),
      reason: z.string().trim().min(3).max(500),
    }),
    z.strictObject({}),
  ),
} as const;
