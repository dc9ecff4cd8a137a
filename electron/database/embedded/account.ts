import { execFileSync, spawnSync } from "node:child_process";
import { EmbeddedServerTrouble } from "./trouble";

/** The account PostgreSQL runs under. `undefined` fields mean: our own. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
  /** True when it is not the account of this process, so that folders must be handed over. */
  readonly foreign: boolean;
}

/** PostgreSQL refuses to run as root; the first of these that exists runs it then. */
const candidates = ["lamplight", "postgres", "nobody"] as const;

function idsOf(name: string): { uid: number; gid: number } | null {
  try {
    const id = (flag: "-u" | "-g") => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

export function serverAccount(runAs?: { uid: number; gid: number }): ServerAccount | null {
  const own = process.getuid?.();
  const ownGroup = process.getgid?.();
  if (own === undefined || ownGroup === undefined) return null;
  if (runAs) return { uid: runAs.uid, gid: runAs.gid, foreign: runAs.uid !== own };
  if (own !== 0) return { uid: own, gid: ownGroup, foreign: false };
  for (const name of candidates) {
    const ids = idsOf(name);
    if (ids && ids.uid !== 0) return { ...ids, foreign: true };
  }
  throw new EmbeddedServerTrouble("PostgreSQL must not run as root, and this system has no other account to run it.");
}

/** What `spawn` needs to run as that account. */
export function spawnAs(account: ServerAccount | null): { uid?: number; gid?: number } {
  return account?.foreign ? { uid: account.uid, gid: account.gid } : {};
}

/** Whether the account can enter a folder or run a file: asked of the system itself, as that account. */
export function canReach(path: string, account: ServerAccount | null): boolean {
  if (!account?.foreign) return true;
  return spawnSync("test", ["-x", path], { ...spawnAs(account), cwd: "/", stdio: "ignore" }).status === 0;
}
