import type { ToolOutput } from "../../../shared/tools/registry";
import { age, count, day, link, plain, quotation, when } from "./say";
import { called, failed, type PatientAnswer } from "./scene";

type Records = ToolOutput<"get_medical_records">;

const kinds: Readonly<Record<Records["records"][number]["kind"], string>> = {
  "nursing-note": "Nursing note",
  "progress-note": "Progress note",
  consultation: "Consultation",
  "discharge-summary": "Discharge summary",
  imaging: "Imaging",
  laboratory: "Laboratory",
};

/** Everything that the records hold: notes in short, diagnoses, and how much there is of the rest. */
export const recordsAnswer: PatientAnswer = (patient, _ask, { desk, now }) => {
  const found = desk.look("get_medical_records", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { records, diagnoses, procedures, immunizations } = found.value;
  const newest = records.slice(0, 5);
  const lines = [
    `${called(patient)}: ${count(records.length, "record")}, ${count(diagnoses.length, "diagnosis", "diagnoses")}, ${count(procedures.length, "procedure")}, ${count(immunizations.length, "immunization")}.`,
  ];
  if (newest.length > 0) {
    lines.push(
      "",
      "**Records**, newest first:",
      "",
      ...newest.map((record) => `- ${recordLine(record, patient.id, now)}`),
    );
    if (records.length > newest.length)
      lines.push(
        `- ${count(records.length - newest.length, "older record")} on ${link("Records", patient.id, "records")}`,
      );
  }
  if (diagnoses.length > 0) lines.push("", "**Diagnoses**:", "", ...diagnosisLines(diagnoses, patient.id));
  return lines.join("\n");
};

/** The newest notes with their own words, as a quotation. */
export const notesAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_medical_records", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const kind = noteKind(ask.words);
  const fitting = found.value.records.filter((record) => kind === undefined || record.kind === kind);
  const name =
    kind === undefined
      ? "note"
      : kind === "imaging"
        ? "imaging report"
        : kind === "discharge-summary"
          ? "discharge summary"
          : kinds[kind].toLowerCase();
  if (fitting.length === 0) return `${called(patient)}: no ${name} recorded.`;
  const shown = fitting.slice(0, /\b(?:last|latest|newest|recent)\b(?!.*notes)/u.test(ask.words) ? 1 : 3);
  const lines = [
    `${called(patient)}, ${count(fitting.length, name, kind === "discharge-summary" ? "discharge summaries" : `${name}s`)}${fitting.length > shown.length ? `, the newest ${shown.length}` : ""}:`,
  ];
  for (const record of shown) {
    const { quoted, cut } = quotation(record.text);
    lines.push("", `${recordLine(record, patient.id, now)}:`, "", quoted);
    if (cut) lines.push("", `The whole text: ${link("open it", patient.id, "records", record.id)}.`);
  }
  return lines.join("\n");
};

export const diagnosesAnswer: PatientAnswer = (patient, _ask, { desk }) => {
  const found = desk.look("get_medical_records", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { diagnoses } = found.value;
  if (diagnoses.length === 0) return `${called(patient)}: no diagnoses recorded.`;
  return [
    `${called(patient)}, ${count(diagnoses.length, "diagnosis", "diagnoses")}:`,
    "",
    ...diagnosisLines(diagnoses, patient.id),
  ].join("\n");
};

export const proceduresAnswer: PatientAnswer = (patient, _ask, { desk, now }) => {
  const found = desk.look("get_medical_records", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { procedures } = found.value;
  if (procedures.length === 0) return `${called(patient)}: no procedures recorded.`;
  const lines = procedures.slice(0, 10).map((one) => {
    const at = one.performed_at ? when(one.performed_at, now) : "date not recorded";
    return `- ${link(plain(one.display), patient.id, "records", one.id)}, ${at}, ${plain(one.status)}`;
  });
  return [
    `${called(patient)}, ${count(procedures.length, "procedure")}${procedures.length > 10 ? ", the newest 10" : ""}:`,
    "",
    ...lines,
  ].join("\n");
};

export const immunizationsAnswer: PatientAnswer = (patient, _ask, { desk, now }) => {
  const found = desk.look("get_medical_records", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { immunizations } = found.value;
  if (immunizations.length === 0)
    return `${called(patient)}: no immunizations recorded. That is not proof that none were given.`;
  const lines = immunizations.slice(0, 10).map((one) => {
    const at = one.occurred_at ? when(one.occurred_at, now) : "date not recorded";
    return `- ${link(plain(one.display), patient.id, "records", one.id)}, ${at}, ${plain(one.status)}`;
  });
  return [
    `${called(patient)}, ${count(immunizations.length, "immunization")}${immunizations.length > 10 ? ", the newest 10" : ""}:`,
    "",
    ...lines,
  ].join("\n");
};

function recordLine(record: Records["records"][number], patientId: string, now: Date): string {
  const author = record.author ? plain(record.author) : "author not recorded";
  return `${kinds[record.kind]} ${link(plain(record.title), patientId, "records", record.id)}, ${author}, ${when(record.written_at, now)}, ${age(record.written_at, now)}`;
}

function diagnosisLines(diagnoses: Records["diagnoses"], patientId: string): string[] {
  return diagnoses
    .slice(0, 15)
    .map((one) => {
      const onset = one.onset_on ? `since ${day(one.onset_on)}` : "onset not recorded";
      const end = one.resolved_on ? `, resolved ${day(one.resolved_on)}` : "";
      return `- ${link(plain(one.display), patientId, "diagnoses", one.id)} (${plain(one.code)}), ${one.status}, ${onset}${end}`;
    })
    .concat(
      diagnoses.length > 15
        ? [
            `- ${count(diagnoses.length - 15, "more diagnosis", "more diagnoses")} on ${link("Diagnoses", patientId, "diagnoses")}`,
          ]
        : [],
    );
}

function noteKind(words: string): Records["records"][number]["kind"] | undefined {
  if (/nursing|nurses?'?s? note/u.test(words)) return "nursing-note";
  if (/progress/u.test(words)) return "progress-note";
  if (/consult/u.test(words)) return "consultation";
  if (/discharge summar/u.test(words)) return "discharge-summary";
  if (/x-?ray|imaging|scan|mri|radiolog/u.test(words)) return "imaging";
  return undefined;
}
