import type { SealingKey } from "../sealing/seal";
import type { DemoData, DemoMedication, DemoPatient } from "./demo-data";
import { demoFraction, demoId } from "./demo-ids";
import { inventedIdentity } from "./invented-identity";
import type { Moments } from "./moments";
import { vitalCourse } from "./vital-course";

const icd10 = "http://hl7.org/fhir/sid/icd-10-cm";
const snomed = "http://snomed.info/sct";
const loinc = "http://loinc.org";

type Row = Record<string, unknown>;
/** Rows by table of schema hospital, in an order that satisfies every reference. */
export type PatientTables = Record<(typeof patientTables)[number], Row[]>;
export const patientTables = [
  "patient",
  "patient_identity",
  "patient_insurance",
  "placement",
  "admission",
  "appointment",
  "medical_record",
  "diagnosis",
  "vital_signs",
  "observation",
  "medication",
  "allergy",
  "treatment_plan",
] as const;

interface Surroundings {
  readonly data: DemoData;
  readonly moments: Moments;
  readonly fieldKey: SealingKey;
  readonly now: Date;
}

function medicationDays(
  one: DemoMedication,
  moments: Moments,
): { started_on: string | null; stopped_on: string | null } {
  return {
    started_on: one.start ?? (one.startHours === undefined ? null : moments.dayAgo(one.startHours)),
    stopped_on: one.stop ?? (one.stopHours === undefined ? null : moments.dayAgo(one.stopHours)),
  };
}

function stayRows(patient: DemoPatient, id: string, moments: Moments): { placement: Row[]; admission: Row[] } {
  const past = patient.past.map((stay, index) => ({
    id: demoId(patient.number, "past", index),
    patient_id: id,
    ward_code: stay.ward,
    bed_code: null,
    reason: stay.reason,
    attending_id: null,
    admitted_at: moments.at(-stay.daysAgo, "11:20").toISOString(),
    discharged_at: moments.at(-stay.daysAgo + stay.days, "10:45").toISOString(),
  }));
  if (!patient.place || !patient.admitted) return { placement: [], admission: past };
  const since = moments.ago(patient.admitted.hoursAgo);
  const current = {
    id: demoId(patient.number, "admission"),
    patient_id: id,
    ward_code: patient.place.ward,
    bed_code: patient.place.bed,
    reason: patient.admitted.reason,
    attending_id: patient.admitted.attending,
    admitted_at: since,
    discharged_at: null,
  };
  return {
    placement: [{ patient_id: id, ward_code: patient.place.ward, bed_code: patient.place.bed, since }],
    admission: [...past, current],
  };
}

function observationRows(patient: DemoPatient, id: string, { data, moments }: Surroundings): Row[] {
  const row = (
    code: string,
    display: string,
    unit: string,
    value: number,
    hoursAgo: number,
    category: string,
    index: number,
  ) => ({
    id: demoId(patient.number, "observation", code, index),
    patient_id: id,
    category,
    code,
    code_system: loinc,
    display,
    value,
    value_text: null,
    unit,
    measured_at: moments.ago(hoursAgo),
  });
  const at = patient.admitted?.hoursAgo ?? 0;
  return [
    ...(patient.weight === undefined
      ? []
      : [row("29463-7", "Body weight", "kg", patient.weight, at, "vital-signs", 0)]),
    ...(patient.height === undefined ? [] : [row("8302-2", "Body height", "cm", patient.height, at, "vital-signs", 0)]),
    ...patient.labs.map(([code, value, hoursAgo], index) => {
      const known = data.laboratory[code];
      if (known === undefined) throw new Error(`the demo hospital has no laboratory test ${code}`);
      return row(code, known.display, known.unit, value, hoursAgo, "laboratory", index);
    }),
  ];
}

function vitalRows(patient: DemoPatient, id: string, { data, moments }: Surroundings): Row[] {
  const { vitals, place } = patient;
  if (!vitals) return [];
  const nurses = data.staff.filter((person) => person.role === "Nurse" && person.ward === place?.ward);
  return vitalCourse(patient.number, vitals).map(({ hoursBeforeLatest, ...values }) => {
    const nurse =
      nurses[Math.floor(demoFraction(patient.number, "nurse", Math.floor(hoursBeforeLatest / 8)) * nurses.length)];
    return {
      id: demoId(patient.number, "vital signs", hoursBeforeLatest),
      patient_id: id,
      recorded_at: moments.ago(hoursBeforeLatest + vitals.latestMinutesAgo / 60),
      ...values,
      recorded_by_id: nurse?.id ?? null,
    };
  });
}

function appointmentRows(patient: DemoPatient, id: string, moments: Moments): Row[] {
  return patient.appointments.map(([days, time, minutes, department, staff, reason, status], index) => ({
    id: demoId(patient.number, "appointment", index),
    patient_id: id,
    staff_id: staff,
    department,
    starts_at: moments.at(days, time).toISOString(),
    minutes,
    reason,
    status: status ?? (days < 0 ? "fulfilled" : "booked"),
  }));
}

/** Everything that the demo hospital knows of one patient. */
function rowsOf(patient: DemoPatient, index: number, around: Surroundings): PatientTables {
  const { moments } = around;
  const id = demoId(patient.number);
  const attending = patient.admitted?.attending ?? "STF007";
  const { identity, insurance } = inventedIdentity(around.fieldKey, id, patient, index);
  const allergies = typeof patient.allergies === "string" ? [] : patient.allergies;
  return {
    patient: [
      {
        id,
        patient_number: patient.number,
        family_name: patient.family,
        given_name: patient.given,
        prefix: patient.prefix,
        gender: patient.gender,
        birth_year: Number(patient.born.slice(0, 4)),
        pregnant: patient.pregnant,
        resuscitation_status: patient.resuscitation ?? null,
        allergy_status: typeof patient.allergies === "string" ? patient.allergies : "recorded",
        created_at: moments.ago(24 * 400),
      },
    ],
    patient_identity: [{ patient_id: id, ...identity }],
    patient_insurance: [{ patient_id: id, ...insurance }],
    ...stayRows(patient, id, moments),
    appointment: appointmentRows(patient, id, moments),
    medical_record: patient.records.map((record, order) => ({
      id: demoId(patient.number, "record", order),
      patient_id: id,
      kind: record.kind,
      title: record.title,
      body: record.text,
      author_id: record.author,
      written_at: moments.ago(record.hoursAgo),
    })),
    diagnosis: patient.diagnoses.map((diagnosis) => ({
      id: demoId(patient.number, "diagnosis", diagnosis.code),
      patient_id: id,
      code: diagnosis.code,
      code_system: icd10,
      display: diagnosis.display,
      status: "active",
      onset_on: diagnosis.since ?? (diagnosis.sinceHours === undefined ? null : moments.dayAgo(diagnosis.sinceHours)),
      resolved_on: null,
      recorded_by_id: attending,
    })),
    vital_signs: vitalRows(patient, id, around),
    observation: observationRows(patient, id, around),
    medication: patient.medications.map((one, order) => ({
      id: demoId(patient.number, "medication", order),
      patient_id: id,
      generic: one.generic,
      brand: one.brand ?? null,
      form: one.form,
      dose: one.dose,
      route: one.route,
      frequency: one.frequency,
      due_times: one.due,
      as_needed: one.asNeeded,
      status: one.status,
      ...medicationDays(one, moments),
      prescriber_id: attending,
    })),
    allergy: allergies.map((allergy, order) => ({
      id: demoId(patient.number, "allergy", order),
      patient_id: id,
      substance: allergy.substance,
      reaction: allergy.reaction,
      severity: allergy.severity,
      status: "active",
      recorded_on: allergy.recorded,
      code: allergy.code ?? null,
      code_system: allergy.code === undefined ? null : snomed,
    })),
    treatment_plan: !patient.plan
      ? []
      : [
          {
            id: demoId(patient.number, "plan"),
            patient_id: id,
            title: patient.plan.title,
            goal: patient.plan.goal,
            steps: patient.plan.steps,
            status: "active",
            follow_up_on: moments.dayAhead(patient.plan.followUpDays),
            author_id: attending,
            written_at: moments.ago(Math.max(0.5, (patient.admitted?.hoursAgo ?? 24) * 0.4)),
          },
        ],
  };
}

/** The rows of all patients, table by table. */
export function patientRows(around: Surroundings): PatientTables {
  const all = around.data.patients.map((patient, index) => rowsOf(patient, index, around));
  return Object.fromEntries(patientTables.map((table) => [table, all.flatMap((rows) => rows[table])])) as PatientTables;
}
