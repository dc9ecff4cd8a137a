import { z } from "zod";

/** One item of the workstation's configuration as a person may see it: what holds, and who decided it. */
export const configurationItemSchema = z.strictObject({
  /** The dotted name that the managed file uses, e.g. `lock.idleSeconds`. */
  name: z.string(),
  title: z.string(),
  /** In words; a secret reads "set" or "not set". */
  value: z.string(),
  source: z.enum(["managed", "environment", "chosen", "default"]),
  /** Set by the managed file: nobody can change it in the app. */
  locked: z.boolean(),
});
export type ConfigurationItem = z.infer<typeof configurationItemSchema>;
