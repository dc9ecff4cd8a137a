import type { OwnerQuery } from "../database/pool";
import { BackupRefused } from "./refused";

/** The role that owns every schema of the hospital; see 0001_roles_and_schemas.sql. */
export const OWNER_ROLE = "lamplight_owner";

/** Tables whose rows live for seconds and open nothing after a restore. Everything else that the catalog names is kept. */
export const leftOut = [
  { table: "private.announcement", reason: "lives for 30 seconds and belongs to a session that a restore ends" },
  { table: "private.sign_in_attempt", reason: "lives for 2 minutes; what came of it is in the audit" },
] as const;

export interface CatalogTable {
  readonly schema: string;
  readonly table: string;
  /** Without the generated ones, in the table's order. */
  readonly columns: readonly string[];
}

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const qualified = (table: { readonly schema: string; readonly table: string }) =>
  `${identifier(table.schema)}.${identifier(table.table)}`;
export const columnList = (table: CatalogTable) => table.columns.map(identifier).join(", ");

const ownSchemas = `SELECT n.oid, n.nspname FROM pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner WHERE o.rolname = '${OWNER_ROLE}'`;

/** Every table of the hospital's schemas, by name. */
export async function everyTable(query: OwnerQuery): Promise<CatalogTable[]> {
  const { rows } = await query(
    `SELECT n.nspname AS schema, c.relname AS table,
            ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND a.attgenerated = '' ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN (${ownSchemas}) n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1, 2`,
  );
  return rows.map((row) => ({
    schema: String(row["schema"]),
    table: String(row["table"]),
    columns: row["columns"] as string[],
  }));
}

/** Those that a backup holds. */
export async function tablesToKeep(query: OwnerQuery): Promise<CatalogTable[]> {
  const skipped = new Set<string>(leftOut.map(({ table }) => table));
  return (await everyTable(query)).filter(({ schema, table }) => !skipped.has(`${schema}.${table}`));
}

/**
 * Row policies are forced on the owner too, and a table whose policies do not show the owner every row would be backed up
 * without the others, silently. Such a table is refused by name.
 */
export async function refuseHiddenRows(query: OwnerQuery): Promise<void> {
  const { rows } = await query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table FROM pg_class c JOIN (${ownSchemas}) n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND (
        c.relowner <> '${OWNER_ROLE}'::regrole OR c.relforcerowsecurity) AND (
        NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
          AND p.polroles && ARRAY['${OWNER_ROLE}'::regrole::oid, 0::oid] AND pg_get_expr(p.polqual, p.polrelid) = 'true')
        OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive
          AND p.polroles && ARRAY['${OWNER_ROLE}'::regrole::oid, 0::oid]))`,
  );
  if (rows.length > 0)
    throw new BackupRefused(
      `The policies of ${String(rows[0]?.["table"])} hide rows from its owner: no backup of it would be whole.`,
    );
}

export async function ownSchemaNames(query: OwnerQuery): Promise<string[]> {
  const { rows } = await query(`SELECT nspname FROM (${ownSchemas}) s ORDER BY 1`);
  return rows.map((row) => String(row["nspname"]));
}

export async function everySequence(query: OwnerQuery): Promise<{ schema: string; name: string }[]> {
  const { rows } = await query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN (${ownSchemas}) n ON n.oid = c.relnamespace
      WHERE c.relkind = 'S' ORDER BY 1, 2`,
  );
  return rows.map((row) => ({ schema: String(row["schema"]), name: String(row["name"]) }));
}

export interface Fingerprint {
  readonly rows: number;
  readonly fingerprint: string;
}

/** Count and order-independent sum of a 64-bit hash of every row, as this connection's settings write it. */
export async function fingerprintOf(query: OwnerQuery, table: CatalogTable): Promise<Fingerprint> {
  const { rows } = await query(
    `SELECT count(*)::text AS rows, coalesce(sum(hashtextextended(ROW(${columnList(table)})::text COLLATE "C", 0)), 0)::text AS sum
       FROM ${qualified(table)}`,
  );
  return { rows: Number(rows[0]?.["rows"]), fingerprint: String(rows[0]?.["sum"]) };
}

/** How values are written as text must not depend on a server's or a person's settings. For the transaction alone. */
export async function settleText(query: OwnerQuery): Promise<void> {
  await query(
    `SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC';
     SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8'; SET LOCAL xmloption = 'content';
     SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`,
  );
}
