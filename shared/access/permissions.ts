/**
 * Every permission that exists, with what it discloses or allows in the ward's words.
 * A permission that is not in this table can be neither granted nor asked for.
 */
export const permissions = {
  "overview.read": "name, gender, birth year and patient number",
  "placement.read": "ward and bed",
  "phi.read": "the identity page at all",
  "birth-date.read": "the date of birth",
  "identity.masked": "that identity fields exist, without their content",
  "identity.read": "Social Security number, address, phone, e-mail and emergency contact",
  "insurance.read": "insurance provider and number",
  "records.read": "notes, diagnoses, procedures and immunizations",
  "vital-signs.read": "vital signs and early warning scores",
  "medications.read": "medications",
  "allergies.read": "allergies",
  "treatment-plans.read": "treatment plans",
  "appointments.read": "appointments",
  "admissions.read": "admissions and encounters",
  "own-shifts.read": "the own shifts",
  "shifts.read": "department schedules",
  "own-audit.read": "the own access history",
  "audit.read": "the whole audit trail",
  "patient-audit.read": "who has looked at a patient",
  "patients.search": "search for patients",
  "ward.read": "the ward list",
  "ward.snapshot": "a sealed copy of the own ward on this workstation, for when the network is away",
  "assistant.use": "ask the assistant",
  "patients.admit": "admit a patient to a bed",
  "patients.import": "import patients from FHIR bundles",
  "health.read": "the workstation's and the database's health",
  "vital-signs.record": "record vital signs",
  "break-glass.use": "open one chart in an emergency",
  "break-glass.review": "judge emergency access",
  "alerts.read": "alerts about how data is used",
  "alerts.handle": "acknowledge alerts and contain what raised them",
  "audit.export": "take the audit out of the app",
  "people.manage": "accounts, sessions and sign-in rules of the staff",
} as const;

export type Permission = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]];
