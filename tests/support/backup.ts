import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BackupDone, type BackupOptions, backUp } from "../../electron/backup/back-up";
import { columnList, everyTable, qualified } from "../../electron/backup/catalog";
import type { BackupKey } from "../../electron/backup/header";
import { type RestoreDone, type RestoreOptions, restoreBackup } from "../../electron/backup/restore";
import { verifyBackup } from "../../electron/backup/verified-backup";
import { connectForCopy } from "../../electron/database/copy";
import type { ConnectionSettings, OwnerQuery } from "../../electron/database/pool";
import { cheapHashing } from "./hospital";

export const migrationsFolder = "resources/database/migrations";
export const passphrase: BackupKey = { kind: "passphrase", passphrase: "a passphrase made for tests" };
export const newKeyFile = (): BackupKey => ({ kind: "key-file", key: randomBytes(32) });

/** A folder of its own for one test file. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "lamplight-backup-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Backs up as the command does, with a connection of its own. */
export async function backUpTo(
  settings: ConnectionSettings,
  path: string,
  options: Partial<BackupOptions> = {},
): Promise<BackupDone> {
  const connection = await connectForCopy(settings);
  try {
    return await backUp({ connection, path, key: passphrase, program: "0.0.0", hashing: cheapHashing, ...options });
  } finally {
    await connection.end().catch(() => undefined);
  }
}

/** Verifies and restores as the command does. */
export async function restoreFrom(
  path: string,
  settings: ConnectionSettings,
  options: Partial<RestoreOptions> & { key?: BackupKey } = {},
): Promise<RestoreDone> {
  const backup = await verifyBackup(path, options.key ?? passphrase, options.onProgress);
  try {
    const connection = await connectForCopy(settings);
    try {
      return await restoreBackup({ backup, connection, migrations: migrationsFolder, program: "0.0.0", ...options });
    } finally {
      await connection.end().catch(() => undefined);
    }
  } finally {
    await backup.close();
  }
}

/** Every row of every table as text, sorted: two databases hold the same when these are equal. */
export async function everyRow(query: OwnerQuery): Promise<Record<string, string[]>> {
  await query("SET TimeZone = 'UTC'");
  const rows: Record<string, string[]> = {};
  for (const table of await everyTable(query)) {
    const found = await query(
      `SELECT to_jsonb(t)::text AS row FROM (SELECT ${columnList(table)} FROM ${qualified(table)}) t ORDER BY 1`,
    );
    rows[`${table.schema}.${table.table}`] = found.rows.map((row) => String(row["row"]));
  }
  return rows;
}

/** The same for large tables: the server hashes each row and sums the sorted hashes up; neither hospital is held in memory. */
export async function everySum(query: OwnerQuery): Promise<Record<string, string>> {
  await query("SET TimeZone = 'UTC'");
  const sums: Record<string, string> = {};
  for (const table of await everyTable(query)) {
    const { rows } = await query(
      `SELECT count(*)::text || ' ' || encode(sha256(coalesce(string_agg(h, '' ORDER BY h), '')), 'hex') AS sum
         FROM (SELECT sha256(convert_to(to_jsonb(t)::text, 'UTF8')) AS h FROM (SELECT ${columnList(table)} FROM ${qualified(table)}) t) r`,
    );
    sums[`${table.schema}.${table.table}`] = String(rows[0]?.["sum"]);
  }
  return sums;
}

/** Everything that a refused restore must not have touched: schemas, relations, functions, roles, and every row. */
export async function everything(query: OwnerQuery): Promise<string> {
  const catalog = await query(
    `SELECT jsonb_build_array(
       (SELECT jsonb_agg(jsonb_build_array(n.oid, n.nspname, n.nspacl::text) ORDER BY n.oid) FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast_)?temp'),
       (SELECT jsonb_agg(jsonb_build_array(c.oid, c.relname, c.relfilenode, c.relacl::text, c.relforcerowsecurity) ORDER BY c.oid)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(pg_|information_schema)'),
       (SELECT jsonb_agg(jsonb_build_array(p.oid, p.proname, p.proacl::text, md5(p.prosrc)) ORDER BY p.oid)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^(pg_|information_schema)'),
       (SELECT jsonb_agg(jsonb_build_array(r.oid, r.rolname) ORDER BY r.oid) FROM pg_roles r))::text AS catalog`,
  );
  return `${String(catalog.rows[0]?.["catalog"])}\n${JSON.stringify(await everyRow(query))}`;
}
