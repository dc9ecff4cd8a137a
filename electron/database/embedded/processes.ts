import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sameFolder } from "./probe";

/** Fields of /proc/PID/stat after the command's name, which may hold spaces and brackets. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** When the process started, in ticks since boot: a pid with another start is another process. */
export function startOf(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** Alive and not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return statFields(pid)?.[0] !== "Z";
}

export function isSameProcess(known: { pid: number; started: string | null } | null): boolean {
  if (!known || !isAlive(known.pid)) return false;
  return known.started === null || startOf(known.pid) === known.started;
}

/**
 * Whether any process works in this data folder. PostgreSQL's processes all stand in it, so this sees left-over
 * workers of a killed postmaster too, which no lock file names. `null` where the system does not tell.
 */
export function anybodyIn(folder: string): boolean | null {
  if (process.platform !== "linux") return null;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (sameFolder(readlinkSync(`/proc/${name}/cwd`), folder)) return true;
    } catch {
      // Gone meanwhile, a zombie, or another account's: none of them is our server.
    }
  }
  return false;
}
