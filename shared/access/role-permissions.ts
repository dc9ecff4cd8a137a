import type { Permission } from "./permissions";
import type { Role } from "./roles";

/**
 * How far a permission reaches: every patient of the hospital, the patients of the own care team
 * (admitted to a ward of a current shift, assigned, or with an appointment today), or one's own data.
 */
export type Reach = "all" | "care-team" | "own";

type Grants = { readonly [P in Permission]?: Reach };

const everyone = {
  "own-shifts.read": "own",
  "own-audit.read": "own",
  "assistant.use": "own",
} as const satisfies Grants;
const seesTheHospital = {
  "overview.read": "all",
  "placement.read": "all",
  "patients.search": "all",
  "ward.read": "all",
} as const satisfies Grants;
const treats = {
  "overview.read": "care-team",
  "placement.read": "care-team",
  "patients.search": "care-team",
  "ward.read": "care-team",
  "phi.read": "care-team",
  "birth-date.read": "care-team",
  "records.read": "care-team",
  "vital-signs.read": "care-team",
  "medications.read": "care-team",
  "allergies.read": "care-team",
  "treatment-plans.read": "care-team",
  "appointments.read": "care-team",
  "admissions.read": "care-team",
  "vital-signs.record": "care-team",
  "ward.snapshot": "care-team",
  "break-glass.use": "own",
} as const satisfies Grants;

/** THE table: who may do what. The door, PostgreSQL's policies, MCP, the screens and docs/permissions.md derive from it. */
export const rolePermissions: { readonly [R in Role]: Grants } = {
  Admin: {
    ...everyone,
    ...seesTheHospital,
    "phi.read": "all",
    "birth-date.read": "all",
    "identity.read": "all",
    "insurance.read": "all",
    "appointments.read": "all",
    "admissions.read": "all",
    "shifts.read": "all",
    "audit.read": "all",
    "patient-audit.read": "all",
    "patients.admit": "all",
    "patients.import": "all",
    "health.read": "all",
    "people.manage": "all",
    "alerts.read": "all",
    "alerts.handle": "all",
  },
  Doctor: { ...everyone, ...treats, "identity.read": "care-team", "insurance.read": "care-team" },
  Nurse: { ...everyone, ...treats, "identity.masked": "care-team" },
  Billing: {
    ...everyone,
    "overview.read": "all",
    "patients.search": "all",
    "phi.read": "all",
    "insurance.read": "all",
  },
  Reception: { ...everyone, ...seesTheHospital, "appointments.read": "all" },
  Auditor: {
    ...everyone,
    ...seesTheHospital,
    "phi.read": "all",
    "birth-date.read": "all",
    "identity.read": "all",
    "insurance.read": "all",
    "records.read": "all",
    "vital-signs.read": "all",
    "medications.read": "all",
    "allergies.read": "all",
    "treatment-plans.read": "all",
    "appointments.read": "all",
    "admissions.read": "all",
    "shifts.read": "all",
    "audit.read": "all",
    "patient-audit.read": "all",
    "audit.export": "all",
    "alerts.read": "all",
    "alerts.handle": "all",
    "break-glass.review": "all",
  },
};

/** The reach that a role has for a permission; undefined means that it is denied. */
export function reachOf(role: Role, permission: Permission): Reach | undefined {
  return rolePermissions[role][permission];
}

/** Whether a role holds a permission at all, whatever its reach. */
export function may(role: Role, permission: Permission): boolean {
  return reachOf(role, permission) !== undefined;
}
