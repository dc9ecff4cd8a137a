import { z } from "zod";
import { emergencyReviewSchema } from "../emergency/break-glass";
import { declareTool } from "./declare";

export const emergencyTools = {
  get_emergency_reviews: declareTool({
    title: "Emergency access",
    description: "Every try at opening a chart in an emergency, with why, what was read, and the verdict about it.",
    effect: "read",
    permission: "break-glass.review",
    discloses: ["break-glass.review", "audit.read"],
    scope: "audit",
    audit: "AUDIT_READ",
    offered: false,
    input: z.strictObject({ state: z.enum(["waiting", "judged"]).default("waiting") }),
    output: z.strictObject({
      reviews: z.array(emergencyReviewSchema),
      /** Whether there are more than are listed here. */
      truncated: z.boolean(),
    }),
  }),
} as const;
