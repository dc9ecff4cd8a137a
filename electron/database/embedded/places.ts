import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { canReach, type ServerAccount } from "./account";
import { EmbeddedServerTrouble } from "./trouble";

/** Where the parts of one installation's embedded database are. */
export interface Places {
  readonly home: string;
  /** Private to the server's account; holds the cluster and, where its path is short enough, the socket. */
  readonly root: string;
  readonly cluster: string;
  readonly socketFolder: string;
  readonly passwordFile: string;
  readonly noteFile: string;
  readonly logFile: string;
}

/** What another process of the same installation needs to find the running server; holds no secret. */
export interface ServerNote {
  dataDirectory: string;
  socketFolder: string;
  port: number;
  serverPid: number | null;
  owner: { pid: number; started: string | null } | null;
}

/** Where a socket's path must fit, with its terminating zero, on every system (macOS has 104). */
const longestSocketPath = 103;
export const socketPort = 5432;
/** Used only when the server's account cannot enter the home folder's parents. */
const sharedBase = "/var/lib/lamplight/embedded";

export function socketPath(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`);
}

export function readNote(home: string): ServerNote | null {
  try {
    return JSON.parse(readFileSync(join(home, "embedded-server.json"), "utf8")) as ServerNote;
  } catch {
    return null;
  }
}

/** What root writes into the home folder of the server's account stays readable for the app of that account. */
export function leaveToOwner(home: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(home);
  if (uid !== 0) chownSync(file, uid, gid);
}

export function writeNote(home: string, note: ServerNote): void {
  const file = join(home, "embedded-server.json");
  writeFileSync(`${file}.new`, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
  leaveToOwner(home, `${file}.new`);
  renameSync(`${file}.new`, file);
}

function privateFolder(path: string, account: ServerAccount | null): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform === "win32") return;
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new EmbeddedServerTrouble(`${path} should be a folder of the embedded database.`);
  if (account?.foreign && found.uid !== account.uid) chownSync(path, account.uid, account.gid);
  else if (account && !account.foreign && found.uid !== account.uid) {
    throw new EmbeddedServerTrouble(
      `${path} belongs to another account. Start Lamplight as that account, or choose another LAMPLIGHT_HOME.`,
    );
  }
  if ((found.mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}

/**
 * The cluster lies in the home folder. When another account runs the server, it must be able to walk there: the home
 * folder itself may get the x bit for others (names stay unlisted, files keep their own modes), its parents are never
 * touched; where a parent is closed the cluster goes to a folder under /var/lib/lamplight named after the home folder.
 */
function rootFolder(home: string, account: ServerAccount | null): string {
  const inHome = join(home, "postgres");
  if (!account?.foreign) return inHome;
  if (existsSync(inHome) && canReach(inHome, { ...account })) return inHome;
  if (!canReach(home, account)) {
    const mode = statSync(home).mode & 0o777;
    chmodSync(home, mode | 0o011);
    if (!canReach(home, account)) {
      chmodSync(home, mode);
      mkdirSync(sharedBase, { recursive: true, mode: 0o711 });
      return join(sharedBase, createHash("sha256").update(home).digest("hex").slice(0, 16));
    }
  }
  return inHome;
}

function socketFolderFor(home: string, root: string, account: ServerAccount | null): string {
  const beside = join(root, "run");
  if (socketPath(beside, socketPort).length <= longestSocketPath) return beside;
  const known = readNote(home)?.socketFolder;
  if (known && known !== beside && existsSync(known) && ownedPrivately(known, account)) return known;
  // mkdtemp gives an unguessable, fresh, private folder: nobody can have prepared it.
  const base = tmpdir().length <= 60 ? tmpdir() : "/tmp";
  return mkdtempSync(join(base, "lamplight-"));
}

function ownedPrivately(folder: string, account: ServerAccount | null): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && (found.mode & 0o077) === 0 && found.uid === (account?.uid ?? found.uid);
}

/**
 * Root would give the files of somebody's own database away, and their app could not start any more; a home folder that is
 * not there yet belongs to whom the folder around it belongs to.
 */
function refuseHomeOfAnother(home: string, account: ServerAccount | null): void {
  if (!account?.foreign) return;
  let nearest = home;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  const owner = statSync(nearest).uid;
  if (owner === 0 || owner === account.uid) return;
  throw new EmbeddedServerTrouble(
    `${home} belongs to the account with the number ${owner}. Run this as that account: sudo -u '#${owner}' …. Nothing was changed.`,
  );
}

export function preparePlaces(homeGiven: string, account: ServerAccount | null): Places {
  const home = resolve(homeGiven);
  refuseHomeOfAnother(home, account);
  const isNew = mkdirSync(home, { recursive: true, mode: 0o700 }) !== undefined;
  if (isNew && account?.foreign && statSync(dirname(home)).uid === account.uid)
    chownSync(home, account.uid, account.gid);
  const root = rootFolder(home, account);
  privateFolder(root, account);
  const socketFolder = socketFolderFor(home, root, account);
  privateFolder(socketFolder, account);
  if (mkdirSync(join(home, "logs"), { recursive: true, mode: 0o700 })) leaveToOwner(home, join(home, "logs"));
  return {
    home,
    root,
    cluster: join(root, "cluster"),
    socketFolder,
    passwordFile: join(home, "embedded-server.password"),
    noteFile: join(home, "embedded-server.json"),
    logFile: join(home, "logs", "postgres.log"),
  };
}
