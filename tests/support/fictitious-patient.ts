import { earlyWarningScore } from "../../shared/clinical/early-warning-score";
import type { ToolOutput } from "../../shared/tools/registry";

/** A small invented ward at one fixed moment: Sunday 05-Apr-2026 11:05 in London (summer time). */
export const wardNow = new Date("2026-04-05T10:05:00.000Z");

/** A stable id that can be told in a test: `idOf(12)` ends in `12`. */
export const idOf = (number: number) => `0b7c5a8e-1111-4222-8333-${String(number).padStart(12, "0")}`;
export const at = (day: number, utc: string) => `2026-04-0${day}T${utc}:00.000Z`;

type VitalSigns = ToolOutput<"get_vital_signs">["vital_signs"][number];
type Figures = [
  rr: number | null,
  sat: number | null,
  sys: number | null,
  dia: number | null,
  pulse: number | null,
  temp: number | null,
];

export function set(
  id: number,
  recorded_at: string,
  [rr, sat, sys, dia, pulse, temp]: Figures,
  onOxygen = false,
): VitalSigns {
  const result = earlyWarningScore({
    respiratoryRate: rr,
    oxygenSaturation: sat,
    spo2Scale: 1,
    onOxygen,
    systolic: sys,
    pulse,
    consciousness: "A",
    temperature: temp,
  });
  return {
    id: idOf(id),
    recorded_at,
    respiratory_rate: rr,
    oxygen_saturation: sat,
    spo2_scale: 1,
    on_oxygen: onOxygen,
    systolic: sys,
    diastolic: dia,
    pulse,
    consciousness: "A",
    temperature: temp,
    recorded_by: "Sarah Johnson",
    score: result.scored
      ? {
          total: result.total,
          band: result.band,
          single_red: result.singleRed,
          parts: result.parts,
          not_scored_because: null,
          recorded_at,
        }
      : {
          total: null,
          band: null,
          single_red: false,
          parts: null,
          not_scored_because: "temperature missing",
          recorded_at,
        },
  };
}

export interface FictitiousPatient {
  readonly overview: ToolOutput<"get_patient_overview">;
  readonly phi: ToolOutput<"get_patient_phi">;
  readonly onCareTeam: boolean;
  readonly records: Omit<ToolOutput<"get_medical_records">, "patient_id">;
  readonly vitals: Omit<ToolOutput<"get_vital_signs">, "patient_id">;
  readonly medications: ToolOutput<"get_medications">["medications"];
  readonly allergies: Omit<ToolOutput<"get_allergies">, "patient_id">;
  readonly plans: ToolOutput<"get_treatment_plans">["plans"];
  readonly appointments: ToolOutput<"get_appointments">["appointments"];
  readonly admissions: Omit<ToolOutput<"get_admissions">, "patient_id">;
}

export const noRecords = { records: [], diagnoses: [], procedures: [], immunizations: [] };

export function phi(patient_id: string, date_of_birth: string): FictitiousPatient["phi"] {
  return {
    patient_id,
    ssn: "900-11-2233",
    date_of_birth,
    address: "12 Invented Lane, Nowhere",
    phone: "+1 555 0100",
    email: "nobody@example.org",
    emergency_contact: "A. Relative, +1 555 0101",
    insurance_provider: "Invented Mutual",
    insurance_number: "IM-778899",
    _access_level: "full",
  };
}

export function medicine(
  id: number,
  generic: string,
  rest: Partial<FictitiousPatient["medications"][number]>,
): FictitiousPatient["medications"][number] {
  return {
    id: idOf(id),
    generic,
    brand: null,
    form: "tablet",
    dose: null,
    route: "by mouth",
    frequency: null,
    due_times: [],
    as_needed: false,
    status: "active",
    started_on: "2026-04-02",
    stopped_on: null,
    prescriber: "Craig Hawkins",
    code: null,
    code_system: null,
    ...rest,
  };
}
