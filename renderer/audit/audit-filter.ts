import type { AuditAction } from "../../shared/audit/actions";
import { patientNumberSchema } from "../../shared/clinical/identifiers";
import type { ToolInput } from "../../shared/tools/registry";

/** The filter as it is typed. */
export interface AuditFilter {
  readonly action: AuditAction | "";
  readonly outcome: "granted" | "denied" | "";
  readonly staff: string;
  readonly patient: string;
  readonly from: string;
  readonly to: string;
}

export const noFilter: AuditFilter = { action: "", outcome: "", staff: "", patient: "", from: "", to: "" };

/** How many entries a page holds. */
export const pageSize = 100;

export type FilterFaults = Partial<Record<keyof AuditFilter, string>>;

/** What cannot be asked as it stands, by field. */
export function filterFaults(filter: AuditFilter): FilterFaults {
  const faults: FilterFaults = {};
  if (filter.patient.trim() !== "" && !patientNumberSchema.safeParse(filter.patient).success)
    faults.patient = "A patient number has 3 to 12 letters and digits, such as FCE57.";
  if (filter.from !== "" && filter.to !== "" && filter.from > filter.to)
    faults.to = "The last day is before the first.";
  return faults;
}

/** The question to the audit: what was left empty is not asked for. */
export function auditQuestion(filter: AuditFilter, offset: number, whole: boolean): ToolInput<"get_audit_trail"> {
  const staff = filter.staff.trim();
  const patient = filter.patient.trim();
  return {
    offset,
    limit: pageSize,
    ...(filter.action === "" ? {} : { action: filter.action }),
    ...(filter.outcome === "" ? {} : { outcome: filter.outcome }),
    // One's own history has one person in it.
    ...(staff === "" || !whole ? {} : { staff_id: staff }),
    ...(patient === "" ? {} : { patient_id: patient.toUpperCase() }),
    ...(filter.from === "" ? {} : { from: filter.from }),
    ...(filter.to === "" ? {} : { to: filter.to }),
  };
}
