import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A PostgreSQL of the system's own packages, as a hospital's central server would be: another release than the embedded one. */
export interface CentralServer {
  readonly socket: string;
  stop(): Promise<void>;
}

export const systemBinaries = (major: number) => `/usr/lib/postgresql/${major}/bin`;

function accountOfServer(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

export function canRun(major: number): boolean {
  if (!existsSync(join(systemBinaries(major), "initdb"))) return false;
  return process.getuid?.() !== 0 || spawnSync("id", ["postgres"]).status === 0;
}

/** Its superuser is `postgres`, let in over the socket without a password: what is tested is the other roles. */
export async function startCentralServer(major: number): Promise<CentralServer> {
  const account = accountOfServer();
  const socket = mkdtempSync(join(tmpdir(), "lamplight-central-"));
  if (account) chownSync(socket, account.uid, account.gid);
  const data = join(socket, "data");
  const options = { ...account, cwd: "/", stdio: "ignore" as const };
  execFileSync(
    join(systemBinaries(major), "initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    options,
  );
  const server = spawn(
    join(systemBinaries(major), "postgres"),
    ["-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_prepared_transactions=4"],
    options,
  );
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ host: socket, user: "postgres", database: "postgres" });
    try {
      await client.connect();
      await client.end();
      break;
    } catch (error) {
      if (tries > 600) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    socket,
    stop: () =>
      new Promise((resolve) => {
        server.once("exit", () => {
          rmSync(socket, { recursive: true, force: true });
          resolve();
        });
        server.kill("SIGINT");
      }),
  };
}
