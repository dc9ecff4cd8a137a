import type { Observation, VitalSigns } from "../../../shared/clinical/chart";

/** One figure of a set of observations, with the words that ask for it. */
export interface Measure {
  readonly key: "respiratory_rate" | "oxygen_saturation" | "systolic" | "diastolic" | "pulse" | "temperature";
  readonly name: string;
  readonly unit: string;
  readonly says: RegExp;
  /** A change smaller than this is the noise of measuring, and is called steady. */
  readonly noise: number;
}

export const measures: readonly Measure[] = [
  {
    key: "systolic",
    name: "Systolic blood pressure",
    unit: "mmHg",
    says: /blood pressure|\bbp\b|systolic|hypertensi|hypotensi|\bpressure\b/u,
    noise: 5,
  },
  { key: "diastolic", name: "Diastolic blood pressure", unit: "mmHg", says: /diastolic/u, noise: 5 },
  { key: "pulse", name: "Pulse", unit: "/min", says: /\bpulse\b|heart rate|\bhr\b|tachycard|bradycard/u, noise: 5 },
  {
    key: "temperature",
    name: "Temperature",
    unit: "°C",
    says: /temperature|\btemps?\b|fever|febrile|pyrexi/u,
    noise: 0.3,
  },
  {
    key: "respiratory_rate",
    name: "Respiratory rate",
    unit: "/min",
    says: /respirat|\bresps?\b|\brr\b|breathing/u,
    noise: 2,
  },
  {
    key: "oxygen_saturation",
    name: "Oxygen saturation",
    unit: "%",
    says: /\bsats?\b|saturation|\bsp[o0]2\b|\bo2\b|oxygen|desaturat/u,
    noise: 1,
  },
];

/** Words for measurements outside a set of observations, as their displays in the chart may say them. */
export const laboratoryNames: readonly { readonly says: RegExp; readonly display: RegExp; readonly name: string }[] = [
  { name: "potassium", says: /potassium|\bk\+/u, display: /potassium/iu },
  { name: "sodium", says: /sodium|\bna\+/u, display: /sodium/iu },
  { name: "haemoglobin", says: /ha?emoglobin|\bhb\b/u, display: /ha?emoglobin(?! a1c)/iu },
  { name: "haemoglobin A1c", says: /hba1c|\ba1c\b/u, display: /a1c/iu },
  { name: "creatinine", says: /creatinine|renal function|kidney function/u, display: /creatinine/iu },
  { name: "estimated GFR", says: /\be?gfr\b|renal function|kidney function/u, display: /gfr|glomerular/iu },
  { name: "urea", says: /\burea\b|\bbun\b/u, display: /urea/iu },
  { name: "glucose", says: /glucose|blood sugar|\bsugar\b/u, display: /glucose/iu },
  { name: "C-reactive protein", says: /\bcrp\b|c-reactive/u, display: /c.reactive/iu },
  { name: "lactate", says: /lactate/u, display: /lactate/iu },
  {
    name: "leucocytes",
    says: /white (?:blood )?cells?|\bwbc\b|leu[ck]ocytes/u,
    display: /leu[ck]ocytes|white blood/iu,
  },
  { name: "platelets", says: /platelets?/u, display: /platelets?/iu },
  { name: "troponin", says: /troponin/u, display: /troponin/iu },
  { name: "INR", says: /\binr\b/u, display: /\binr\b/iu },
  { name: "cholesterol", says: /cholesterol|\bldl\b|\bhdl\b/u, display: /cholesterol/iu },
  { name: "body weight", says: /\bweight\b|weigh\b/u, display: /body weight/iu },
  { name: "body height", says: /\bheight\b|\btall\b/u, display: /body height/iu },
  { name: "body mass index", says: /\bbmi\b|body mass/u, display: /body mass index/iu },
  { name: "pain", says: /\bpain (?:score|level)|in pain\b/u, display: /\bpain\b/iu },
];

/** A figure with its unit, as it is printed. */
export function figure(measure: Measure, set: VitalSigns): string {
  const value = set[measure.key];
  if (value === null) return "not recorded";
  return `${measure.key === "temperature" ? value.toFixed(1) : value} ${measure.unit}`;
}

export function observed({ value, value_text: text, unit }: Observation): string {
  if (value !== null) return unit ? `${value} ${unit}` : String(value);
  return text ?? "not recorded";
}

export const consciousnessWords = {
  A: "alert",
  C: "new confusion",
  V: "responds to voice",
  P: "responds to pain",
  U: "unresponsive",
} as const;
