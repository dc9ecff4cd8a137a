import { z } from "zod";
import * as chart from "../clinical/chart";
import { daySchema, momentSchema } from "../clinical/identifiers";
import { marked } from "../clinical/sensitivity";
import { declareTool } from "./declare";

const wardCode = marked("public", z.string().trim().min(1).max(40));
const wardSchema = z.strictObject({ code: wardCode, name: marked("public", z.string()) });
const period = {
  from: daySchema.optional().describe("First day, YYYY-MM-DD; default: a week ago"),
  to: daySchema.optional().describe("Last day, YYYY-MM-DD; default: in two weeks"),
};

/** What reads more than one patient, or none. */
export const wardTools = {
  find_patients: declareTool({
    title: "Find patients",
    description: "Finds patients by the beginning of a name or by patient number; answers overviews only.",
    effect: "read",
    permission: "patients.search",
    discloses: ["overview.read", "placement.read"],
    scope: "search",
    audit: "ACCESS",
    offered: true,
    input: z.strictObject({
      query: z.string().trim().min(2).max(60).describe("At least two letters of a name, or a patient number"),
    }),
    output: z.strictObject({
      patients: z.array(chart.overviewSchema),
      /** True when there are more than are shown; a longer query finds them. */
      truncated: z.boolean(),
    }),
  }),
  list_ward: declareTool({
    title: "Ward list",
    description:
      "The patients of the own care team or of one ward with bed, and, where the role may see them, the latest early warning score and the next medicines due.",
    effect: "read",
    permission: "ward.read",
    discloses: ["overview.read", "placement.read", "vital-signs.read", "medications.read"],
    scope: "ward",
    audit: "ACCESS",
    offered: true,
    input: z.strictObject({
      ward: wardCode.optional().describe("Ward code such as 5A; default: the own wards and lists"),
    }),
    output: z.strictObject({
      /** The wards this person can choose from. */
      wards: z.array(wardSchema),
      ward: wardSchema.nullable(),
      as_of: marked("public", momentSchema),
      patients: z.array(chart.wardRowSchema),
    }),
  }),
  get_my_shifts: declareTool({
    title: "My shifts",
    description: "The shifts of the person who is signed in.",
    effect: "read",
    permission: "own-shifts.read",
    discloses: ["own-shifts.read"],
    scope: "own",
    audit: "ACCESS",
    offered: true,
    input: z.strictObject(period),
    output: z.strictObject({ shifts: z.array(chart.shiftSchema) }),
  }),
  get_shifts: declareTool({
    title: "Department schedules",
    description: "The shifts of all staff, by department.",
    effect: "read",
    permission: "shifts.read",
    discloses: ["shifts.read"],
    scope: "hospital",
    audit: "ACCESS",
    offered: true,
    input: z.strictObject({ department: marked("public", z.string().trim().min(1).max(80)).optional(), ...period }),
    output: z.strictObject({ shifts: z.array(chart.shiftSchema) }),
  }),
} as const;
