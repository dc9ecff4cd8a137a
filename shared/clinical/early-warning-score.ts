/**
 * National Early Warning Score 2. Source: Royal College of Physicians, "National Early Warning Score (NEWS) 2:
 * Standardising the assessment of acute-illness severity in the NHS", 2017, charts 1 to 4.
 * Pure; no score is ever given for a partial set, under 16 years, or in pregnancy.
 */
export type Consciousness = "A" | "C" | "V" | "P" | "U";
export type Spo2Scale = 1 | 2;

export interface ScoreInput {
  /** breaths per minute, 0 to 100 */
  readonly respiratoryRate: number | null;
  /** per cent, 0 to 100 */
  readonly oxygenSaturation: number | null;
  readonly spo2Scale: Spo2Scale | null;
  readonly onOxygen: boolean | null;
  /** mmHg, 0 to 350 */
  readonly systolic: number | null;
  /** beats per minute, 0 to 350 */
  readonly pulse: number | null;
  readonly consciousness: Consciousness | null;
  /** degrees Celsius, 20.0 to 45.0; rounded half up to one decimal before scoring */
  readonly temperature: number | null;
  readonly ageYears?: number | null;
  readonly pregnant?: boolean | null;
}

export interface ScoreParts {
  readonly respiratoryRate: number;
  readonly oxygenSaturation: number;
  readonly oxygen: number;
  readonly systolic: number;
  readonly pulse: number;
  readonly consciousness: number;
  readonly temperature: number;
}

export type ScoreBand = "low" | "low-medium" | "medium" | "high";
export type Monitoring = "12h" | "4-6h" | "1h" | "continuous";

export type ScoreResult =
  | {
      readonly scored: true;
      readonly total: number;
      readonly parts: ScoreParts;
      readonly singleRed: boolean;
      readonly band: ScoreBand;
      readonly monitoring: Monitoring;
    }
  | { readonly scored: false; readonly reason: NoScoreReason; readonly field?: keyof ScoreInput };

export type NoScoreReason = "MISSING_INPUT" | "OUT_OF_RANGE" | "INVALID_TYPE" | "INVALID_ENUM" | "NOT_APPLICABLE";

/** Hard entry limits: physically possible, not "normal". */
export const entryLimits = {
  respiratoryRate: [0, 100],
  oxygenSaturation: [0, 100],
  systolic: [0, 350],
  diastolic: [0, 250],
  pulse: [0, 350],
  temperature: [20, 45],
} as const;

type Step = readonly [upTo: number, points: number];
const respiratoryRateSteps: readonly Step[] = [
  [8, 3],
  [11, 1],
  [20, 0],
  [24, 2],
  [Infinity, 3],
];
const saturationScale1: readonly Step[] = [
  [91, 3],
  [93, 2],
  [95, 1],
  [Infinity, 0],
];
const saturationScale2: readonly Step[] = [
  [83, 3],
  [85, 2],
  [87, 1],
  [Infinity, 0],
];
const saturationScale2OnOxygen: readonly Step[] = [
  [83, 3],
  [85, 2],
  [87, 1],
  [92, 0],
  [94, 1],
  [96, 2],
  [Infinity, 3],
];
const systolicSteps: readonly Step[] = [
  [90, 3],
  [100, 2],
  [110, 1],
  [219, 0],
  [Infinity, 3],
];
const pulseSteps: readonly Step[] = [
  [40, 3],
  [50, 1],
  [90, 0],
  [110, 1],
  [130, 2],
  [Infinity, 3],
];
const temperatureSteps: readonly Step[] = [
  [35, 3],
  [36, 1],
  [38, 0],
  [39, 1],
  [Infinity, 2],
];

function points(steps: readonly Step[], value: number): number {
  for (const [upTo, score] of steps) if (value <= upTo) return score;
  throw new RangeError("a step table must end in Infinity");
}

const numeric = ["respiratoryRate", "oxygenSaturation", "systolic", "pulse", "temperature"] as const;

function firstFault(input: ScoreInput): ScoreResult | undefined {
  const required = [
    "respiratoryRate",
    "oxygenSaturation",
    "onOxygen",
    "systolic",
    "pulse",
    "consciousness",
    "temperature",
  ] as const;
  for (const field of required)
    if (input[field] === null || input[field] === undefined) return { scored: false, reason: "MISSING_INPUT", field };
  for (const field of numeric) {
    const value = input[field];
    if (typeof value !== "number" || Number.isNaN(value)) return { scored: false, reason: "INVALID_TYPE", field };
    const [least, most] = entryLimits[field];
    if (value < least || value > most) return { scored: false, reason: "OUT_OF_RANGE", field };
  }
  if (!["A", "C", "V", "P", "U"].includes(input.consciousness as string))
    return { scored: false, reason: "INVALID_ENUM", field: "consciousness" };
  if (![1, 2].includes(input.spo2Scale ?? 1)) return { scored: false, reason: "INVALID_ENUM", field: "spo2Scale" };
  if (typeof input.onOxygen !== "boolean") return { scored: false, reason: "INVALID_TYPE", field: "onOxygen" };
  if (typeof input.ageYears === "number" && input.ageYears < 16)
    return { scored: false, reason: "NOT_APPLICABLE", field: "ageYears" };
  if (input.pregnant === true) return { scored: false, reason: "NOT_APPLICABLE", field: "pregnant" };
  return undefined;
}

function saturationPoints(saturation: number, scale: Spo2Scale, onOxygen: boolean): number {
  if (scale === 1) return points(saturationScale1, saturation);
  return points(onOxygen ? saturationScale2OnOxygen : saturationScale2, saturation);
}

function bandOf(total: number, singleRed: boolean): ScoreBand {
  if (total >= 7) return "high";
  if (total >= 5) return "medium";
  return singleRed ? "low-medium" : "low";
}

function monitoringOf(total: number, band: ScoreBand): Monitoring {
  if (band === "high") return "continuous";
  if (band === "medium" || band === "low-medium") return "1h";
  return total === 0 ? "12h" : "4-6h";
}

/** Scores one complete set of observations, or says why it cannot. */
export function earlyWarningScore(input: ScoreInput): ScoreResult {
  const fault = firstFault(input);
  if (fault) return fault;
  const temperature = Math.floor((input.temperature as number) * 10 + 0.5 + 1e-9) / 10;
  const onOxygen = input.onOxygen as boolean;
  const parts: ScoreParts = {
    respiratoryRate: points(respiratoryRateSteps, input.respiratoryRate as number),
    oxygenSaturation: saturationPoints(input.oxygenSaturation as number, input.spo2Scale ?? 1, onOxygen),
    oxygen: onOxygen ? 2 : 0,
    systolic: points(systolicSteps, input.systolic as number),
    pulse: points(pulseSteps, input.pulse as number),
    consciousness: input.consciousness === "A" ? 0 : 3,
    temperature: points(temperatureSteps, temperature),
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const singleRed = Object.values(parts).some((part) => part === 3);
  const band = bandOf(total, singleRed);
  return { scored: true, total, parts, singleRed, band, monitoring: monitoringOf(total, band) };
}
