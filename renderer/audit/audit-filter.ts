import type { Role } from "../../shared/access/roles";
import type { AuditAction } from "../../shared/audit/actions";
import type { AuditFilter as AskedFilter, AuditSort } from "../../shared/audit/filter";
import { patientNumberSchema, uuidSchema } from "../../shared/clinical/identifiers";
import type { ToolInput } from "../../shared/tools/registry";

/** The filter as it is typed. Moments are as a date and time field gives them, on this ward's clock. */
export interface AuditFilter {
  readonly action: AuditAction | "";
  readonly outcome: "granted" | "denied" | "";
  /** A staff id or a part of a name. */
  readonly staff: string;
  readonly role: Role | "";
  readonly patient: string;
  readonly workstation: string;
  readonly session: string;
  readonly tool: string;
  readonly detail: string;
  readonly from: string;
  readonly to: string;
}

export const noFilter: AuditFilter = {
  action: "",
  outcome: "",
  staff: "",
  role: "",
  patient: "",
  workstation: "",
  session: "",
  tool: "",
  detail: "",
  from: "",
  to: "",
};

/** How many entries a page holds. */
export const pageSize = 100;

export interface AuditOrder {
  readonly sort: AuditSort;
  readonly direction: "ascending" | "descending";
}
export const newestFirst: AuditOrder = { sort: "at", direction: "descending" };

export type FilterFaults = Partial<Record<keyof AuditFilter, string>>;

/** What cannot be asked as it stands, by field. */
export function filterFaults(filter: AuditFilter): FilterFaults {
  const faults: FilterFaults = {};
  if (filter.patient.trim() !== "" && !patientNumberSchema.safeParse(filter.patient).success)
    faults.patient = "A patient number has 3 to 12 letters and digits, such as FCE57.";
  if (filter.session.trim() !== "" && !uuidSchema.safeParse(filter.session.trim()).success)
    faults.session = "A session's whole id, as an entry's details show it.";
  if (filter.from !== "" && filter.to !== "" && filter.from > filter.to) faults.to = "The end is before the beginning.";
  return faults;
}

/** A day stays a day; a time of this ward becomes a moment that means the same everywhere. */
function asMoment(typed: string): string {
  return typed.includes("T") ? new Date(typed).toISOString() : typed;
}

/** An id has a digit and no space; anything else is taken for a part of a name. */
const isStaffId = (typed: string) => /^[^\s]*\d[^\s]*$/u.test(typed);

/** The filter in the tool's own words: what was left empty is not asked for. */
export function askedFilter(filter: AuditFilter, whole: boolean): AskedFilter {
  const typed = (name: keyof AuditFilter) => filter[name].trim();
  const staff = typed("staff");
  return {
    ...(filter.action === "" ? {} : { action: filter.action }),
    ...(filter.outcome === "" ? {} : { outcome: filter.outcome }),
    // One's own history has one person in it.
    ...(staff === "" || !whole ? {} : isStaffId(staff) ? { staff_id: staff } : { staff_name: staff }),
    ...(filter.role === "" || !whole ? {} : { staff_role: filter.role }),
    ...(typed("patient") === "" ? {} : { patient_id: typed("patient").toUpperCase() }),
    ...(typed("workstation") === "" ? {} : { workstation: typed("workstation") }),
    ...(typed("session") === "" ? {} : { session: typed("session").toLowerCase() }),
    ...(typed("tool") === "" ? {} : { tool: typed("tool") }),
    ...(typed("detail") === "" ? {} : { detail: typed("detail") }),
    ...(filter.from === "" ? {} : { from: asMoment(filter.from) }),
    ...(filter.to === "" ? {} : { to: asMoment(filter.to) }),
  };
}

/** The question to the audit for one page. */
export function auditQuestion(
  filter: AuditFilter,
  offset: number,
  whole: boolean,
  order: AuditOrder = newestFirst,
): ToolInput<"get_audit_trail"> {
  const usual = order.sort === newestFirst.sort && order.direction === newestFirst.direction;
  return {
    offset,
    limit: pageSize,
    ...(usual ? {} : { sort: order.sort, direction: order.direction }),
    ...askedFilter(filter, whole),
  };
}
