import { randomUUID } from "node:crypto";
import { chmod, open, readdir, rename, rm } from "node:fs/promises";
import { homedir, hostname, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import type { ConfigurationItem } from "../../../shared/workstation/configuration";
import type { HealthReport } from "../../../shared/workstation/health";
import type { Clock } from "../../clock";
import { type Handle, openHandles } from "./handles";
import { appLine } from "./log-lines";
import { readMe } from "./read-me";
import { hide, scrubConfiguration, scrubReport, version, versionNames } from "./scrub";
import { serverLine } from "./server-lines";

export interface BundleOptions {
  readonly report: HealthReport;
  readonly configuration: readonly ConfigurationItem[];
  /** E.g. `process.versions` and the app's own; other names than `versionNames` are left out, what is no version is withheld. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** The home folder, with the logs in `logs`. */
  readonly home: string;
  readonly clock: Clock;
  /** Further names and secrets that must not come out, e.g. the database's host; user, machine and home are known. */
  readonly hidden?: readonly string[];
}

export interface WrittenBundle {
  readonly file: string;
  readonly bytes: number;
  /** Names of what lies inside. */
  readonly entries: readonly string[];
}

/** Bytes of each log, from its end. */
const LONGEST_LOG = 4_000_000;
/** Of each kind, the newest and those before it. */
const MOST_LOGS = 4;

interface Log {
  /** The name inside the bundle: a file's own name could say anything. */
  readonly name: string;
  readonly file: string;
  readonly line: (line: string) => string;
}

async function logsOf(home: string): Promise<Log[]> {
  const folder = join(home, "logs");
  const names = await readdir(folder).catch(() => []);
  return (["lamplight", "postgres"] as const).flatMap((kind) =>
    names
      .filter((name) => name.startsWith(`${kind}.`) && name.includes("log"))
      // `lamplight.log` is being written now, `lamplight.old.log` was before.
      .sort((a, b) => Number(b === `${kind}.log`) - Number(a === `${kind}.log`) || (a < b ? -1 : 1))
      .slice(0, MOST_LOGS)
      .map((name, index) => ({
        name: index === 0 ? `${kind}.log` : `${kind}.${index}.log`,
        file: join(folder, name),
        line: kind === "lamplight" ? appLine : serverLine,
      })),
  );
}

/** The last lines of a file, whole ones alone. */
async function tailOf(file: string): Promise<string[]> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - LONGEST_LOG);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const lines = bytes.subarray(0, bytesRead).toString("utf8").split(/\r?\n/u);
    if (from > 0) lines.shift();
    if (lines.at(-1) === "") lines.pop();
    return lines;
  } finally {
    await handle.close();
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Accounts and folders that every machine has: to replace them would only make sentences unreadable. */
const saysNothing = new Set(["/", "root", "/root", "lamplight", "postgres", "nobody", "localhost"]);

/** What this machine calls itself and whoever uses it. */
function ownNames(home: string): string[] {
  // Some accounts of services have no entry.
  let user = "";
  try {
    user = userInfo().username;
  } catch {
    // Then there is no name to hide.
  }
  return [home, homedir(), hostname(), user].filter((name) => !saysNothing.has(name));
}

async function entriesOf(options: BundleOptions, handle: Handle): Promise<Record<string, string>> {
  const { report, configuration, versions, home, clock } = options;
  const entries: Record<string, string> = {
    "report.json": json(scrubReport(report)),
    "configuration.json": json(scrubConfiguration(configuration, handle)),
    "versions.json": json(
      Object.fromEntries(
        Object.entries(versions)
          .filter(([name]) => versionNames.includes(name))
          .map(([name, text]) => [name, version(text ?? "unknown")]),
      ),
    ),
  };
  const logs = await logsOf(home);
  for (const log of logs) {
    const lines = await tailOf(log.file).catch(() => ["this log could not be read"]);
    entries[log.name] = `${lines.map(log.line).join("\n")}\n`;
  }
  const hidden = [...(options.hidden ?? []), ...ownNames(home)];
  for (const [name, text] of Object.entries(entries)) entries[name] = hide(text, hidden, handle);
  entries["README.txt"] = readMe({
    takenAt: clock.now().toISOString(),
    version: version(report.version),
    logs: logs.map(({ name }) => name),
  });
  return entries;
}

/**
 * Writes the diagnostic bundle, a zip that its owner alone may read. Nothing of a patient, no secret and no name comes out:
 * what is not known to be harmless is withheld. Replaces a file of the same name, and leaves it alone when it fails.
 */
export async function writeDiagnosticBundle(target: string, options: BundleOptions): Promise<WrittenBundle> {
  const entries = await entriesOf(options, await openHandles(options.home));
  const mtime = options.clock.now();
  const zip = zipSync(
    Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, [strToU8(text), { mtime, level: 6 }]])),
  );
  const passing = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  const handle = await open(passing, "wx", 0o600);
  try {
    await handle.writeFile(zip);
    await handle.sync();
    await handle.close();
    if (process.platform !== "win32") await chmod(passing, 0o600);
    await rename(passing, target);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(passing, { force: true });
    throw error;
  }
  return { file: target, bytes: zip.length, entries: Object.keys(entries) };
}
