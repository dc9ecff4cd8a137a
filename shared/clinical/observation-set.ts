import { z } from "zod";
import { entryLimits } from "./early-warning-score";
import { marked } from "./sensitivity";

/** The measured figures of a set: their names as in `hospital.vital_signs`, limits, decimals, and how a chart calls them. */
export const figures = {
  respiratory_rate: { limits: entryLimits.respiratoryRate, decimals: 0, unit: "/min", word: "respiratory rate" },
  oxygen_saturation: { limits: entryLimits.oxygenSaturation, decimals: 0, unit: "%", word: "oxygen saturation" },
  systolic: { limits: entryLimits.systolic, decimals: 0, unit: "mmHg", word: "systolic blood pressure" },
  diastolic: { limits: entryLimits.diastolic, decimals: 0, unit: "mmHg", word: "diastolic blood pressure" },
  pulse: { limits: entryLimits.pulse, decimals: 0, unit: "/min", word: "pulse" },
  temperature: { limits: entryLimits.temperature, decimals: 1, unit: "°C", word: "temperature" },
} as const;
export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];

const figure = (name: FigureName) => {
  const { limits, decimals } = figures[name];
  const [least, most] = limits;
  return z
    .number()
    .min(least)
    .max(most)
    .refine((value) => Number(value.toFixed(decimals)) === value, { message: `at most ${decimals} decimals` })
    .nullable();
};

export const consciousnessLevels = ["A", "C", "V", "P", "U"] as const;

/** One set of observations as it is stored, null for what was not measured. The limits are those of the table. */
export const observationSetSchema = z.strictObject({
  /** breaths per minute */
  respiratory_rate: figure("respiratory_rate"),
  /** per cent */
  oxygen_saturation: figure("oxygen_saturation"),
  /** Which of NEWS2's two SpO2 scales the set is read by. */
  spo2_scale: z.union([z.literal(1), z.literal(2)]).nullable(),
  on_oxygen: z.boolean().nullable(),
  /** mmHg */
  systolic: figure("systolic"),
  /** mmHg */
  diastolic: figure("diastolic"),
  /** beats per minute */
  pulse: figure("pulse"),
  consciousness: marked("clinical", z.enum(consciousnessLevels)).nullable(),
  /** degrees Celsius, one decimal */
  temperature: figure("temperature"),
});
export type ObservationSet = z.infer<typeof observationSetSchema>;

/** The same as it was typed somewhere, possible or not: for showing what was refused. */
export const anyObservationSetSchema = z.strictObject({
  respiratory_rate: z.number().nullable().default(null),
  oxygen_saturation: z.number().nullable().default(null),
  spo2_scale: z.number().nullable().default(null),
  on_oxygen: z.boolean().nullable().default(null),
  systolic: z.number().nullable().default(null),
  diastolic: z.number().nullable().default(null),
  pulse: z.number().nullable().default(null),
  consciousness: marked("clinical", z.string().max(40)).nullable().default(null),
  temperature: z.number().nullable().default(null),
});
export type AnyObservationSet = z.infer<typeof anyObservationSetSchema>;

/** Whether nothing was measured: which scale applies and whether oxygen is given are no measurement by themselves. */
export function isEmptySet(set: ObservationSet): boolean {
  return set.consciousness === null && figureNames.every((name) => set[name] === null);
}

/** What of a set cannot be: a field, the set as a whole (`set`), or null. PostgreSQL decides by the same rules. */
export function observationFault(set: unknown): keyof ObservationSet | "set" | null {
  const parsed = observationSetSchema.safeParse(set);
  if (!parsed.success) {
    const [at] = parsed.error.issues[0]?.path ?? [];
    return typeof at === "string" && at in observationSetSchema.shape ? (at as keyof ObservationSet) : "set";
  }
  if (isEmptySet(parsed.data)) return "set";
  const { systolic, diastolic } = parsed.data;
  return systolic !== null && diastolic !== null && diastolic > systolic ? "diastolic" : null;
}

/** How long after it was taken a set may be entered, in hours; PostgreSQL refuses an earlier time. */
export const LATEST_ENTRY_HOURS = 24;
