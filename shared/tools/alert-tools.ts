import { z } from "zod";
import { alertSchema } from "../alerts/alert";
import { declareTool } from "./declare";

export const alertTools = {
  get_alerts: declareTool({
    title: "Alerts",
    description: "What the rules over the audit found, open alerts first, newest first.",
    effect: "read",
    permission: "alerts.read",
    discloses: ["alerts.read"],
    scope: "audit",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({ state: z.enum(["open", "handled"]).default("open") }),
    output: z.strictObject({
      alerts: z.array(alertSchema),
      /** Whether there are more than are listed here. */
      truncated: z.boolean(),
    }),
  }),
} as const;
