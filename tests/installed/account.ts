import { spawnSync } from "node:child_process";

/** An account of the machine as which the app is tried. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export function findAccount(name: string): Account | null {
  const entry = spawnSync("getent", ["passwd", name], { encoding: "utf8" });
  const [, , uid, gid, , home] = entry.stdout.trim().split(":");
  if (entry.status !== 0 || !uid || !gid || !home) return null;
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/** Makes an ordinary desktop user with a home folder of its own. Only root can. */
export function makeUser(name: string): Account {
  if (findAccount(name)) throw new Error(`There is an account ${name} already; it is not used for a trial.`);
  const made = spawnSync("useradd", ["--create-home", "--user-group", "--shell", "/bin/bash", name]);
  const account = findAccount(name);
  if (made.status !== 0 || !account) throw new Error(`useradd ${name}: ${made.stderr.toString()}`);
  return account;
}

/** Takes a user away that `makeUser` made, with its home folder. */
export function removeUser(account: Account): void {
  spawnSync("userdel", ["--remove", account.name]);
}
