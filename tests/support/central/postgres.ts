import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { anybodyIn } from "../../../electron/database/embedded/processes";
import type { ConnectionSettings } from "../../../electron/database/pool";
import { binaries } from "../../../scripts/lib/test-servers.mjs";
import { accountOfServers, handOver, serverFolder } from "./account";
import { freePort } from "./free-port";

export interface PostgresOptions {
  /** Where the cluster lies; a folder of its own otherwise. */
  readonly data?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  /** Makes the data folder; `initdb` otherwise. */
  readonly make?: (data: string) => void;
}

/** A PostgreSQL of the system's own packages that a test may kill, stop and start again at the same place. */
export interface Postgres {
  readonly folder: string;
  readonly data: string;
  /** TCP on 127.0.0.1 and `localhost`. */
  readonly port: number;
  /** Over the socket, without a password. */
  readonly superuser: ConnectionSettings;
  readonly logFile: string;
  start(): Promise<void>;
  /** Sends a signal to the postmaster and waits for its end: INT fast, QUIT immediate, KILL as if the machine died. */
  end(signal: "SIGINT" | "SIGQUIT" | "SIGKILL"): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  running(): boolean;
  dispose(): Promise<void>;
}

export function asServers(program: string, args: readonly string[], env: Record<string, string> = {}): string {
  return execFileSync(join(binaries, program), args, {
    ...accountOfServers(),
    cwd: "/",
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
}

/** Passwords over TCP and TLS, the superuser by the socket alone. */
const hba = `local all postgres trust
local replication postgres trust
hostssl all all 127.0.0.1/32 scram-sha-256
hostssl replication all 127.0.0.1/32 scram-sha-256
`;

export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const folder = serverFolder("pg");
  const data = options.data ?? join(folder, "data");
  const port = await freePort();
  const logFile = join(folder, "log");
  writeFileSync(logFile, "");
  handOver(logFile);
  if (options.make) options.make(data);
  else
    asServers("initdb", [
      "-D",
      data,
      "-U",
      "postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--data-checksums",
    ]);
  writeFileSync(join(data, "pg_hba.conf"), options.tls ? hba : hba.replaceAll("hostssl", "host"));
  if (options.tls) {
    writeFileSync(join(data, "server.crt"), readFileSync(options.tls.certificate));
    writeFileSync(join(data, "server.key"), readFileSync(options.tls.key), { mode: 0o600 });
    handOver(join(data, "server.crt"), join(data, "server.key"));
  }
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: folder,
    fsync: "off",
    ssl: options.tls ? "on" : "off",
    ssl_cert_file: "server.crt",
    ssl_key_file: "server.key",
    timezone: "UTC",
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const superuser = { host: folder, port, user: "postgres", password: "", database: "postgres" };
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();
  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    const log = openSync(logFile, "a");
    child = spawn(join(binaries, "postgres"), ["-D", data, ...args], {
      ...accountOfServers(),
      cwd: "/",
      env: { PATH: process.env.PATH ?? "", LC_ALL: "C" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    exited = new Promise((resolve) => child?.once("exit", resolve));
    for (let tries = 0; ; tries += 1) {
      const client = new pg.Client(superuser);
      client.on("error", () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        // A standby without hot_standby answers, and lets nobody in.
        if (settings.hot_standby === "off" && (error as { code?: string }).code === "57P03") return;
        if (tries > 600 || !running())
          throw new Error(`PostgreSQL did not start: ${readFileSync(logFile, "utf8").slice(-2000)}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (running()) child?.kill(signal);
    await exited;
    // Its workers die a moment after a killed postmaster, and hold the shared memory until then.
    for (let tries = 0; tries < 600 && anybodyIn(data); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await start();
  return {
    folder,
    data,
    port,
    superuser,
    logFile,
    start,
    end,
    signal: (signal) => void child?.kill(signal),
    running,
    dispose: async () => {
      child?.kill("SIGCONT");
      await end("SIGQUIT");
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
