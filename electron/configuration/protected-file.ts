import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { BadConfiguration } from "./bad-configuration";

/** Whom a file of the configuration is believed from. */
export interface Trust {
  /** True in the installed app: the file and every folder above it belong to root, and the person cannot write it. */
  readonly rootOnly: boolean;
  readonly platform: NodeJS.Platform;
}

export interface ProtectedFile {
  readonly text: string;
  /** Whether every account of this machine can read it; on Windows nobody looked: undefined. */
  readonly openToAll: boolean | undefined;
}

const largest = 1024 * 1024;
const othersMayWrite = 0o022;
const sticky = 0o1000;
/** On macOS folders below /Library belong to the administrators' group as well. */
const macosAdministrators = 80;

/** Undefined where there is no such file. Throws `BadConfiguration` where it is one that cannot be believed or read. */
export function readProtectedFile(path: string, trust: Trust): ProtectedFile | undefined {
  try {
    const real = trust.platform === "win32" ? path : resolveProtected(path, trust);
    if (real === undefined) return undefined;
    if (trust.rootOnly && process.getuid?.() !== 0 && canWrite(real))
      throw new BadConfiguration(`${path} is not used: the account that runs Lamplight can change it.`);
    const handle = openSync(real, constants.O_RDONLY);
    try {
      const status = fstatSync(handle);
      if (!status.isFile()) throw new BadConfiguration(`${path} is not a file.`);
      if (status.size > largest) throw new BadConfiguration(`${path} is larger than 1 MB.`);
      const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(handle));
      return { text, openToAll: trust.platform === "win32" ? undefined : (status.mode & 0o004) !== 0 };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return undefined;
    if (error instanceof TypeError) throw new BadConfiguration(`${path} is not UTF-8 text.`);
    throw new BadConfiguration(
      code === "EACCES" || code === "EPERM"
        ? `${path} cannot be read by the account that runs Lamplight.`
        : `${path} cannot be read (${code ?? "unknown reason"}).`,
    );
  }
}

/** Follows every part of the path, links too: who can change one of them can change what is read. */
function resolveProtected(path: string, trust: Trust): string | undefined {
  let pending = path.split("/").filter(Boolean);
  let at = "/";
  let links = 0;
  check(path, at, lstatSync(at), trust);
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (name === ".") continue;
    if (name === "..") {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const status = lstatSync(next, { throwIfNoEntry: false });
    if (!status) {
      if (links > 0) throw new BadConfiguration(`${path} is a link that leads nowhere.`);
      return undefined;
    }
    check(path, next, status, trust);
    if (!status.isSymbolicLink()) {
      at = next;
      continue;
    }
    links += 1;
    if (links > 40) throw new BadConfiguration(`${path} is a link that leads in a circle.`);
    const target = readlinkSync(next);
    pending = [...target.split("/").filter(Boolean), ...pending];
    if (isAbsolute(target)) at = "/";
  }
  return at;
}

function check(path: string, part: string, status: Stats, trust: Trust): void {
  const because = (reason: string) =>
    new BadConfiguration(`${path} is not used: ${part === path ? "it" : part} ${reason}.`);
  if (trust.rootOnly && status.uid !== 0) throw because("does not belong to root");
  // Neither a link's mode nor, where the bit is sticky, a folder's lets anybody replace what belongs to another.
  if (status.isSymbolicLink() || (status.isDirectory() && (status.mode & sticky) !== 0)) return;
  const administrators = trust.platform === "darwin" && status.isDirectory() && status.gid === macosAdministrators;
  if ((status.mode & (administrators ? 0o002 : othersMayWrite)) !== 0)
    throw because(`can be changed by other accounts (mode ${(status.mode & 0o7777).toString(8)})`);
}

function canWrite(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY));
    return true;
  } catch {
    return false;
  }
}
