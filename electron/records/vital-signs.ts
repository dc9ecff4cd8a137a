import type { Score, VitalSigns } from "../../shared/clinical/chart";
import { earlyWarningScore, type NoScoreReason, type ScoreInput } from "../../shared/clinical/early-warning-score";
import type { Query, Row } from "../database/pool";

/** What the score needs to know of the patient. */
export interface ScoredPatient {
  readonly birthYear: number | null;
  readonly pregnant: boolean;
}

const fieldWords: Readonly<Record<string, string>> = {
  respiratoryRate: "respiratory rate",
  oxygenSaturation: "oxygen saturation",
  onOxygen: "whether on oxygen",
  systolic: "systolic blood pressure",
  pulse: "pulse",
  consciousness: "consciousness",
  temperature: "temperature",
  spo2Scale: "SpO2 scale",
};

function reasonInWords(reason: NoScoreReason, field: keyof ScoreInput | undefined): string {
  if (reason === "NOT_APPLICABLE")
    return field === "pregnant" ? "NEWS2 does not apply in pregnancy" : "NEWS2 does not apply under 16 years";
  const name = fieldWords[field ?? ""] ?? "a value";
  return reason === "MISSING_INPUT" ? `incomplete set, ${name} not recorded` : `${name} is not a possible value`;
}

/**
 * The youngest that the patient can have been on that day, since only the birth year may be known here: no score is given
 * to somebody who might have been under 16.
 */
function leastAge(patient: ScoredPatient, recordedAt: string): number | null {
  return patient.birthYear === null ? null : new Date(recordedAt).getUTCFullYear() - patient.birthYear - 1;
}

const number = (value: unknown) => (typeof value === "number" ? value : null);

export function scoreOf(row: Row, patient: ScoredPatient): Score {
  const recordedAt = String(row["recorded_at"]);
  const result = earlyWarningScore({
    respiratoryRate: number(row["respiratory_rate"]),
    oxygenSaturation: number(row["oxygen_saturation"]),
    spo2Scale: row["spo2_scale"] === 2 ? 2 : 1,
    onOxygen: typeof row["on_oxygen"] === "boolean" ? row["on_oxygen"] : null,
    systolic: number(row["systolic"]),
    pulse: number(row["pulse"]),
    consciousness: (row["consciousness"] ?? null) as ScoreInput["consciousness"],
    temperature: number(row["temperature"]),
    ageYears: leastAge(patient, recordedAt),
    pregnant: patient.pregnant,
  });
  if (result.scored)
    return {
      total: result.total,
      band: result.band,
      single_red: result.singleRed,
      parts: result.parts,
      not_scored_because: null,
      recorded_at: recordedAt,
    };
  return {
    total: null,
    band: null,
    single_red: false,
    parts: null,
    not_scored_because: reasonInWords(result.reason, result.field),
    recorded_at: recordedAt,
  };
}

const columns = `id, recorded_at, respiratory_rate, oxygen_saturation, spo2_scale, on_oxygen, systolic, diastolic, pulse, consciousness,
  temperature, recorded_by, origin, entered_at, entered_by`;

export async function readVitalSigns(query: Query): Promise<Row[]> {
  return query(`SELECT ${columns} FROM api.vital_signs ORDER BY recorded_at DESC LIMIT 500`);
}

/** The last sets of every announced patient, newest first, for the ward list. */
export async function readLatestVitalSigns(query: Query, sets: number): Promise<Row[]> {
  return query(
    `SELECT v.* FROM api.patient_overview p CROSS JOIN LATERAL (
       SELECT patient_id, ${columns} FROM api.vital_signs v WHERE v.patient_id = p.patient_id ORDER BY recorded_at DESC LIMIT $1) v`,
    [sets],
  );
}

/** The sets of the last 24 hours of every announced patient, newest first. */
export async function readVitalSignsOfADay(query: Query): Promise<Row[]> {
  return query(
    `SELECT patient_id, ${columns} FROM api.vital_signs WHERE recorded_at > now() - interval '24 hours' ORDER BY recorded_at DESC`,
  );
}

export function vitalSignsOf(row: Row, patient: ScoredPatient): VitalSigns {
  return { ...row, score: scoreOf(row, patient) } as unknown as VitalSigns;
}

/** The SpO2 scale that the announced patient was last scored by; null when no set names one. */
export async function readLastScale(query: Query): Promise<1 | 2 | null> {
  const [row] = await query(
    "SELECT spo2_scale FROM api.vital_signs WHERE spo2_scale IS NOT NULL ORDER BY recorded_at DESC LIMIT 1",
  );
  const scale = row?.["spo2_scale"];
  return scale === 1 || scale === 2 ? scale : null;
}
