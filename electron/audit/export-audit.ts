import { createHash, randomUUID } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { type AuditFilter, auditFilterShape } from "../../shared/audit/filter";
import { Refusal } from "../../shared/failure";
import type { ExportFormat, ExportReport } from "../../shared/ipc/audit-commands";
import type { Database } from "../database/pool";
import { auditCountText, auditSource, totalOf } from "./audit-query";
import { csvHead, csvLine } from "./csv";
import { type ExportManifest, manifestName } from "./export-manifest";
import { EXPORT_PAGE, type ExportOrder, type ExportRow, readExportPage } from "./export-row";
import { fhirLine } from "./fhir-audit-event";
import { jsonLine } from "./json-lines";

interface Form {
  readonly order: ExportOrder;
  readonly head: string;
  readonly line: (row: ExportRow, installation: string) => string;
}
/** JSON Lines are evidence, so each chain is whole in them; the others are read by people, in the order of time. */
const forms: Readonly<Record<ExportFormat, Form>> = {
  csv: { order: "time", head: csvHead, line: csvLine },
  "json-lines": { order: "chain", head: "", line: jsonLine },
  fhir: { order: "time", head: "", line: fhirLine },
};

export interface ExportOptions {
  readonly database: Database;
  /** The session's token; asked before each page, and throws when the session is not the one that began. */
  readonly token: () => string;
  readonly staffId: string;
  readonly format: ExportFormat;
  readonly filter: AuditFilter;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { done: number; of: number }) => void;
}

/** Writes the audit that a filter finds into a file, page by page, with its manifest beside it; nothing half is left behind. */
export async function exportAudit(options: ExportOptions): Promise<ExportReport> {
  const { database, token, filter, path, format, staffId } = options;
  const id = randomUUID();
  const begun = await beginExport(database, token(), id, format, filter);
  const end = (step: "finished" | "stopped" | "failed", entries: number, sha256: string | null) =>
    database.statement("SELECT api.finish_audit_export($1, $2, $3, $4, $5)", [token(), id, step, entries, sha256]);

  const partial = `${path}.partial`;
  const written = { entries: 0 };
  try {
    const sha256 = await writeEntries(options, { id, ...begun }, partial, written);
    const { entries } = written;
    if (sha256 === undefined) {
      await rm(partial, { force: true });
      await end("stopped", entries, null);
      return { outcome: "stopped", entries };
    }
    const manifest: ExportManifest = {
      kind: "lamplight-audit-export",
      version: 1,
      file: basename(path),
      format,
      installation: begun.installation,
      export: id,
      exported_at: begun.at,
      exported_by: staffId,
      filter,
      complete: Object.keys(auditFilterShape).every((name) => filter[name as keyof AuditFilter] === undefined),
      entries,
      sha256,
    };
    // Told before the file has its name: what is there under its name is always in the audit with its hash.
    await end("finished", entries, sha256);
    await rename(partial, path);
    await writeFile(manifestName(path), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    return { outcome: "saved", file: basename(path), manifest: basename(manifestName(path)), entries, sha256 };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    // Where the session is over this cannot be told; the entry that it began stands.
    await Promise.resolve()
      .then(() => end("failed", written.entries, null))
      .catch(() => undefined);
    throw error;
  }
}

interface BegunExport {
  readonly id: string;
  /** When it began by the database's clock: what came later is not in it. */
  readonly at: string;
  readonly installation: string;
}

/**
 * Writes every page into `partial` and forces it to the disk. Answers the SHA-256 of its bytes; undefined when it was stopped
 * before the last page. `written` counts along, so that it is known also when this rejects.
 */
async function writeEntries(
  { database, token, filter, format, signal, onProgress }: ExportOptions,
  begun: BegunExport,
  partial: string,
  written: { entries: number },
): Promise<string | undefined> {
  const form = forms[format];
  const request = <T>(work: Parameters<typeof database.request<T>>[2]) => database.request(token(), begun.id, work);
  await rm(partial, { force: true });
  const file = await open(partial, "wx", 0o600);
  const hash = createHash("sha256");
  const write = async (text: string) => {
    const bytes = Buffer.from(text, "utf8");
    hash.update(bytes);
    await file.writeFile(bytes);
  };
  try {
    const source = auditSource(filter);
    const of = totalOf(await request((query) => query(auditCountText(source), source.values)));
    onProgress({ done: 0, of });
    if (form.head) await write(form.head);
    for (let after: ExportRow | null = null; ; ) {
      if (signal.aborted) return undefined;
      const rows: ExportRow[] = await request((query) =>
        readExportPage(query, { filter, order: form.order, until: begun.at, after }),
      );
      if (rows.length > 0) await write(rows.map((row) => form.line(row, begun.installation)).join(""));
      written.entries += rows.length;
      onProgress({ done: written.entries, of: Math.max(of, written.entries) });
      if (rows.length < EXPORT_PAGE) break;
      after = rows.at(-1) as ExportRow;
    }
    await file.sync();
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

async function beginExport(database: Database, token: string, id: string, format: ExportFormat, filter: AuditFilter) {
  const [row] = await database.statement("SELECT * FROM api.begin_audit_export($1, $2, $3, $4)", [
    token,
    id,
    format,
    JSON.stringify(filter),
  ]);
  if (row?.["outcome"] !== "granted") throw new Refusal("RBAC_DENIED");
  return { at: String(row["began_at"]), installation: String(row["installation"]) };
}
