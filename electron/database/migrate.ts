import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { permissionNames } from "../../shared/access/permissions";
import { reachOf } from "../../shared/access/role-permissions";
import { roles } from "../../shared/access/roles";
import { auditActions } from "../../shared/audit/actions";
import { announcements } from "../../shared/tools/announcements";
import type { OwnerQuery } from "./pool";
import { setWorkstationPassword } from "./workstation-login";

/** A schema that this version must not touch, with a sentence for IT. */
export class SchemaRefused extends Error {}

export interface MigrationFile {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
  /** The oldest schema that an app may have been built for and still work after this file; null: it breaks none. */
  readonly oldestApp: string | null;
}

/** The number of a migration, `0012` of `0012_compatibility.sql`: four digits, so that text compares as numbers do. */
export const numberOf = (name: string): string => name.slice(0, 4);

const oldestAppLine = /^-- oldest app: (\d{4})$/mu;

/** The names of the migrations in a folder, in order. */
export async function migrationNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/u.test(name)).sort();
}

/** Any number, the same in every version: it keeps two migrating processes apart. */
export const ADVISORY_LOCK = 7_242_015;

/** The ordered files of a folder with their SHA-256. */
export async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = await migrationNames(folder);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      return { name, text, checksum, oldestApp: oldestAppLine.exec(text)?.[1] ?? null };
    }),
  );
}

function pendingOf(
  files: readonly MigrationFile[],
  applied: readonly { name: string; checksum: string }[],
): MigrationFile[] {
  for (const row of applied) {
    const file = files.find((candidate) => candidate.name === row.name);
    if (!file)
      throw new SchemaRefused(`The database is newer than this version: it has ${row.name}. Update Lamplight.`);
    if (file.checksum !== row.checksum)
      throw new SchemaRefused(`The migration ${row.name} was applied with another content. Nothing was changed.`);
  }
  return files.filter((file) => !applied.some((row) => row.name === file.name));
}

async function inTransaction(query: OwnerQuery, work: () => Promise<void>): Promise<void> {
  await query("BEGIN");
  try {
    await work();
    await query("COMMIT");
  } catch (error) {
    await query("ROLLBACK");
    throw error;
  }
}

/**
 * Rewrites the rows that the policies read from the one table in shared/access and the declarations in shared/tools.
 * `newest` is the number of this version's last migration.
 */
async function fillDerivedTables(query: OwnerQuery, newest: string): Promise<void> {
  const permissions = roles.flatMap((role) =>
    permissionNames.flatMap((permission) => {
      const reach = reachOf(role, permission);
      return reach ? [{ role, permission, reach }] : [];
    }),
  );
  await inTransaction(query, async () => {
    await query("SET LOCAL ROLE lamplight_owner");
    await query("INSERT INTO private.audit_action SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", [
      [...auditActions],
    ]);
    await query("DELETE FROM private.role_permission");
    await query(
      "INSERT INTO private.role_permission SELECT * FROM jsonb_populate_recordset(NULL::private.role_permission, $1)",
      [JSON.stringify(permissions)],
    );
    await query(
      `INSERT INTO private.tool SELECT * FROM jsonb_populate_recordset(NULL::private.tool, $1)
       ON CONFLICT (name) DO UPDATE SET permission = excluded.permission, scope = excluded.scope, audit = excluded.audit,
         discloses = excluded.discloses, declared_by = excluded.declared_by`,
      [JSON.stringify(announcements.map((announcement) => ({ ...announcement, declared_by: newest })))],
    );
    // What is no tool of any version that may work here must not stay announceable; open announcements of it end with it.
    const given = `SELECT name FROM private.tool WHERE declared_by IS NULL
      OR declared_by < coalesce((SELECT oldest_app FROM api.schema_state()), $1)`;
    await query(`DELETE FROM private.announcement WHERE tool IN (${given})`, [newest]);
    await query(`DELETE FROM private.tool WHERE name IN (${given})`, [newest]);
  });
}

export interface MigrationOptions {
  /** Folder of the ordered `.sql` files. */
  readonly folder: string;
  /** Stops after this file and leaves the derived tables alone: the schema as an older version made it, for its backup. */
  readonly upTo?: string;
  /** Sets the password of the workstation's login. */
  readonly workstationPassword?: string;
  /** Argon2id parameters that new accounts and unknown names get. */
  readonly hashing?: { readonly memoryKib: number; readonly iterations: number; readonly parallelism: number };
}

/**
 * Brings a database to this version: every file in a transaction of its own, its SHA-256 remembered and compared at each
 * start. Throws `SchemaRefused` for a newer or edited schema and changes nothing then. Answers the names applied now.
 */
export async function migrate(query: OwnerQuery, options: MigrationOptions): Promise<string[]> {
  const { folder, upTo } = options;
  const files = (await readMigrations(folder)).filter(({ name }) => upTo === undefined || name <= upTo);
  if (files.length === 0) throw new SchemaRefused("No migration files were found beside the application.");
  await query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
  try {
    await query("CREATE SCHEMA IF NOT EXISTS migrations");
    await query(`CREATE TABLE IF NOT EXISTS migrations.applied (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), oldest_app text)`);
    await rememberOldestApp(query);
    const applied = (await query("SELECT name, checksum FROM migrations.applied ORDER BY name")).rows as {
      name: string;
      checksum: string;
    }[];
    const pending = pendingOf(files, applied);
    for (const file of pending) {
      await inTransaction(query, async () => {
        await query(file.text);
        await query("INSERT INTO migrations.applied (name, checksum, oldest_app) VALUES ($1, $2, $3)", [
          file.name,
          file.checksum,
          file.oldestApp,
        ]);
      });
    }
    if (upTo === undefined) await fillDerivedTables(query, numberOf((files.at(-1) as MigrationFile).name));
    if (options.hashing) await setHashing(query, options.hashing);
    if (options.workstationPassword) await setWorkstationPassword(query, options.workstationPassword);
    return pending.map((file) => file.name);
  } finally {
    // In a transaction that failed, or over a connection that broke, nothing is asked any more: the first error tells why, and
    // the lock ends with the connection.
    await query("SELECT pg_advisory_unlock($1)", [ADVISORY_LOCK]).catch(() => undefined);
  }
}

/** The table is the runner's own: that of the first releases has no such column. */
async function rememberOldestApp(query: OwnerQuery): Promise<void> {
  const { rows } = await query(
    "SELECT FROM pg_attribute WHERE attrelid = 'migrations.applied'::regclass AND attname = 'oldest_app' AND NOT attisdropped",
  );
  if (rows.length === 0) await query("ALTER TABLE migrations.applied ADD COLUMN oldest_app text");
}

async function setHashing(query: OwnerQuery, hashing: NonNullable<MigrationOptions["hashing"]>): Promise<void> {
  await inTransaction(query, async () => {
    await query("SET LOCAL ROLE lamplight_owner");
    await query("UPDATE private.installation SET memory_kib = $1, iterations = $2, parallelism = $3", [
      hashing.memoryKib,
      hashing.iterations,
      hashing.parallelism,
    ]);
  });
}
