import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL and PgBouncer refuse to run as root; Debian's packages bring this account. */
export function accountOfServers(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

/** A folder of the servers' account, short enough for a socket. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `lamplight-${name}-`));
  handOver(folder);
  return folder;
}

export function handOver(...paths: string[]): void {
  const account = accountOfServers();
  if (account) for (const path of paths) chownSync(path, account.uid, account.gid);
}
