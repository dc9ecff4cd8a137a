import type { Role } from "../../shared/access/roles";

/**
 * Who may see what, typed by hand from the product's own table and imported by nothing but tests: the table in shared/access
 * is compared with it, and so are the door, MCP and PostgreSQL. Do not derive it from anything.
 */
export type Cell = "all" | "care team" | "own" | "denied";
export const columns: readonly Role[] = ["Admin", "Doctor", "Nurse", "Billing", "Reception", "Auditor"];

export const toolTable = {
  get_patient_overview: ["all", "care team", "care team", "all", "all", "all"],
  get_patient_phi: ["all", "care team", "care team", "all", "denied", "all"],
  get_medical_records: ["denied", "care team", "care team", "denied", "denied", "all"],
  get_vital_signs: ["denied", "care team", "care team", "denied", "denied", "all"],
  get_medications: ["denied", "care team", "care team", "denied", "denied", "all"],
  get_allergies: ["denied", "care team", "care team", "denied", "denied", "all"],
  get_treatment_plans: ["denied", "care team", "care team", "denied", "denied", "all"],
  get_appointments: ["all", "care team", "care team", "denied", "all", "all"],
  get_admissions: ["all", "care team", "care team", "denied", "denied", "all"],
  get_my_shifts: ["own", "own", "own", "own", "own", "own"],
  get_shifts: ["all", "denied", "denied", "denied", "denied", "all"],
  find_patients: ["all", "care team", "care team", "all", "all", "all"],
  list_ward: ["all", "care team", "care team", "denied", "all", "all"],
  get_my_access_history: ["own", "own", "own", "own", "own", "own"],
  get_audit_trail: ["all", "denied", "denied", "denied", "denied", "all"],
  get_session_forensics: ["all", "denied", "denied", "denied", "denied", "all"],
  get_patient_accesses: ["all", "denied", "denied", "denied", "denied", "all"],
  verify_audit_chain: ["all", "denied", "denied", "denied", "denied", "all"],
  get_alerts: ["all", "denied", "denied", "denied", "denied", "all"],
  get_emergency_reviews: ["denied", "denied", "denied", "denied", "denied", "all"],
  get_ward_snapshot: ["denied", "care team", "care team", "denied", "denied", "denied"],
  get_observation_form: ["denied", "care team", "care team", "denied", "denied", "denied"],
  get_refused_observations: ["denied", "care team", "care team", "denied", "denied", "all"],
} as const satisfies Readonly<Record<string, readonly [Cell, Cell, Cell, Cell, Cell, Cell]>>;
export type TableTool = keyof typeof toolTable;
export const tableTools = Object.keys(toolTable) as TableTool[];

/** Only a screen asks these; models and MCP clients are not offered them. */
export const screenOnly: readonly string[] = [
  "get_my_access_history",
  "get_audit_trail",
  "get_session_forensics",
  "get_patient_accesses",
  "verify_audit_chain",
  "get_alerts",
  "get_emergency_reviews",
  "get_ward_snapshot",
  "get_observation_form",
  "get_refused_observations",
];

export function cellOf(role: Role, tool: TableTool): Cell {
  return toolTable[tool][columns.indexOf(role)] as Cell;
}

export type Shown = "shown" | "masked" | "absent";
const identity = ["ssn", "address", "phone", "email", "emergency_contact"] as const;
export const phiFields = [...identity, "date_of_birth", "insurance_provider", "insurance_number"] as const;

/** The identity page, field by field. */
export function shownInPhi(role: Role, field: (typeof phiFields)[number]): Shown {
  switch (role) {
    case "Admin":
    case "Doctor":
    case "Auditor":
      return "shown";
    case "Nurse":
      if (field === "date_of_birth") return "shown";
      return field === "insurance_provider" || field === "insurance_number" ? "absent" : "masked";
    case "Billing":
      return field === "insurance_provider" || field === "insurance_number" ? "shown" : "absent";
    case "Reception":
      return "absent";
  }
}
export const accessLevels: Readonly<Record<Role, string | null>> = {
  Admin: "full",
  Doctor: "full",
  Nurse: "redacted",
  Billing: "insurance_only",
  Reception: null,
  Auditor: "full",
};

/** Whether the role sees ward and bed beside a name, and scores and medicines due on the ward list. */
export const seesPlaces: Readonly<Record<Role, boolean>> = {
  Admin: true,
  Doctor: true,
  Nurse: true,
  Billing: false,
  Reception: true,
  Auditor: true,
};
export const seesScores: Readonly<Record<Role, boolean>> = {
  Admin: false,
  Doctor: true,
  Nurse: true,
  Billing: false,
  Reception: false,
  Auditor: true,
};
