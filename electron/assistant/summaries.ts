import { isToolName, type ToolName, type ToolOutput } from "../../shared/tools/registry";
import type { McpOutcome } from "../mcp/mcp-tool-client";

type Summaries = { readonly [N in ToolName]: (value: ToolOutput<N>) => string };

const count = (many: number, one: string, more = `${one}s`) => `${many} ${many === 1 ? one : more}`;

/** One line for a folded tool call. Holds counts and codes, no text of the chart and no identity. */
const summaries: Summaries = {
  get_patient_overview: (value) => `Overview of ${value.patient_id}`,
  get_patient_phi: (value) => `Identity data of ${value.patient_id}, access: ${value._access_level.replace("_", " ")}`,
  get_medical_records: (value) =>
    [
      count(value.records.length, "record"),
      count(value.diagnoses.length, "diagnosis", "diagnoses"),
      count(value.procedures.length, "procedure"),
      count(value.immunizations.length, "immunization"),
    ].join(", "),
  get_vital_signs: (value) =>
    `${count(value.vital_signs.length, "set")} of observations, ${count(value.observations.length, "other measurement")}`,
  get_medications: (value) =>
    `${count(value.medications.length, "medicine")}, ${value.medications.filter((medicine) => medicine.status === "active").length} active`,
  get_allergies: (value) => {
    if (value.allergy_status === "not-asked") return "Allergies not asked";
    return value.allergy_status === "none-known"
      ? "No known allergies"
      : count(value.allergies.length, "allergy", "allergies");
  },
  get_treatment_plans: (value) => count(value.plans.length, "treatment plan"),
  get_appointments: (value) => count(value.appointments.length, "appointment"),
  get_admissions: (value) =>
    `${count(value.admissions.length, "admission")}, ${count(value.encounters.length, "encounter")}`,
  find_patients: (value) => `${count(value.patients.length, "patient")} found${value.truncated ? ", more exist" : ""}`,
  list_ward: (value) => `${count(value.patients.length, "patient")}${value.ward ? ` on ${value.ward.code}` : ""}`,
  get_my_shifts: (value) => count(value.shifts.length, "shift"),
  get_shifts: (value) => count(value.shifts.length, "shift"),
  get_my_access_history: (value) => count(value.total, "audit entry", "audit entries"),
  get_audit_trail: (value) => count(value.total, "audit entry", "audit entries"),
  get_alerts: (value) => count(value.alerts.length, "alert"),
  get_emergency_reviews: (value) => count(value.reviews.length, "emergency access", "emergency accesses"),
  get_ward_snapshot: (value) => count(value.patients.length, "patient"),
  get_observation_form: (value) => `Form for observations of ${value.patient_id}`,
  get_refused_observations: (value) => count(value.entries.length, "refused entry", "refused entries"),
  get_session_forensics: (value) => count(value.total, "session"),
  get_patient_accesses: (value) => count(value.total, "audit entry", "audit entries"),
  verify_audit_chain: (value) => (value.intact ? "Chain intact" : "Chain broken"),
};

/** One line for the folded tool call: what came back, or why not. */
export function summarize(toolName: string, outcome: McpOutcome): string {
  if (!outcome.ok) return outcome.failure.message;
  if (!isToolName(toolName)) return "";
  // The client parsed the value by this very tool's schema.
  return (summaries[toolName] as (value: unknown) => string)(outcome.value);
}
