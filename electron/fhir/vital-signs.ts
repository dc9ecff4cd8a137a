import { entryLimits } from "../../shared/clinical/early-warning-score";
import { type Concept, loinc, type Quantity, ucum } from "./elements";
import { rowId } from "./row-id";

export type VitalField = "respiratory_rate" | "oxygen_saturation" | "systolic" | "diastolic" | "pulse" | "temperature";

/** LOINC codes of what an early warning score is made of. */
const fieldOfCode: Readonly<Record<string, VitalField>> = {
  "8867-4": "pulse",
  "9279-1": "respiratory_rate",
  "8310-5": "temperature",
  "2708-6": "oxygen_saturation",
  "59408-5": "oxygen_saturation",
  "8480-6": "systolic",
  "8462-4": "diastolic",
};
const limitOf: Readonly<Record<VitalField, readonly [number, number]>> = {
  respiratory_rate: entryLimits.respiratoryRate,
  oxygen_saturation: entryLimits.oxygenSaturation,
  systolic: entryLimits.systolic,
  diastolic: entryLimits.diastolic,
  pulse: entryLimits.pulse,
  temperature: entryLimits.temperature,
};

type Conversion = (value: number) => number;
const same: Conversion = (value) => value;
const toCelsius: Conversion = (value) => ((value - 32) * 5) / 9;
const oneDecimal: Conversion = (value) => Math.round((value + Number.EPSILON) * 10) / 10;

/** UCUM codes, and the spellings that sources write where they give no code. */
const pressure: Readonly<Record<string, Conversion>> = { "mm[Hg]": same, mmHg: same };
const rate: Readonly<Record<string, Conversion>> = {
  "/min": same,
  "1/min": same,
  "{beats}/min": same,
  "{breaths}/min": same,
  "beats/minute": same,
  "beats/min": same,
  "breaths/minute": same,
  "breaths/min": same,
  bpm: same,
};
const conversions: Readonly<Record<VitalField, Readonly<Record<string, Conversion>>>> = {
  respiratory_rate: rate,
  pulse: rate,
  oxygen_saturation: { "%": same },
  systolic: pressure,
  diastolic: pressure,
  temperature: {
    Cel: oneDecimal,
    "°C": oneDecimal,
    "[degF]": (value) => oneDecimal(toCelsius(value)),
    "°F": (value) => oneDecimal(toCelsius(value)),
  },
};

export function vitalFieldOf(code: Concept): VitalField | null {
  for (const one of code.coding ?? []) {
    if (one.system === loinc && one.code !== undefined && Object.hasOwn(fieldOfCode, one.code))
      return fieldOfCode[one.code] ?? null;
  }
  return null;
}

/** The value in our unit; null where the unit is not one we know, or the value is physically impossible. */
export function vitalValueOf(field: VitalField, quantity: Quantity | undefined): number | null {
  if (quantity?.value === undefined || quantity.comparator !== undefined) return null;
  const unit = quantity.system === ucum || quantity.system === undefined ? (quantity.code ?? quantity.unit) : undefined;
  const known = conversions[field];
  if (unit === undefined || !Object.hasOwn(known, unit)) return null;
  const value = known[unit]?.(quantity.value) ?? Number.NaN;
  const [least, most] = limitOf[field];
  return value >= least && value <= most ? value : null;
}

export type VitalSignsRow = { id: string; recorded_at: string } & Partial<Record<VitalField, number>>;

/** Collects what was measured at the same moment into one set of vital signs. */
export class VitalSignsByTime {
  readonly #sets = new Map<string, VitalSignsRow>();
  readonly #patientId: string;

  constructor(patientId: string) {
    this.#patientId = patientId;
  }

  /**
   * Adds one measurement and answers the key that names it among the stored values; null when the set of that moment
   * holds another value already: neither overwrites the other, the second stays an observation of its own.
   */
  add(moment: string, field: VitalField, value: number): string | null {
    let set = this.#sets.get(moment);
    if (set === undefined) {
      set = { id: rowId(this.#patientId, "VitalSigns", moment), recorded_at: moment };
      this.#sets.set(moment, set);
    }
    if (set[field] !== undefined && set[field] !== value) return null;
    set[field] = value;
    return `${set.id}.${field}`;
  }

  rows(): VitalSignsRow[] {
    return [...this.#sets.values()];
  }
}
