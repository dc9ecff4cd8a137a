import { may } from "../../shared/access/role-permissions";
import { REDACTED } from "../../shared/clinical/sensitivity";
import { Refusal } from "../../shared/failure";
import { readChart } from "../records/chart";
import { keyIdsOf, openIdentity, readIdentity } from "../records/identity";
import { readMedications } from "../records/medications";
import { overviewOf, readOverviews } from "../records/overview";
import { readVitalSigns, vitalSignsOf } from "../records/vital-signs";
import type { ToolContext, ToolRuns } from "./define-tool";

/** The identity page, field by field: full, masked where the role only knows that a field exists, absent where it may not. */
async function identityPage(context: ToolContext, patientId: string): Promise<Record<string, unknown>> {
  const { role } = context;
  const row = await readIdentity(context.query);
  if (!row) throw new Refusal("PATIENT_NOT_FOUND");
  const opened = openIdentity(row, await context.fieldKeys(keyIdsOf(row)));
  const page: Record<string, unknown> = { patient_id: patientId };
  for (const field of ["ssn", "address", "phone", "email", "emergency_contact"] as const) {
    if (may(role, "identity.read")) page[field] = opened[field];
    else if (may(role, "identity.masked")) page[field] = REDACTED;
  }
  if (may(role, "birth-date.read")) page["date_of_birth"] = opened["date_of_birth"];
  if (may(role, "insurance.read")) {
    page["insurance_provider"] = opened["insurance_provider"];
    page["insurance_number"] = opened["insurance_number"];
  }
  const level = may(role, "identity.read") ? "full" : may(role, "birth-date.read") ? "redacted" : "insurance_only";
  return { ...page, _access_level: level };
}

type PatientTool =
  | "get_patient_overview"
  | "get_patient_phi"
  | "get_medical_records"
  | "get_vital_signs"
  | "get_medications"
  | "get_allergies"
  | "get_treatment_plans"
  | "get_appointments"
  | "get_admissions";

export const patientRuns: Pick<ToolRuns, PatientTool> = {
  get_patient_overview: async ({ query }) => {
    const [row] = await readOverviews(query);
    if (!row) throw new Refusal("PATIENT_NOT_FOUND");
    return overviewOf(row);
  },
  get_patient_phi: (context, { patient_id }) => identityPage(context, patient_id),
  get_medical_records: async ({ query }, { patient_id }) => {
    const [records, diagnoses, procedures, immunizations] = await Promise.all([
      readChart.records(query),
      readChart.diagnoses(query),
      readChart.procedures(query),
      readChart.immunizations(query),
    ]);
    return { patient_id, records, diagnoses, procedures, immunizations };
  },
  get_vital_signs: async ({ query }, { patient_id }) => {
    const [overviews, sets, observations] = await Promise.all([
      readOverviews(query),
      readVitalSigns(query),
      readChart.observations(query),
    ]);
    const [row] = overviews;
    if (!row) throw new Refusal("PATIENT_NOT_FOUND");
    const patient = { birthYear: row["birth_year"] as number | null, pregnant: row["pregnant"] === true };
    return { patient_id, vital_signs: sets.map((set) => vitalSignsOf(set, patient)), observations };
  },
  get_medications: async ({ query }, { patient_id }) => ({ patient_id, medications: await readMedications(query) }),
  get_allergies: async ({ query }, { patient_id }) => {
    const [status, allergies] = await Promise.all([readChart.allergyStatus(query), readChart.allergies(query)]);
    if (!status[0]) throw new Refusal("PATIENT_NOT_FOUND");
    return { patient_id, allergy_status: status[0]["allergy_status"], allergies };
  },
  get_treatment_plans: async ({ query }, { patient_id }) => {
    const [decision, plans] = await Promise.all([readChart.resuscitation(query), readChart.treatmentPlans(query)]);
    return { patient_id, resuscitation_status: decision[0]?.["resuscitation_status"] ?? null, plans };
  },
  get_appointments: async ({ query }, { patient_id }) => ({
    patient_id,
    appointments: await readChart.appointments(query),
  }),
  get_admissions: async ({ query }, { patient_id }) => {
    const [admissions, encounters] = await Promise.all([readChart.admissions(query), readChart.encounters(query)]);
    return { patient_id, admissions, encounters };
  },
};
