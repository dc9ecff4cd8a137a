import { closeSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import semver from "semver";
import { z } from "zod";

export interface WatchInstalledOptions {
  /** The running program, e.g. `process.execPath` of the packaged app. */
  readonly executable: string;
  readonly version: string;
  /** Told once for each replacement, also by the same or an older version: files of two versions must not be mixed. */
  readonly onNewer: (version: string) => void;
  readonly platform?: NodeJS.Platform;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

const EVERY = 60_000;
/** Bytes; ours has some hundred kilobytes of names. */
const LONGEST_HEADER = 20_000_000;
const packageSchema = z.object({ version: z.string().refine((text) => semver.valid(text) === text) });
const headerSchema = z.object({
  files: z.object({ "package.json": z.object({ size: z.number().int().max(1_000_000), offset: z.string() }) }),
});

/** Electron shows an archive as a folder; here the file itself is meant. All that runs meanwhile is synchronous. */
function asFile<T>(work: () => T): T {
  const before = process.noAsar;
  process.noAsar = true;
  try {
    return work();
  } finally {
    process.noAsar = before;
  }
}

/** The version in an archive's package.json. The format: two Chromium pickles, a JSON header, the files in a row. */
function versionIn(archive: string): string {
  const descriptor = openSync(archive, "r");
  try {
    const read = (length: number, position: number) => {
      const bytes = Buffer.alloc(length);
      if (readSync(descriptor, bytes, 0, length, position) !== length) throw new Error("the archive ends early");
      return bytes;
    };
    const sizes = read(16, 0);
    const headerSize = sizes.readUInt32LE(4);
    const textLength = sizes.readUInt32LE(12);
    if (textLength > LONGEST_HEADER) throw new Error("no archive");
    const header = headerSchema.parse(JSON.parse(read(textLength, 16).toString("utf8")));
    const { size, offset } = header.files["package.json"];
    return packageSchema.parse(JSON.parse(read(size, 8 + headerSize + Number(offset)).toString("utf8"))).version;
  } finally {
    closeSync(descriptor);
  }
}

function archiveOf(executable: string, platform: NodeJS.Platform): string {
  const folder = dirname(executable);
  return join(folder, ...(platform === "darwin" ? ["..", "Resources"] : ["resources"]), "app.asar");
}

/**
 * Notices that the files of the running app were replaced, by what the file system says of its archive. Nothing is
 * watched where there is no archive, i.e. where the app is not packaged.
 */
export function watchInstalled(options: WatchInstalledOptions): { stop(): void } {
  const archive = archiveOf(options.executable, options.platform ?? process.platform);
  const look = () => {
    const { ino, mtimeMs, size } = asFile(() => statSync(archive));
    return `${ino} ${mtimeMs} ${size}`;
  };
  let known: string;
  try {
    known = look();
  } catch {
    return { stop: () => undefined };
  }
  const timer = setInterval(() => {
    try {
      const now = look();
      if (now === known) return;
      // While it is being written it cannot be read: then the next look decides.
      const version = asFile(() => versionIn(archive));
      known = now;
      options.onNewer(version);
    } catch {
      // Gone for the moment between two versions.
    }
  }, options.every ?? EVERY);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
