import { z } from "zod";

/** A patient number as it is printed on the wristband, e.g. `FCE57`. Case is folded before any look-up. */
export const patientNumberSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{3,12}$/u, "A patient number has 3 to 12 letters and digits, such as FCE57.")
  .describe("Patient number as on the wristband, e.g. FCE57");

/** A moment in ISO 8601 with an offset, as PostgreSQL and JSON both write it. */
export const momentSchema = z.iso.datetime({ offset: true });
/** A calendar day, `YYYY-MM-DD`. */
export const daySchema = z.iso.date();
export const uuidSchema = z.uuid();
