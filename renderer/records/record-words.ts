import type { ToolOutput } from "../../shared/tools/registry";

export type Note = ToolOutput<"get_medical_records">["records"][number];
export type Diagnosis = ToolOutput<"get_medical_records">["diagnoses"][number];

/** The kinds of a note in the ward's words, in the order a filter shows them. */
export const noteKinds: Readonly<Record<Note["kind"], string>> = {
  "nursing-note": "Nursing note",
  "progress-note": "Progress note",
  consultation: "Consultation",
  "discharge-summary": "Discharge summary",
  imaging: "Imaging",
  laboratory: "Laboratory",
};

/** The code systems that the hospital's data comes with, by their short names; any other is shown as it is. */
const systems: Readonly<Record<string, string>> = {
  "http://snomed.info/sct": "SNOMED CT",
  "http://loinc.org": "LOINC",
  "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
  "http://hl7.org/fhir/sid/icd-10": "ICD-10",
  "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
  "http://hl7.org/fhir/sid/cvx": "CVX",
};

export function codeWords(code: string, system: string): string {
  return `${code} ${systems[system] ?? system}`.trim();
}

/** Whether a diagnosis is one to reckon with today. */
export function isCurrent(diagnosis: Diagnosis): boolean {
  return diagnosis.status === "active" || diagnosis.status === "recurrence" || diagnosis.status === "relapse";
}

/** A word with a capital, for a status that the source wrote in small letters. */
export function capital(word: string): string {
  return word.charAt(0).toLocaleUpperCase("en") + word.slice(1);
}
