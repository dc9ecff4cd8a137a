import type { AuditFilter, AuditSort } from "../../shared/audit/filter";
import { refusedActions } from "../../shared/audit/refusals";
import type { Row } from "../database/pool";
import { sinceText, untilText } from "./period";

/** The chain of what happens without a session. */
export const INSTALLATION_CHAIN = "00000000-0000-0000-0000-000000000000";

/** A statement's parts for one filter: only what was asked is in it, so that the planner sees each question as it is. */
export interface AuditSource {
  /** What stands behind FROM; the entries are called `t`. */
  readonly from: string;
  readonly where: string;
  readonly values: readonly unknown[];
}

type Filter = { readonly [Name in keyof AuditFilter]?: AuditFilter[Name] | undefined };

const refused = `(t.action IN (${refusedActions.map((action) => `'${action}'`).join(", ")}) OR t.outcome = 'locked')`;

/**
 * Entries are looked up by the places that a patient has in the audit, where one was asked for: a condition on the array
 * of patients could use no index under row policies. `OFFSET 0` keeps the look-up of each place inside the view.
 */
const byPatient = `api.audit_of_patient($1) place CROSS JOIN LATERAL (SELECT * FROM api.audit_trail v
  WHERE v.chain_id = place.chain_id AND v.sequence = place.sequence OFFSET 0) t`;

export function auditSource(filter: Filter): AuditSource {
  const values: unknown[] = [];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const from = filter.patient_id === undefined ? "api.audit_trail t" : byPatient;
  if (filter.patient_id !== undefined) values.push(filter.patient_id);
  const conditions: string[] = [];
  if (filter.action !== undefined) conditions.push(`t.action = ${bound(filter.action)}`);
  if (filter.outcome !== undefined) conditions.push(filter.outcome === "denied" ? refused : `NOT ${refused}`);
  if (filter.staff_id !== undefined) conditions.push(`t.staff_id = ${bound(filter.staff_id)}`);
  if (filter.staff_name !== undefined)
    conditions.push(`strpos(lower(t.staff_name), lower(${bound(filter.staff_name)}::text)) > 0`);
  if (filter.staff_role !== undefined) conditions.push(`t.role = ${bound(filter.staff_role)}`);
  if (filter.workstation !== undefined) conditions.push(`t.workstation = ${bound(filter.workstation)}`);
  if (filter.tool !== undefined) conditions.push(`t.tool = ${bound(filter.tool)}`);
  if (filter.session !== undefined) {
    const session = bound(filter.session);
    conditions.push(
      `(t.chain_id = ${session}::uuid OR (t.chain_id = '${INSTALLATION_CHAIN}' AND t.session_id = ${session}::uuid))`,
    );
  }
  if (filter.detail !== undefined)
    conditions.push(`strpos(lower(t.detail::text), lower(${bound(filter.detail)}::text)) > 0`);
  if (filter.from !== undefined) conditions.push(`t.at >= ${sinceText(bound(filter.from), filter.from)}`);
  if (filter.to !== undefined) conditions.push(`t.at < ${untilText(bound(filter.to), filter.to)}`);
  return { from, where: conditions.length === 0 ? "true" : conditions.join(" AND "), values };
}

const newestFirst = "t.at DESC, t.chain_id, t.sequence DESC";
const sortedBy: Readonly<Record<Exclude<AuditSort, "at" | "chain">, string>> = {
  person: "t.staff_name",
  role: "t.role",
  action: "t.action",
  tool: "t.tool",
  outcome: "t.outcome",
  patients: "cardinality(t.patient_ids)",
  detail: "t.detail::text",
  workstation: "t.workstation",
  session: "t.session_id",
};

/** Behind ORDER BY: never two orders of the same entries, so that pages neither repeat nor leave out. */
export function auditOrder(sort: AuditSort, direction: "ascending" | "descending"): string {
  const way = direction === "ascending" ? "ASC" : "DESC";
  if (sort === "at") return direction === "descending" ? newestFirst : "t.at, t.chain_id, t.sequence";
  if (sort === "chain") return `t.chain_id ${way}, t.sequence ${way}`;
  return `${sortedBy[sort]} ${way} NULLS LAST, ${newestFirst}`;
}

const entryColumns = `t.chain_id AS chain, t.sequence, t.at, t.action, t.tool, t.outcome, t.staff_id, t.staff_name, t.role,
  t.patient_numbers AS patient_ids, t.workstation, t.address, t.app_version, nullif(t.detail, '{}')::text AS detail, t.session_id AS session,
  encode(t.previous_hash, 'hex') AS previous_hash, encode(t.hash, 'hex') AS hash`;

/**
 * One page. The places come first and only theirs is read in full: what a name or a list of patients costs is paid for
 * the page and not for everything that matches. The last two values are the limit and the offset.
 */
export function auditPageText(source: AuditSource, order: string): string {
  const { from, where, values } = source;
  return `SELECT ${entryColumns} FROM (SELECT t.chain_id, t.sequence FROM ${from} WHERE ${where} ORDER BY ${order}
      LIMIT $${values.length + 1} OFFSET $${values.length + 2}) found
    CROSS JOIN LATERAL (SELECT * FROM api.audit_trail v WHERE v.chain_id = found.chain_id AND v.sequence = found.sequence OFFSET 0) t
    ORDER BY ${order}`;
}

export function auditCountText({ from, where }: AuditSource): string {
  return `SELECT count(*) AS total FROM ${from} WHERE ${where}`;
}

export const totalOf = (rows: readonly Row[]): number => Number(rows[0]?.["total"] ?? 0);
