import { z } from "zod";
import { verdictSchema } from "../alerts/alert";
import { uuidSchema } from "../clinical/identifiers";
import { command } from "./define";

/** Reading the list is the tool `get_alerts`; ending a session and disabling a person are commands of `people`. */
export const alertCommands = {
  "alerts.handle": command(
    "active",
    z.strictObject({ alert: uuidSchema, verdict: verdictSchema, note: z.string().trim().max(1000) }),
    z.strictObject({}),
  ),
} as const;
