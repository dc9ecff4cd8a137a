import { z } from "zod";
import { daySchema, momentSchema, patientNumberSchema, uuidSchema } from "./identifiers";
import { marked } from "./sensitivity";

/** The words of a chart as they cross a border: every string carries the mark of its sensitivity. */
const id = marked("public", uuidSchema);
const moment = marked("clinical", momentSchema);
const day = marked("clinical", daySchema);
const clinical = marked("clinical", z.string());
const staffName = marked("staff", z.string());
const place = marked("clinical", z.string());
export const patientNumber = marked("public", patientNumberSchema);

export const overviewSchema = z.strictObject({
  patient_id: patientNumber,
  /** As the banner and every list print it: `ARNOLD, Leah (Mrs)`. */
  name: marked("name", z.string()),
  gender: marked("clinical", z.enum(["female", "male", "other", "unknown"])),
  birth_year: z.int().nullable(),
  /** Code of the ward, null when not admitted; absent where the role may not see places. */
  ward: place.nullable().optional(),
  bed: place.nullable().optional(),
});
export type Overview = z.infer<typeof overviewSchema>;

export const scorePartsSchema = z.strictObject({
  respiratoryRate: z.int(),
  oxygenSaturation: z.int(),
  oxygen: z.int(),
  systolic: z.int(),
  pulse: z.int(),
  consciousness: z.int(),
  temperature: z.int(),
});
/** NEWS2 of one set of observations; `total` null together with the reason when it was not computed. */
export const scoreSchema = z.strictObject({
  total: z.int().nullable(),
  band: marked("clinical", z.enum(["low", "low-medium", "medium", "high"])).nullable(),
  single_red: z.boolean(),
  parts: scorePartsSchema.nullable(),
  /** Why there is no score, in words; null when there is one. */
  not_scored_because: clinical.nullable(),
  recorded_at: moment,
});
export type Score = z.infer<typeof scoreSchema>;

export const vitalSignsSchema = z.strictObject({
  id,
  recorded_at: moment,
  respiratory_rate: z.number().nullable(),
  oxygen_saturation: z.number().nullable(),
  spo2_scale: z.union([z.literal(1), z.literal(2)]).nullable(),
  on_oxygen: z.boolean().nullable(),
  systolic: z.number().nullable(),
  diastolic: z.number().nullable(),
  pulse: z.number().nullable(),
  consciousness: marked("clinical", z.enum(["A", "C", "V", "P", "U"])).nullable(),
  temperature: z.number().nullable(),
  recorded_by: staffName.nullable(),
  /** `outbox`: typed while the network was away and sent later; null where nothing is known of it. */
  origin: marked("public", z.enum(["online", "outbox"])).nullish(),
  /** When it was typed, by the clock of that workstation. */
  entered_at: moment.nullish(),
  /** Who typed it, where somebody else recorded it as their own. */
  entered_by: staffName.nullish(),
  score: scoreSchema,
});
export type VitalSigns = z.infer<typeof vitalSignsSchema>;

export const observationSchema = z.strictObject({
  id,
  category: marked("clinical", z.enum(["vital-signs", "laboratory", "survey", "other"])),
  code: clinical,
  code_system: clinical,
  display: clinical,
  value: z.number().nullable(),
  value_text: clinical.nullable(),
  unit: clinical.nullable(),
  measured_at: moment,
});
export type Observation = z.infer<typeof observationSchema>;

export const recordSchema = z.strictObject({
  id,
  kind: marked(
    "clinical",
    z.enum(["nursing-note", "progress-note", "consultation", "discharge-summary", "imaging", "laboratory"]),
  ),
  title: clinical,
  text: clinical,
  author: staffName.nullable(),
  written_at: moment,
});
export const diagnosisSchema = z.strictObject({
  id,
  code: clinical,
  code_system: clinical,
  display: clinical,
  status: marked(
    "clinical",
    z.enum(["active", "recurrence", "relapse", "inactive", "remission", "resolved", "unknown"]),
  ),
  onset_on: day.nullable(),
  resolved_on: day.nullable(),
  recorded_by: staffName.nullable(),
});
export const procedureSchema = z.strictObject({
  id,
  code: clinical,
  code_system: clinical,
  display: clinical,
  status: clinical,
  performed_at: moment.nullable(),
});
export const immunizationSchema = z.strictObject({
  id,
  code: clinical,
  code_system: clinical,
  display: clinical,
  status: clinical,
  occurred_at: moment.nullable(),
});

export const medicationSchema = z.strictObject({
  id,
  generic: clinical,
  brand: clinical.nullable(),
  form: clinical.nullable(),
  /** Value with its unit as it is printed, `120 mg`; no trailing zero; null when the source gave none. */
  dose: clinical.nullable(),
  route: clinical.nullable(),
  frequency: clinical.nullable(),
  /** Times of day, `08:00`, at which a dose is due; empty when as needed or unknown. */
  due_times: z.array(marked("clinical", z.string().regex(/^\d\d:\d\d$/u))),
  as_needed: z.boolean(),
  status: marked("clinical", z.enum(["active", "on-hold", "completed", "stopped", "cancelled", "unknown"])),
  started_on: day.nullable(),
  stopped_on: day.nullable(),
  prescriber: staffName.nullable(),
  code: clinical.nullable(),
  code_system: clinical.nullable(),
});
export type Medication = z.infer<typeof medicationSchema>;

export const allergyStatusSchema = marked("clinical", z.enum(["recorded", "none-known", "not-asked"]));
export const allergySchema = z.strictObject({
  id,
  substance: clinical,
  reaction: clinical.nullable(),
  severity: marked("clinical", z.enum(["mild", "moderate", "severe"])).nullable(),
  status: marked("clinical", z.enum(["active", "inactive", "resolved"])),
  recorded_on: day.nullable(),
  code: clinical.nullable(),
  code_system: clinical.nullable(),
});
export type Allergy = z.infer<typeof allergySchema>;

/** The decision about resuscitation; null is "not recorded", which is no decision to attempt it. */
export const resuscitationSchema = marked("clinical", z.enum(["attempt-cpr", "do-not-attempt-cpr"])).nullable();

export const treatmentPlanSchema = z.strictObject({
  id,
  title: clinical,
  goal: clinical,
  steps: z.array(clinical),
  status: marked("clinical", z.enum(["active", "completed", "revoked"])),
  follow_up_on: day.nullable(),
  author: staffName.nullable(),
  written_at: moment,
});

export const appointmentSchema = z.strictObject({
  id,
  starts_at: moment,
  minutes: z.int(),
  department: clinical,
  staff_name: staffName.nullable(),
  reason: clinical.nullable(),
  status: marked("clinical", z.enum(["booked", "arrived", "fulfilled", "cancelled", "noshow"])),
});

export const admissionSchema = z.strictObject({
  id,
  ward: place,
  bed: place.nullable(),
  reason: clinical.nullable(),
  attending: staffName.nullable(),
  admitted_at: moment,
  discharged_at: moment.nullable(),
});
export const encounterSchema = z.strictObject({
  id,
  class: clinical,
  display: clinical,
  status: clinical,
  started_at: moment.nullable(),
  ended_at: moment.nullable(),
});

export const shiftSchema = z.strictObject({
  id,
  staff_id: marked("public", z.string()),
  staff_name: staffName,
  role: marked("public", z.string()),
  department: marked("public", z.string()),
  ward: marked("public", z.string()),
  starts_at: marked("public", momentSchema),
  ends_at: marked("public", momentSchema),
});

export const wardRowSchema = z.strictObject({
  ...overviewSchema.shape,
  /** Latest set of observations, scored; null when none was ever recorded; absent where the role may not see vital signs. */
  score: scoreSchema.nullable().optional(),
  /** Totals of the last complete sets, oldest first, for the small trend. */
  score_trend: z.array(z.int()).optional(),
  /** The next scheduled dose of every active medicine, soonest first. */
  medicines_due: z.array(z.strictObject({ generic: clinical, dose: clinical.nullable(), due_at: moment })).optional(),
});
export type WardRow = z.infer<typeof wardRowSchema>;
