import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { roleSchema } from "../../shared/access/roles";
import { daySchema, patientNumberSchema } from "../../shared/clinical/identifiers";
import { type DemoAccounts, readDemoAccounts } from "./accounts";

/**
 * The invented hospital as its files tell it. Times are hours or days before (and, for appointments, after) the moment of
 * loading, so that the ward looks lived in whenever it is loaded.
 */
const hours = z.number().min(0);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/u);

const wardSchema = z.strictObject({ code: z.string(), name: z.string(), department: z.string(), beds: z.int() });
const staffSchema = z.strictObject({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  role: roleSchema,
  department: z.string(),
  ward: z.string().optional(),
});

const medicationSchema = z.strictObject({
  generic: z.string(),
  brand: z.string().optional(),
  form: z.string(),
  dose: z.string().regex(/^(?!.*(?:µ|\bU\b|\d\.\d*0\b|^\.))/u, "no trailing zero, no U, no µ"),
  route: z.string(),
  frequency: z.string(),
  due: z.array(clockTime).default([]),
  asNeeded: z.boolean().default(false),
  start: daySchema.optional(),
  startHours: hours.optional(),
  stop: daySchema.optional(),
  stopHours: hours.optional(),
  status: z.enum(["active", "on-hold", "completed", "stopped"]).default("active"),
});
export type DemoMedication = z.output<typeof medicationSchema>;

/** Hours before the latest set, then respiratory rate, SpO2, oxygen, systolic, diastolic, pulse, consciousness, temperature. */
const keyframeSchema = z.tuple([
  hours,
  z.number(),
  z.number(),
  z.union([z.literal(0), z.literal(1)]),
  z.number(),
  z.number(),
  z.number(),
  z.enum(["A", "C", "V", "P", "U"]),
  z.number(),
]);
const vitalsSchema = z.strictObject({
  scale: z.union([z.literal(1), z.literal(2)]).default(1),
  everyHours: z.number().positive(),
  latestMinutesAgo: z.number().min(0),
  /** Columns that were not taken, by the hours of their set. */
  missing: z.record(z.string(), z.array(z.string())).default({}),
  course: z.array(keyframeSchema).min(2),
});
export type DemoVitals = z.output<typeof vitalsSchema>;

const patientSchema = z.strictObject({
  number: patientNumberSchema,
  family: z.string(),
  given: z.string(),
  prefix: z.string(),
  gender: z.enum(["female", "male"]),
  born: daySchema,
  pregnant: z.boolean().default(false),
  /** Left out: nobody recorded a decision. */
  resuscitation: z.enum(["attempt-cpr", "do-not-attempt-cpr"]).optional(),
  place: z.strictObject({ ward: z.string(), bed: z.string() }).optional(),
  admitted: z.strictObject({ hoursAgo: hours, reason: z.string(), attending: z.string() }).optional(),
  past: z.array(z.strictObject({ ward: z.string(), daysAgo: z.number(), days: z.number(), reason: z.string() })),
  diagnoses: z.array(
    z.strictObject({
      code: z.string(),
      display: z.string(),
      since: daySchema.optional(),
      sinceHours: hours.optional(),
    }),
  ),
  allergies: z.union([
    z.enum(["none-known", "not-asked"]),
    z.array(
      z.strictObject({
        substance: z.string(),
        reaction: z.string().nullable(),
        severity: z.enum(["mild", "moderate", "severe"]).nullable(),
        recorded: daySchema,
        /** SNOMED CT. */
        code: z.string().optional(),
      }),
    ),
  ]),
  medications: z.array(medicationSchema),
  vitals: vitalsSchema.optional(),
  weight: z.number().optional(),
  height: z.number().optional(),
  /** LOINC code, value, hours ago. */
  labs: z.array(z.tuple([z.string(), z.number(), hours])),
  plan: z
    .strictObject({ title: z.string(), goal: z.string(), steps: z.array(z.string()), followUpDays: z.int() })
    .optional(),
  records: z.array(
    z.strictObject({
      kind: z.enum(["nursing-note", "progress-note", "consultation", "discharge-summary", "imaging", "laboratory"]),
      title: z.string(),
      author: z.string().nullable(),
      hoursAgo: hours,
      text: z.string(),
    }),
  ),
  /** Days from today, time of day, minutes, department, staff id, reason, and a status other than the expected one. */
  appointments: z.array(
    z.union([
      z.tuple([z.int(), clockTime, z.int(), z.string(), z.string(), z.string()]),
      z.tuple([
        z.int(),
        clockTime,
        z.int(),
        z.string(),
        z.string(),
        z.string(),
        z.enum(["arrived", "cancelled", "noshow"]),
      ]),
    ]),
  ),
});
export type DemoPatient = z.output<typeof patientSchema>;
export type DemoStaff = z.output<typeof staffSchema>;

export interface DemoData {
  readonly accounts: DemoAccounts;
  readonly wards: z.output<typeof wardSchema>[];
  readonly staff: DemoStaff[];
  readonly patients: DemoPatient[];
  /** What each LOINC code measures and in which unit. */
  readonly laboratory: Readonly<Record<string, { display: string; unit: string }>>;
}

const patientFiles = ["5a-1", "5a-2", "5b", "icu-3c", "home"].map((part) => `patients-${part}.json`);

/** Reads and checks the files of resources/demo-hospital. */
export async function readDemoData(folder: string): Promise<DemoData> {
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), "utf8"));
  const [wards, staff, laboratory, ...patients] = await Promise.all(
    ["wards.json", "staff.json", "laboratory.json", ...patientFiles].map(json),
  );
  return {
    accounts: await readDemoAccounts(folder),
    wards: z.array(wardSchema).parse(wards),
    staff: z.array(staffSchema).parse(staff),
    laboratory: z.record(z.string(), z.strictObject({ display: z.string(), unit: z.string() })).parse(laboratory),
    patients: patients.flatMap((part) => z.array(patientSchema).parse(part)),
  };
}
