import { z } from "zod";
import { momentSchema } from "../clinical/identifiers";

/** What the database says of the own session every few seconds. Asking keeps no session awake. */
export const pulseSchema = z.strictObject({
  /** Open alerts, for who handles them; 0 for everybody else. */
  alerts: z.int(),
  /** Emergency access that waits for a verdict, for who gives it; 0 for everybody else. */
  reviews: z.int(),
  /** The one chart that is open in an emergency. */
  breakGlass: z.strictObject({ patientId: z.string(), until: momentSchema }).nullable(),
});
/** What a page is told of it. */
export const pulseViewSchema = pulseSchema.extend({
  /** The patient whose emergency ended while its person was away from the screen, until they have read so. */
  emergencyEnded: z.string().optional(),
});
export type Pulse = z.infer<typeof pulseViewSchema>;
