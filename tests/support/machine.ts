import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { readNote } from "../../electron/database/embedded/places";
import { postmasterPid } from "../../electron/database/embedded/postmaster";
import { isAlive } from "../../electron/database/embedded/processes";

export { isAlive } from "../../electron/database/embedded/processes";

/** Looks at the app from outside, as somebody at the machine's own console could. Linux only. */
function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number);
}

function tell(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // Gone meanwhile, or none of ours.
    return "";
  }
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

export function clusterOf(home: string): string {
  return readNote(home)?.dataDirectory ?? join(home, "postgres", "cluster");
}

/** The server that runs for a home folder; null when none does. */
export function postmasterOf(home: string): number | null {
  const pid = postmasterPid(clusterOf(home));
  return pid !== null && isAlive(pid) ? pid : null;
}

/** The server and all its workers: each stands in the data folder. */
export function serverProcesses(home: string): number[] {
  const cluster = clusterOf(home);
  return pids().filter((pid) => folderOf(pid).startsWith(cluster) && isAlive(pid));
}

/** Everything that runs for a home folder: the app, its pages and helpers, the server, and the server's watchdog. */
export function processesOf(home: string): number[] {
  const server = serverProcesses(home);
  const postmaster = readNote(home)?.serverPid ?? 0;
  return pids().filter((pid) => {
    if (!isAlive(pid)) return false;
    if (server.includes(pid)) return true;
    if (`\0${tell(`/proc/${pid}/environ`)}`.includes(`\0LAMPLIGHT_HOME=${home}\0`)) return true;
    const words = tell(`/proc/${pid}/cmdline`).split("\0");
    return words.some((word) => word.startsWith("cat >/dev/null")) && words.includes(String(postmaster));
  });
}

export async function nothingRunsFor(home: string, within: number): Promise<void> {
  await expect
    .poll(() => processesOf(home).map((pid) => tell(`/proc/${pid}/cmdline`).replaceAll("\0", " ")), {
      timeout: within,
      intervals: [50],
    })
    .toEqual([]);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
