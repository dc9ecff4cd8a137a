import { type Permission, permissions } from "../../shared/access/permissions";
import type { Role } from "../../shared/access/roles";

/** The tabs of a chart from left to right, and what each takes. */
export const chartTabs = [
  { id: "overview", title: "Overview", needs: "overview.read" },
  { id: "vitals", title: "Vitals", needs: "vital-signs.read" },
  { id: "medications", title: "Medications", needs: "medications.read" },
  { id: "records", title: "Records", needs: "records.read" },
  { id: "diagnoses", title: "Diagnoses", needs: "records.read" },
  { id: "treatment", title: "Treatment", needs: "treatment-plans.read" },
  { id: "appointments", title: "Appointments", needs: "appointments.read" },
  { id: "admissions", title: "Admissions", needs: "admissions.read" },
  { id: "identity", title: "Identity", needs: "phi.read" },
] as const satisfies readonly { id: string; title: string; needs: Permission }[];

export type ChartTab = (typeof chartTabs)[number]["id"];

/** The tab of a place; a name that is no tab leads to the overview. */
export function chartTab(name: string | undefined): ChartTab {
  return chartTabs.find((tab) => tab.id === name)?.id ?? "overview";
}

/** Why a tab is closed to a role, in words that name the role and what it lacks. */
export function closedTo(role: Role, permission: Permission): string {
  return `Your role (${role}) may not see ${permissions[permission]}.`;
}
