import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { permissionNames } from "../../shared/access/permissions";
import { reachOf } from "../../shared/access/role-permissions";
import { roles } from "../../shared/access/roles";
import { auditActions } from "../../shared/audit/actions";
import { announcements } from "../../shared/tools/announcements";
import type { OwnerQuery } from "./pool";

/** A schema that this version must not touch, with a sentence for IT. */
export class SchemaRefused extends Error {}

interface MigrationFile {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Any number, the same in every version: it keeps two migrating processes apart. */
const ADVISORY_LOCK = 7_242_015;

async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/u.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
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

/** Rewrites the rows that the policies read from the one table in shared/access and the declarations in shared/tools. */
async function fillDerivedTables(query: OwnerQuery): Promise<void> {
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
       ON CONFLICT (name) DO UPDATE SET permission = excluded.permission, scope = excluded.scope, audit = excluded.audit, discloses = excluded.discloses`,
      [JSON.stringify(announcements)],
    );
    // What is no tool of this version any more must not stay announceable; open announcements of it end with it.
    const names = announcements.map(({ name }) => name);
    await query("DELETE FROM private.announcement WHERE tool <> ALL ($1)", [names]);
    await query("DELETE FROM private.tool WHERE name <> ALL ($1)", [names]);
  });
}

export interface MigrationOptions {
  /** Folder of the ordered `.sql` files. */
  readonly folder: string;
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
  const files = await readMigrations(options.folder);
  if (files.length === 0) throw new SchemaRefused("No migration files were found beside the application.");
  await query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
  try {
    await query("CREATE SCHEMA IF NOT EXISTS migrations");
    await query(`CREATE TABLE IF NOT EXISTS migrations.applied (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const applied = (await query("SELECT name, checksum FROM migrations.applied ORDER BY name")).rows as {
      name: string;
      checksum: string;
    }[];
    const pending = pendingOf(files, applied);
    for (const file of pending) {
      await inTransaction(query, async () => {
        await query(file.text);
        await query("INSERT INTO migrations.applied (name, checksum) VALUES ($1, $2)", [file.name, file.checksum]);
      });
    }
    await fillDerivedTables(query);
    if (options.hashing) await setHashing(query, options.hashing);
    if (options.workstationPassword) await setWorkstationPassword(query, options.workstationPassword);
    return pending.map((file) => file.name);
  } finally {
    await query("SELECT pg_advisory_unlock($1)", [ADVISORY_LOCK]);
  }
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

async function setWorkstationPassword(query: OwnerQuery, password: string): Promise<void> {
  const { rows } = await query("SELECT format('ALTER ROLE lamplight_app PASSWORD %L', $1::text) AS statement", [
    password,
  ]);
  await query(String(rows[0]?.["statement"]));
}
