import { z } from "zod";
import { wardSnapshotSchema } from "../offline/ward-snapshot";
import { declareTool } from "./declare";

/** What the workstation reads by itself to keep for when the network is away. */
export const snapshotTools = {
  get_ward_snapshot: declareTool({
    title: "Ward copy for when the network is away",
    description:
      "The patients on the wards of the own shift with birth date, allergies, decision about resuscitation, medications and the vital signs of 24 hours.",
    effect: "read",
    permission: "ward.snapshot",
    discloses: [
      "overview.read",
      "placement.read",
      "birth-date.read",
      "allergies.read",
      "treatment-plans.read",
      "medications.read",
      "vital-signs.read",
      "own-shifts.read",
    ],
    scope: "ward",
    audit: "WARD_SNAPSHOT",
    offered: false,
    input: z.strictObject({}),
    output: wardSnapshotSchema,
  }),
} as const;
