import { z } from "zod";
import { modelViewSchema } from "../assistant/turn";
import { failureCodes } from "../failure";
import { command } from "./define";

const nothing = z.strictObject({});

export const appStatusSchema = z.strictObject({
  /** `empty` is a database without a hospital: the first start. */
  phase: z.enum(["starting", "empty", "loading-demo", "ready", "unavailable"]),
  /** A sentence for the person where the phase needs one. */
  message: z.string().nullable(),
  /** Why it is `unavailable`, where that is known: a schema that does not fit is told apart from a network that is away. */
  reason: z.enum(failureCodes).optional(),
  database: z.enum(["embedded", "central"]),
  demo: z.boolean(),
  version: z.string(),
  model: modelViewSchema,
  /** Standing warnings, e.g. that the machine has no key store, in words. */
  notices: z.array(z.string()),
});
export type AppStatus = z.infer<typeof appStatusSchema>;

export const settingsSchema = z.strictObject({
  appearance: z.enum(["system", "light", "dark"]),
  textSize: z.enum(["normal", "large"]),
  dockWidth: z.int().min(320).max(900),
});
export type Settings = z.infer<typeof settingsSchema>;

export const appCommands = {
  "app.status": command("none", nothing, appStatusSchema),
  "hospital.loadDemo": command("none", nothing, nothing),
  "settings.read": command("none", nothing, settingsSchema),
  "settings.change": command("active", settingsSchema.partial(), settingsSchema),
} as const;
