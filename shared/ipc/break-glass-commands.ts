import { z } from "zod";
import { patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import {
  breakGlassReasonSchema,
  emergencySchema,
  emergencyStateSchema,
  reviewVerdictSchema,
  WORDS_LIMIT,
} from "../emergency/break-glass";
import { codeSchema, passwordSchema } from "../session/sign-in";
import { command } from "./define";

const nothing = z.strictObject({});

/** Emergency access to one chart, and the verdicts about it. Nothing of it is there without the network. */
export const breakGlassCommands = {
  "emergency.state": command("active", nothing, emergencyStateSchema),
  /**
   * Announces, proves the person again and opens the chart. A wrong password may be typed again within two minutes: the
   * announcement that was made stands.
   */
  "emergency.open": command(
    "active",
    z.strictObject({
      patient_id: patientNumberSchema,
      reason: breakGlassReasonSchema,
      words: z.string().trim().max(WORDS_LIMIT),
      password: passwordSchema,
      code: codeSchema.optional(),
    }),
    emergencySchema,
  ),
  /** Ends it, wherever it was opened. No error where there is none. */
  "emergency.end": command("active", nothing, nothing),
  /** The person has read that an emergency of theirs ended while they were away (`session.pulse`). */
  "emergency.endRead": command("active", nothing, nothing),
  /** A verdict; without `verdict` an addition to the one that was given. `submission` is made once for a form that is sent. */
  "emergency.review": command(
    "active",
    z.strictObject({
      id: uuidSchema,
      submission: uuidSchema,
      verdict: reviewVerdictSchema.nullable(),
      note: z.string().trim().max(1000),
    }),
    nothing,
  ),
} as const;
