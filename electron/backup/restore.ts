import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CopyConnection } from "../database/copy";
import { sqlStateOf } from "../database/failure";
import { ADVISORY_LOCK, migrate, readMigrations, SchemaRefused } from "../database/migrate";
import type { OwnerQuery } from "../database/pool";
import { appendNote } from "./audit-note";
import { type CatalogTable, columnList, fingerprintOf, OWNER_ROLE, qualified, settleText } from "./catalog";
import { type FinishedSection, type Manifest, nameOf, type OnProgress } from "./contents";
import { setSequence, whileOpenForLoading } from "./loading";
import { withinTransaction } from "./nested-transaction";
import { BackupRefused } from "./refused";
import { dropEmptySchemas, refuseOccupied } from "./target";
import type { VerifiedBackup } from "./verified-backup";

export interface RestoreOptions {
  readonly backup: VerifiedBackup;
  /** The owner's connection; nothing else may be asked of it meanwhile. */
  readonly connection: CopyConnection;
  /** Folder of this version's ordered `.sql` files. */
  readonly migrations: string;
  /** Version of Lamplight. */
  readonly program: string;
  /** Stays at the schema that the backup was made with, without this version's later migrations. */
  readonly asItWas?: boolean;
  readonly onProgress?: OnProgress;
}

export interface RestoreDone {
  readonly tables: number;
  readonly rows: number;
  /** Bytes of COPY text. */
  readonly bytes: number;
  /** Sessions that were open when the backup was made. */
  readonly sessionsEnded: number;
  /** Entries of the audit, verified; null where `asItWas` left a schema that cannot be asked. */
  readonly auditEntries: number | null;
  /** Later migrations, run on the restored rows. */
  readonly migrated: readonly string[];
}

/** Whether this version can make the schema of a backup. Throws `BackupRefused`; needs no database. */
export async function refuseStrangeSchema(manifest: Manifest, folder: string): Promise<void> {
  const files = await readMigrations(folder);
  for (const { name, checksum } of manifest.migrations) {
    const file = files.find((candidate) => candidate.name === name);
    if (!file)
      throw new BackupRefused(
        `The backup was made by Lamplight ${manifest.program}, which is newer than this version: its schema has ${name}. Update Lamplight first.`,
      );
    if (file.checksum !== checksum)
      throw new BackupRefused(`The backup's schema was made by another ${name} than this version has.`);
  }
  const last = manifest.migrations.at(-1)?.name ?? "";
  const missing = files.find(({ name }) => name <= last && !manifest.migrations.some((known) => known.name === name));
  if (missing)
    throw new BackupRefused(`The backup's schema was made without ${missing.name}, which comes before ${last}.`);
}

/**
 * Restores into a database without a hospital, in one transaction: schema, rows, later migrations, audit entry and every
 * comparison. An interruption at any moment leaves what was there before. Throws `BackupRefused`.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreDone> {
  const { query } = options.connection;
  await refuseStrangeSchema(options.backup.manifest, options.migrations);
  await query("BEGIN");
  try {
    const done = await restoreWithin(options);
    await query("COMMIT");
    return done;
  } catch (error) {
    await query("ROLLBACK").catch(() => undefined);
    throw inPlainWords(error);
  }
}

function inPlainWords(error: unknown): unknown {
  if (error instanceof BackupRefused) return error;
  if (error instanceof SchemaRefused) return new BackupRefused(error.message);
  const state = sqlStateOf(error);
  if (state === "53100") return new BackupRefused("The disk of the database is full. Nothing was changed.");
  if (state === "42501")
    return new BackupRefused("This database login may not make Lamplight's schema here. Nothing was changed.");
  if (state !== undefined && /^[0-9A-Z]{5}$/u.test(state) && !/^(08|57P)/u.test(state))
    return new BackupRefused(`The database refused a part of the backup (${state}). Nothing was changed.`);
  return error;
}

async function restoreWithin(options: RestoreOptions): Promise<RestoreDone> {
  const { backup, connection, migrations, program, onProgress = () => undefined } = options;
  const { query } = connection;
  const { manifest, end } = backup;
  await settleText(query);
  await query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
  const replaced = await refuseOccupied(query);
  onProgress({ phase: "preparing", done: 0, of: 1, unit: "tables" });
  await dropEmptySchemas(query);
  const nested = withinTransaction(query);
  const lastMigration = manifest.migrations.at(-1)?.name;
  await migrate(nested, { folder: migrations, ...(lastMigration ? { upTo: lastMigration } : {}) });

  await query(`SET LOCAL ROLE ${OWNER_ROLE}`);
  await whileOpenForLoading(query, async (tables) => {
    refuseOtherTables(manifest, end.sections, tables);
    await loadTables(options, tables);
    for (const sequence of end.sequences) await setSequence(query, sequence);
    await compareTables(options, tables);
  });

  await query("RESET ROLE");
  const migrated = options.asItWas ? [] : await migrate(nested, { folder: migrations });
  await query(`SET LOCAL ROLE ${OWNER_ROLE}`);
  const ended = await query(
    `UPDATE private.session SET ended_at = clock_timestamp(), ended_because = 'restored from a backup', token_hash = NULL
      WHERE ended_at IS NULL RETURNING id`,
  );
  const rows = end.sections.reduce((sum, section) => sum + section.rows, 0);
  await appendNote(query, "RESTORE", {
    program,
    madeBy: manifest.program,
    madeAt: end.snapshotAt,
    rows,
    sha256: end.sha256,
    sessionsEnded: ended.rows.length,
    replaced,
  });
  const auditEntries = options.asItWas ? null : await verifyAudit(query);
  for (const section of end.sections) await query(`ANALYZE ${qualified(section)}`);
  return {
    tables: end.sections.length,
    rows,
    bytes: end.sections.reduce((sum, section) => sum + section.bytes, 0),
    sessionsEnded: ended.rows.length,
    auditEntries,
    migrated,
  };
}

/** By the schema's own judgement. A backup of an audit that was tampered with is no hospital to go on with unnoticed. */
async function verifyAudit(query: OwnerQuery): Promise<number> {
  const { rows } = await query("SELECT entries::int AS entries, faults FROM private.verify_audit()");
  const faults = rows[0]?.["faults"] as readonly string[];
  if (faults.length > 0)
    throw new BackupRefused(`The audit in this backup does not verify: ${faults[0] ?? ""}. Nothing was changed.`);
  return Number(rows[0]?.["entries"]);
}

/** The same migrations make the same tables: what differs was changed by hand, there or here. */
function refuseOtherTables(
  manifest: Manifest,
  sections: readonly FinishedSection[],
  tables: readonly CatalogTable[],
): void {
  const form = (table: { schema: string; table: string; columns: readonly string[] }) =>
    `${nameOf(table)} (${table.columns.join(", ")})`;
  const here = new Set(tables.map(form));
  const other = sections.find((section) => !here.has(form(section)));
  if (other) throw new BackupRefused(`The backup holds ${form(other)}, which its own migrations do not make.`);
  const kept = new Set([...sections.map(nameOf), ...manifest.leftOut.map(({ table }) => table)]);
  const missing = tables.find((table) => !kept.has(nameOf(table)));
  if (missing) throw new BackupRefused(`The backup does not hold ${nameOf(missing)}.`);
}

async function loadTables(options: RestoreOptions, tables: readonly CatalogTable[]): Promise<void> {
  const { backup, connection, onProgress = () => undefined } = options;
  const of = backup.end.sections.reduce((sum, section) => sum + section.bytes, 0);
  let done = 0;
  for (const section of backup.end.sections) {
    const table = tables.find((candidate) => nameOf(candidate) === nameOf(section));
    if (!table) continue;
    const counted = async function* () {
      for await (const text of backup.text(section)) {
        yield text;
        done += text.length;
        onProgress({ phase: "loading", done, of, unit: "bytes", table: nameOf(section) });
      }
    };
    await pipeline(
      Readable.from(counted(), { objectMode: false }),
      connection.copyIn(`COPY ${qualified(table)} (${columnList(table)}) FROM STDIN`),
    );
  }
}

async function compareTables(options: RestoreOptions, tables: readonly CatalogTable[]): Promise<void> {
  const { backup, connection, onProgress = () => undefined } = options;
  const { sections } = backup.end;
  for (const [index, section] of sections.entries()) {
    onProgress({ phase: "comparing", done: index, of: sections.length, unit: "tables", table: nameOf(section) });
    const table = tables.find((candidate) => nameOf(candidate) === nameOf(section));
    const now = table && (await fingerprintOf(connection.query, table));
    if (now?.rows !== section.rows || now.fingerprint !== section.fingerprint)
      throw new BackupRefused(`The rows of ${nameOf(section)} are not those of the backup. Nothing was changed.`);
  }
}
