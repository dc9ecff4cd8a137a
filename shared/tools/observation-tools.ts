import { z } from "zod";
import * as chart from "../clinical/chart";
import { momentSchema } from "../clinical/identifiers";
import { refusedObservationSchema } from "../clinical/refused-observation";
import { marked } from "../clinical/sensitivity";
import { declareTool } from "./declare";

/** What the screens for recording vital signs ask; neither models nor MCP clients are offered these. */
export const observationTools = {
  get_observation_form: declareTool({
    title: "Form for observations",
    description:
      "What the form for a new set of vital signs needs of a patient: whether NEWS2 applies, and which SpO2 scale was used last.",
    effect: "read",
    permission: "vital-signs.record",
    discloses: ["vital-signs.record", "vital-signs.read", "overview.read"],
    scope: "patient",
    audit: "ACCESS",
    offered: false,
    input: z.strictObject({ patient_id: chart.patientNumber }),
    output: z.strictObject({
      patient_id: chart.patientNumber,
      birth_year: z.int().nullable(),
      pregnant: z.boolean(),
      /** The scale of the last set that names one; null when none ever did. */
      spo2_scale: z.union([z.literal(1), z.literal(2)]).nullable(),
    }),
  }),
  get_refused_observations: declareTool({
    title: "Needs attention",
    description:
      "Vital signs that were entered while the network was away and that the database did not store: of the own care team's patients, and the own ones.",
    effect: "read",
    permission: "vital-signs.read",
    discloses: ["vital-signs.read", "overview.read", "placement.read"],
    scope: "ward",
    audit: "ACCESS",
    offered: false,
    input: z.strictObject({}),
    output: z.strictObject({
      entries: z.array(refusedObservationSchema),
      as_of: marked("public", momentSchema),
    }),
  }),
} as const;
