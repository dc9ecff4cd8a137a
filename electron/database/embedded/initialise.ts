import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type ServerAccount, spawnAs } from "./account";
import type { Binaries } from "./binaries";
import { leaveToOwner, type Places } from "./places";
import { EmbeddedServerTrouble } from "./trouble";

export const superuserName = "lamplight_superuser";
const supportedMajor = "18";

/** The superuser's password: random, made once, readable by the account that runs the app and by nobody else. */
export function superuserPassword(places: Places): string {
  if (existsSync(places.passwordFile)) return readFileSync(places.passwordFile, "utf8").trim();
  if (existsSync(places.cluster)) {
    throw new EmbeddedServerTrouble(
      `${places.passwordFile} is missing, and without it the database in ${places.cluster} cannot be opened.`,
    );
  }
  const staging = `${places.passwordFile}.${process.pid}`;
  writeFileSync(staging, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  leaveToOwner(places.home, staging);
  try {
    // Complete or not there at all; when two processes start at once, the first one's stands.
    linkSync(staging, places.passwordFile);
  } catch (error) {
    if (!existsSync(places.passwordFile)) throw error;
  } finally {
    rmSync(staging, { force: true });
  }
  return readFileSync(places.passwordFile, "utf8").trim();
}

/** Gives the whole cluster to the account that runs the server; does nothing when it already has it. */
export function handOver(folder: string, account: ServerAccount | null): void {
  if (!account?.foreign || statSync(folder).uid === account.uid) return;
  const visit = (path: string) => {
    lchownSync(path, account.uid, account.gid);
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(folder);
}

function run(program: string, args: readonly string[], account: ServerAccount | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...spawnAs(account),
      cwd: "/",
      env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new EmbeddedServerTrouble(`The database could not be created: ${said.trim() || `code ${code}`}`));
    });
  });
}

/**
 * Makes the cluster in a folder of its own and moves it into place when it is complete, so that what an interrupted
 * start leaves behind is never opened. Answers false when there is a cluster already.
 */
export async function initialise(
  places: Places,
  binaries: Binaries,
  account: ServerAccount | null,
  password: string,
): Promise<boolean> {
  for (const name of readdirSync(places.root)) {
    if (name.startsWith("cluster.new-") && abandoned(join(places.root, name))) {
      rmSync(join(places.root, name), { recursive: true, force: true });
    }
  }
  if (existsSync(places.cluster)) {
    checkVersion(places.cluster);
    handOver(places.cluster, account);
    return false;
  }
  const staging = join(places.root, `cluster.new-${process.pid}-${randomBytes(3).toString("hex")}`);
  mkdirSync(staging, { mode: 0o700 });
  const passwordFile = join(staging, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account?.foreign) for (const path of [staging, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    const made = join(staging, "data");
    const settings = [
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--auth=scram-sha-256",
      "--data-checksums",
      "--wal-segsize=4",
      "--no-instructions",
      `--username=${superuserName}`,
      `--pwfile=${passwordFile}`,
      `--pgdata=${made}`,
    ];
    await run(binaries.initdb, settings, account);
    // Another process of the same installation may have been faster, even by a hair: its cluster stands.
    try {
      if (!existsSync(places.cluster)) renameSync(made, places.cluster);
    } catch (error) {
      if (!existsSync(places.cluster)) throw error;
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return true;
}

/** A half-made cluster whose maker is gone. Its name carries the maker's process id. */
function abandoned(path: string): boolean {
  const pid = Number(/cluster\.new-(\d+)/.exec(path)?.[1]);
  if (!Number.isInteger(pid) || pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EPERM";
  }
}

function checkVersion(cluster: string): void {
  const file = join(cluster, "PG_VERSION");
  if (!existsSync(file)) throw new EmbeddedServerTrouble(`${cluster} is not a complete database. Restore a backup.`);
  const major = readFileSync(file, "utf8").trim();
  if (major === supportedMajor) return;
  throw new EmbeddedServerTrouble(
    `${cluster} was made by PostgreSQL ${major}; this version of Lamplight opens PostgreSQL ${supportedMajor}.`,
  );
}
