import { link, open, rename, unlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { CopyConnection } from "../database/copy";
import type { OwnerQuery } from "../database/pool";
import type { HashingParameters } from "../session/password-keys";
import { noteAlone } from "./audit-note";
import type { BackupWriter } from "./backup-writer";
import { exists, refuseEmpty, refuseFolder } from "./before-backup";
import {
  type CatalogTable,
  columnList,
  everySequence,
  type Fingerprint,
  fingerprintOf,
  identifier,
  leftOut,
  OWNER_ROLE,
  qualified,
  refuseHiddenRows,
  settleText,
  tablesToKeep,
} from "./catalog";
import { type FinishedSection, type Manifest, nameOf, type OnProgress, type SequenceState } from "./contents";
import type { BackupKey } from "./header";
import { beginPartial, keepSections, openPartial } from "./partial-file";
import { BackupRefused, isDiskFull } from "./refused";

export interface BackupOptions {
  /** The owner's connection; nothing else may be asked of it meanwhile. */
  readonly connection: CopyConnection;
  readonly path: string;
  readonly key: BackupKey;
  /** Version of Lamplight. */
  readonly program: string;
  /** Replaces a file that stands there. */
  readonly force?: boolean;
  readonly hashing?: HashingParameters;
  readonly onProgress?: OnProgress;
}

export interface BackupDone {
  readonly tables: number;
  /** Tables that an interrupted run had written already and that had not changed since. */
  readonly takenOver: number;
  readonly rows: number;
  /** Bytes of COPY text before compression. */
  readonly bytes: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly sha256: string;
}

/** Any number, the same in every version: it keeps two backups of one database apart. */
const ADVISORY_LOCK = 7_242_017;

/**
 * Writes one consistent snapshot of the hospital into a new file. An interrupted run leaves `path.partial`, which the next
 * run with the same key takes over as far as it still holds. Throws `BackupRefused`.
 */
export async function backUp(options: BackupOptions): Promise<BackupDone> {
  const { connection, path, program } = options;
  const { query } = connection;
  if (!options.force && (await exists(path))) throw new BackupRefused(`${path} exists already. Nothing was written.`);
  await refuseFolder(dirname(path));
  await refuseEmpty(query);
  const { rows } = await query("SELECT pg_try_advisory_lock($1) AS free", [ADVISORY_LOCK]);
  if (rows[0]?.["free"] !== true) throw new BackupRefused("Another backup of this database is running.");
  try {
    // Before a row leaves the database, and committed: whoever takes it and breaks off is in the audit too.
    await noteAlone(query, "BACKUP", { step: "begun", file: basename(path), program });
    const done = await exportSnapshot(options);
    await noteAlone(query, "BACKUP", { step: "finished", file: basename(path), ...done });
    return done;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new BackupRefused(
      `The disk is full. The database was not touched; what is finished is kept in ${path}.partial: make room and run the same command again.`,
    );
  } finally {
    await query("SELECT pg_advisory_unlock($1)", [ADVISORY_LOCK]).catch(() => undefined);
  }
}

async function exportSnapshot(options: BackupOptions): Promise<BackupDone> {
  const { query } = options.connection;
  await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await query(`SET LOCAL ROLE ${OWNER_ROLE}`);
    await settleText(query);
    const tables = await tablesToKeep(query);
    // Nobody may change a table's form until its rows are out; reading and writing goes on.
    await query(`LOCK TABLE ${tables.map(qualified).join(", ")} IN ACCESS SHARE MODE`);
    await refuseHiddenRows(query);
    return await writeFile(options, tables);
  } finally {
    await query("ROLLBACK").catch(() => undefined);
  }
}

async function manifestOf(query: OwnerQuery, program: string): Promise<Manifest> {
  const { rows } = await query(
    "SELECT id::text, demo, current_setting('server_version') AS server, to_jsonb(now()) #>> '{}' AS at FROM private.installation",
  );
  const applied = await query("SELECT name, checksum FROM migrations.applied ORDER BY name");
  return {
    format: 1,
    program,
    startedAt: String(rows[0]?.["at"]),
    installation: String(rows[0]?.["id"]),
    demo: rows[0]?.["demo"] === true,
    server: String(rows[0]?.["server"]),
    migrations: applied.rows.map((row) => ({ name: String(row["name"]), checksum: String(row["checksum"]) })),
    leftOut: [...leftOut],
  };
}

/** The file to write into: what an interrupted run left where it is of this hospital and schema, else a new one. */
async function fileToWrite(options: BackupOptions, manifest: Manifest, counted: ReadonlyMap<string, Fingerprint>) {
  const path = `${options.path}.partial`;
  const partial = await openPartial(path, options.key, (done, of) =>
    options.onProgress?.({ phase: "checking", done, of, unit: "bytes" }),
  );
  if (partial && partial.manifest.installation !== manifest.installation) {
    await partial.file.close();
    throw new BackupRefused(`${path} was begun from another hospital. Delete it, or choose another name.`);
  }
  if (partial && JSON.stringify(partial.manifest.migrations) === JSON.stringify(manifest.migrations)) {
    const { writer, kept } = await keepSections(partial, (section) => {
      const now = counted.get(nameOf(section));
      return now?.rows === section.rows && now.fingerprint === section.fingerprint;
    });
    return { path, file: partial.file, fileKey: partial.key, writer, kept };
  }
  await partial?.file.close();
  return { path, ...(await beginPartial(path, options.key, manifest, options.hashing)), kept: [] };
}

async function writeFile(options: BackupOptions, tables: readonly CatalogTable[]): Promise<BackupDone> {
  const { connection, onProgress = () => undefined } = options;
  const { query } = connection;
  const manifest = await manifestOf(query, options.program);
  const counted = new Map<string, Fingerprint>();
  for (const [index, table] of tables.entries()) {
    onProgress({ phase: "counting", done: index, of: tables.length, unit: "tables", table: nameOf(table) });
    counted.set(nameOf(table), await fingerprintOf(query, table));
  }
  const { path, file, fileKey, writer, kept } = await fileToWrite(options, manifest, counted);
  try {
    const sections = await writeTables(options, tables, counted, writer, kept);
    const sequences = await sequenceStates(query);
    const sha256 = await writer.finish({ snapshotAt: manifest.startedAt, sections, sequences });
    await file.close();
    await publish(path, options.path, options.force ?? false);
    return {
      tables: sections.length,
      takenOver: kept.length,
      rows: sections.reduce((sum, { rows }) => sum + rows, 0),
      bytes: sections.reduce((sum, { bytes }) => sum + bytes, 0),
      size: writer.size,
      sha256,
    };
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  } finally {
    fileKey.fill(0);
  }
}

async function writeTables(
  { connection, onProgress = () => undefined }: BackupOptions,
  tables: readonly CatalogTable[],
  counted: ReadonlyMap<string, Fingerprint>,
  writer: BackupWriter,
  kept: readonly FinishedSection[],
): Promise<FinishedSection[]> {
  const of = [...counted.values()].reduce((sum, { rows }) => sum + rows, 0);
  const sections = [...kept];
  let done = kept.reduce((sum, { rows }) => sum + rows, 0);
  let bytes = kept.reduce((sum, section) => sum + section.bytes, 0);
  for (const table of tables) {
    const name = nameOf(table);
    const expected = counted.get(name);
    if (!expected || kept.some((section) => nameOf(section) === name)) continue;
    // As a query, because a plain COPY of a table asks more of row security than its policies do.
    const text = connection.copyOut(`COPY (SELECT ${columnList(table)} FROM ${qualified(table)}) TO STDOUT`);
    let lines = 0;
    const section = await writer.section({ ...table, columns: [...table.columns], ...expected }, text, (part) => {
      lines += linesIn(part);
      bytes += part.length;
      onProgress({ phase: "writing", done: done + lines, of, unit: "rows", bytes, table: name });
    });
    if (lines !== expected.rows) throw new Error(`${name}: ${expected.rows} rows counted, ${lines} exported`);
    done += lines;
    sections.push(section);
  }
  return sections;
}

/** In COPY's text format every row ends with the only line feed that it holds. */
function linesIn(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** Read last: a sequence knows no snapshot, and one that is ahead of the rows is right, one behind them is not. */
async function sequenceStates(query: OwnerQuery): Promise<SequenceState[]> {
  const states: SequenceState[] = [];
  for (const { schema, name } of await everySequence(query)) {
    const { rows } = await query(`SELECT last_value::text, is_called FROM ${identifier(schema)}.${identifier(name)}`);
    states.push({ schema, name, value: String(rows[0]?.["last_value"]), called: rows[0]?.["is_called"] === true });
  }
  return states;
}

/** From the partial name to its own in one step that replaces nothing, unless asked to. */
async function publish(partial: string, path: string, force: boolean): Promise<void> {
  if (force) await rename(partial, path);
  else {
    try {
      await link(partial, path);
      await unlink(partial);
    } catch (error) {
      const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
      // Memory sticks know no second name for a file.
      if (code === "EEXIST" || (await exists(path)))
        throw new BackupRefused(`${path} exists already. The finished backup is ${partial}.`);
      await rename(partial, path);
    }
  }
  if (process.platform === "win32") return;
  const folder = await open(dirname(path), "r");
  await folder.sync();
  await folder.close();
}
