import { z } from "zod";
import { configurationItemSchema } from "../workstation/configuration";
import { connectionChoiceSchema, connectionTestSchema, connectionViewSchema } from "../workstation/connection";
import { healthReportSchema } from "../workstation/health";
import { updateViewSchema } from "../workstation/updates";
import { command } from "./define";

const nothing = z.strictObject({});

/** The workstation itself: its database, its configuration, its health and its updates. */
export const workstationCommands = {
  "connection.view": command("none", nothing, connectionViewSchema),
  /** Opens one connection, changes nothing, and says step by step what is right and what is not. */
  "connection.test": command("none", connectionChoiceSchema, connectionTestSchema),
  /** Keeps the choice and joins that database. Refused with `CONFIGURATION_LOCKED` where IT decided, and while a hospital is open here. */
  "connection.choose": command("none", connectionChoiceSchema, nothing),
  /** Back to a database of this machine's own. */
  "connection.forget": command("none", nothing, nothing),
  "configuration.view": command("active", nothing, z.strictObject({ items: z.array(configurationItemSchema) })),
  /** Looks at everything now; takes a few seconds where something does not answer. Admin only. */
  "health.read": command("active", nothing, healthReportSchema),
  /** Asks where to save and writes the diagnostic bundle; `saved` is false when the person changed their mind. Admin only. */
  "health.saveBundle": command("active", nothing, z.strictObject({ saved: z.boolean(), file: z.string().nullable() })),
  "updates.view": command("none", nothing, updateViewSchema),
  /** Asks the feed now. Admin only. */
  "updates.check": command("active", nothing, updateViewSchema),
  /** Starts the version that is installed already; everybody, and by itself while nobody is signed in. */
  "updates.restart": command("none", nothing, nothing),
} as const;
