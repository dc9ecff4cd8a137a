import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type ServerAccount, spawnAs } from "./account";
import type { Binaries } from "./binaries";
import { leaveToOwner, type Places, socketPath, socketPort } from "./places";
import { anybodyIn, isAlive } from "./processes";

const windows = process.platform === "win32";
const largestLog = 5 * 1024 * 1024;

/** One running postmaster, ours or adopted, and the way to end it. */
export interface Postmaster {
  readonly pid: number;
  readonly exited: Promise<{ code: number | null }>;
  hasExited(): boolean;
  stop(): Promise<void>;
}

function settings(places: Places, port: number): string[] {
  const listen = windows
    ? { listen_addresses: "127.0.0.1", unix_socket_directories: "" }
    : {
        listen_addresses: "",
        unix_socket_directories: places.socketFolder,
        unix_socket_permissions: "0700",
      };
  const all: Record<string, string> = {
    ...listen,
    port: String(port),
    max_connections: "60",
    shared_buffers: "64MB",
    max_prepared_transactions: "0",
    wal_level: "minimal",
    max_wal_senders: "0",
    max_wal_size: "256MB",
    min_wal_size: "32MB",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    password_encryption: "scram-sha-256",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    // The server's own log must hold no patient's data: no statements, no parameters, no row values.
    logging_collector: "off",
    log_destination: "stderr",
    log_line_prefix: "%m [%p] ",
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_statement: "none",
    log_min_duration_statement: "-1",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Removes lock files that a killed server left, once nobody works in the data folder any more. */
export function clearStaleLocks(places: Places, port: number): "cleared" | "in use" {
  const locks = [join(places.cluster, "postmaster.pid"), `${socketPath(places.socketFolder, port)}.lock`];
  const present = locks.filter((file) => existsSync(file));
  if (present.length === 0) return "cleared";
  const used = anybodyIn(places.cluster);
  // Where we cannot look, PostgreSQL's own check of its lock file decides.
  if (used === null) return "cleared";
  if (used) return "in use";
  for (const file of present) rmSync(file, { force: true });
  return "cleared";
}

export function postmasterPid(cluster: string): number | null {
  try {
    const pid = Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n", 1)[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

export async function choosePort(): Promise<number> {
  if (!windows) return socketPort;
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.on("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === "object" && address ? address.port : socketPort));
    });
  });
}

/**
 * The older Electron runtimes open files that every child process inherits: sockets to the windows' processes, which
 * would keep those waiting after our end, and files of ours that another account must not hold. Closed before the
 * program starts. dash knows single-digit descriptors only, so this needs bash; without one the program starts as is.
 */
function withoutInheritedFiles(program: string, args: readonly string[]): [program: string, args: string[]] {
  const bash = windows ? undefined : ["/bin/bash", "/usr/bin/bash"].find((path) => existsSync(path));
  if (!bash) return [program, [...args]];
  const script =
    'for file in /dev/fd/*; do n="${file##*/}"; if [ "$n" -gt 2 ]; then eval "exec $n>&-"; fi; done; exec "$@"';
  return [bash, ["--norc", "--noprofile", "-c", script, "bash", program, ...args]];
}

/**
 * Ends the server when this process ends, however it ends: the watchdog holds the other end of a pipe that only we
 * hold, and the system closes it. (Not on Windows, where the next start finds and adopts the server instead.)
 */
function watch(pid: number, account: ServerAccount | null): ChildProcess | null {
  if (windows) return null;
  const script = [
    "cat >/dev/null",
    'kill -INT "$0" || exit 0',
    "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do",
    'sleep 0.25; kill -0 "$0" 2>/dev/null || exit 0',
    "done",
    'kill -QUIT "$0"',
  ].join("\n");
  const watchdog = spawn(...withoutInheritedFiles("/bin/sh", ["-c", script, String(pid)]), {
    ...spawnAs(account),
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "ignore", "ignore"],
    // A group of its own: Ctrl+C in a terminal must not end the watchdog before us.
    detached: true,
  });
  watchdog.on("error", () => undefined);
  watchdog.stdin?.on("error", () => undefined);
  watchdog.unref();
  (watchdog.stdin as { unref?: () => void } | null)?.unref?.();
  return watchdog;
}

/** The whole group: the shell and what it waits for. */
function callOff(watchdog: ChildProcess | null): void {
  if (!watchdog?.pid) return;
  try {
    process.kill(-watchdog.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function within(ms: number, exited: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([exited.then(() => true), late]);
  clearTimeout(timer);
  return done;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

function stopping(pid: number, exited: Promise<unknown>, watchdog: ChildProcess | null): () => Promise<void> {
  let asked: Promise<void> | undefined;
  const stop = async () => {
    // INT: refuse new connections, roll back what is open, write everything, end. QUIT and KILL need a recovery.
    for (const [name, patience] of [
      ["SIGINT", 10_000],
      ["SIGQUIT", 3_000],
      ["SIGKILL", 3_000],
    ] as const) {
      signal(pid, name);
      if (await within(patience, exited)) break;
    }
    callOff(watchdog);
  };
  return () => {
    asked ??= stop();
    return asked;
  };
}

export function startPostmaster(
  places: Places,
  binaries: Binaries,
  account: ServerAccount | null,
  port: number,
): Postmaster {
  if (existsSync(places.logFile) && statSync(places.logFile).size > largestLog) {
    renameSync(places.logFile, `${places.logFile}.1`);
  }
  const log = openSync(places.logFile, "a", 0o600);
  leaveToOwner(places.home, places.logFile);
  const child = spawn(...withoutInheritedFiles(binaries.postgres, ["-D", places.cluster, ...settings(places, port)]), {
    ...spawnAs(account),
    cwd: "/",
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const pid = child.pid ?? 0;
  const watchdog = pid ? watch(pid, account) : null;
  let gone = false;
  const exited = new Promise<{ code: number | null }>((resolve) => {
    const ended = (code: number | null) => {
      gone = true;
      callOff(watchdog);
      resolve({ code });
    };
    child.on("error", () => ended(null));
    child.on("exit", ended);
  });
  child.unref();
  return { pid, exited, hasExited: () => gone, stop: stopping(pid, exited, watchdog) };
}

/** A server that is already running: watched by looking, since it is not our child. */
export function attachPostmaster(pid: number, account: ServerAccount | null, adopt: boolean): Postmaster {
  let gone = false;
  let left = false;
  const watchdog = adopt ? watch(pid, account) : null;
  const exited = (async () => {
    while (!left && isAlive(pid)) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 250).unref();
      });
    }
    gone = !isAlive(pid);
    callOff(watchdog);
    return { code: null };
  })();
  const leave = async () => {
    left = true;
  };
  return { pid, exited, hasExited: () => gone, stop: adopt ? stopping(pid, exited, watchdog) : leave };
}

export { pause };
