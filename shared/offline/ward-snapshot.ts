import { z } from "zod";
import * as chart from "../clinical/chart";
import { daySchema, momentSchema } from "../clinical/identifiers";
import { marked } from "../clinical/sensitivity";

/** One patient of the own ward, as much as may be read while the network is away. */
export const snapshotPatientSchema = z.strictObject({
  patient_id: chart.patientNumber,
  name: chart.overviewSchema.shape.name,
  gender: chart.overviewSchema.shape.gender,
  birth_year: z.int().nullable(),
  date_of_birth: marked("birth-date", daySchema).nullable(),
  ward: marked("clinical", z.string()),
  bed: marked("clinical", z.string()).nullable(),
  /** No early warning score is given in pregnancy. */
  pregnant: z.boolean(),
  resuscitation_status: chart.resuscitationSchema,
  allergy_status: chart.allergyStatusSchema,
  allergies: z.array(chart.allergySchema),
  medications: z.array(chart.medicationSchema),
  /** The sets of the last 24 hours, newest first, each with its score. */
  vital_signs: z.array(chart.vitalSignsSchema),
});
export type SnapshotPatient = z.infer<typeof snapshotPatientSchema>;

/** The own ward as it was at one moment. */
export const wardSnapshotSchema = z.strictObject({
  /** The wards of the shift that is on; empty without a shift. */
  wards: z.array(z.strictObject({ code: marked("public", z.string()), name: marked("public", z.string()) })),
  as_of: marked("public", momentSchema),
  patients: z.array(snapshotPatientSchema),
});
export type WardSnapshot = z.infer<typeof wardSnapshotSchema>;
