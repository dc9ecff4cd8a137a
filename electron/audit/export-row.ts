import type { AuditFilter } from "../../shared/audit/filter";
import type { Query, Row } from "../database/pool";
import { auditSource } from "./audit-query";

/** One entry as every form of export has it. */
export interface ExportRow {
  readonly chain: string;
  readonly sequence: number;
  /** UTC with microseconds, as it is stored. */
  readonly at: string;
  /** The transaction that wrote it. */
  readonly transaction: string;
  readonly session: string | null;
  readonly staff_id: string | null;
  readonly staff_name: string | null;
  readonly role: string | null;
  readonly action: string;
  readonly tool: string | null;
  readonly outcome: string;
  readonly patient_ids: readonly string[];
  readonly patient_numbers: readonly string[];
  readonly workstation: string | null;
  /** Of the workstation, and of the app that ran on it: for people, and no part of what was hashed. */
  readonly address: string | null;
  readonly app_version: string | null;
  /** JSON text as PostgreSQL writes it. */
  readonly detail: string;
  readonly previous_hash: string;
  readonly hash: string;
  /** Exactly the text that was hashed behind `previous_hash`. */
  readonly hashed: string;
}

const columns = `t.chain_id AS chain, t.sequence, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at_text, t.transaction,
  t.session_id AS session, t.staff_id, t.staff_name, t.role, t.action, t.tool, t.outcome, t.patient_ids, t.patient_numbers,
  t.workstation, t.address, t.app_version, t.detail::text AS detail, encode(t.previous_hash, 'hex') AS previous_hash, encode(t.hash, 'hex') AS hash, t.hashed`;

function rowOf(row: Row): ExportRow {
  const { at_text: at, sequence, ...rest } = row;
  return { ...rest, at: String(at), sequence: Number(sequence) } as unknown as ExportRow;
}

/** Entries in one statement: small enough to be read in a fraction of a second, and for a lock to be noticed. */
export const EXPORT_PAGE = 2000;

/**
 * How pages follow each other. `chain`: each chain from its first entry on, so that what is in the file of a chain has no
 * gap that the filter did not make. `time`: as it happened, up to the moment at which the export began.
 */
export type ExportOrder = "chain" | "time";

export interface ExportPageQuestion {
  readonly filter: AuditFilter;
  readonly order: ExportOrder;
  /** The moment at which the export began, on the database's clock. */
  readonly until: string;
  /** The last row of the page before. */
  readonly after: ExportRow | null;
}

export async function readExportPage(query: Query, question: ExportPageQuestion): Promise<ExportRow[]> {
  const { filter, order, until, after } = question;
  const source = auditSource(filter);
  const values = [...source.values];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const conditions = [source.where, `t.at <= ${bound(until)}::timestamptz`];
  const place = order === "chain" ? "t.chain_id, t.sequence" : "t.at, t.chain_id, t.sequence";
  if (after !== null) {
    const at = order === "chain" ? "" : `${bound(after.at)}::timestamptz, `;
    conditions.push(`(${place}) > (${at}${bound(after.chain)}::uuid, ${bound(after.sequence)}::bigint)`);
  }
  const rows = await query(
    `SELECT ${columns} FROM ${source.from} WHERE ${conditions.join(" AND ")} ORDER BY ${place} LIMIT ${EXPORT_PAGE}`,
    values,
  );
  return rows.map(rowOf);
}
