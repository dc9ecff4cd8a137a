/**
 * The embedded PostgreSQL of a machine without a central database: started, watched and stopped by this process.
 * Plain Node. It listens on no network: on a socket in a private folder (on Windows, which is not tested yet, on the
 * loopback address with a random port), and always asks for a password (SCRAM).
 */
import { existsSync } from "node:fs";
import { serverAccount } from "./embedded/account";
import { findBinaries } from "./embedded/binaries";
import { initialise, superuserName, superuserPassword } from "./embedded/initialise";
import { type Places, preparePlaces, readNote, writeNote } from "./embedded/places";
import {
  attachPostmaster,
  choosePort,
  clearStaleLocks,
  type Postmaster,
  pause,
  postmasterPid,
  startPostmaster,
} from "./embedded/postmaster";
import { type Answer, type Connection, probe, sameFolder, withConnection } from "./embedded/probe";
import { isSameProcess, startOf } from "./embedded/processes";
import { EmbeddedServerTrouble } from "./embedded/trouble";

export { EmbeddedServerTrouble } from "./embedded/trouble";

export interface EmbeddedServer {
  /** On Windows the loopback address instead. */
  readonly socketFolder: string;
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string };
  /** False when another process started it and will stop it. */
  readonly owned: boolean;
  /** Ends the server, unless another process owns it. May be called twice. */
  stop(): Promise<void>;
  /** Settles when the server is gone, asked for or not, so that a crash is noticed. */
  readonly exited: Promise<{ code: number | null }>;
}

export type StartPhase = "initialising" | "starting" | "recovering" | "ready";

export interface EmbeddedServerOptions {
  readonly home: string;
  readonly binaries?: string;
  readonly onProgress?: (phase: StartPhase) => void;
  readonly runAs?: { uid: number; gid: number };
}

const databaseName = "lamplight";
/**
 * Recovery after a power cut reads the whole write-ahead log: minutes on a slow disk, never silently. Milliseconds; `inUse`
 * for another process that is just starting the server, or for what a killed one leaves.
 */
const patience = { attempts: 20, inUse: 30_000, recovery: 5 * 60_000, orphan: 3_000 };

export function ownerConnection(server: EmbeddedServer): Connection {
  const { user, password } = server.superuser;
  return { host: server.socketFolder, port: server.port, user, password, database: databaseName };
}

export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const report = options.onProgress ?? (() => undefined);
  const account = serverAccount(options.runAs);
  const places = preparePlaces(options.home, account);
  const password = superuserPassword(places);

  const running = await findRunning(places, password);
  if (running) {
    report("ready");
    return handle(places, attachPostmaster(running.pid, account, running.adopt), running.port, password, running.adopt);
  }

  const binaries = findBinaries(places.root, account, options.binaries);
  if (!existsSync(places.cluster)) report("initialising");
  await initialise(places, binaries, account, password);

  report("starting");
  const end = performance.now() + patience.inUse;
  for (let attempt = 1; attempt <= patience.attempts; ) {
    const port = await choosePort();
    // What a killed server leaves, workers and lock files, goes within a few seconds. Waiting for it is no attempt.
    if (clearStaleLocks(places, port) === "in use") {
      const other = await findRunning(places, password);
      if (other) {
        report("ready");
        return handle(places, attachPostmaster(other.pid, account, other.adopt), other.port, password, other.adopt);
      }
      if (performance.now() > end) attempt += 1;
      await pause(200);
      continue;
    }
    attempt += 1;
    const postmaster = startPostmaster(places, binaries, account, port);
    if (await becomesReady(places, postmaster, port, password, report)) {
      await ensureDatabase(places, port, password);
      report("ready");
      return handle(places, postmaster, port, password, true);
    }
    await pause(200);
  }
  throw new EmbeddedServerTrouble(`The embedded database does not start. See ${places.logFile}.`);
}

function hostOf(places: Places): string {
  return process.platform === "win32" ? "127.0.0.1" : places.socketFolder;
}

function maintenance(places: Places, port: number, password: string): Connection {
  return { host: hostOf(places), port, user: superuserName, password, database: "postgres" };
}

/**
 * The server of this very data folder, if one answers: it says so itself, lock files are not believed. One whose
 * owner is gone is about to be stopped by its watchdog; it is adopted only when that does not happen.
 */
async function findRunning(
  places: Places,
  password: string,
): Promise<{ pid: number; port: number; adopt: boolean } | null> {
  const note = readNote(places.home);
  if (!note) return null;
  const ask = () => probe(maintenance(places, note.port, password));
  const ours = (answer: Answer) => answer.kind === "ready" && sameFolder(answer.dataDirectory, places.cluster);

  const end = performance.now() + patience.orphan;
  for (;;) {
    const answer = await ask();
    if (answer.kind === "silent") return null;
    if (answer.kind === "refused") {
      throw new EmbeddedServerTrouble(`A running database refuses the password in ${places.passwordFile}.`);
    }
    if (answer.kind === "ready" && !ours(answer)) return null;
    const pid = postmasterPid(places.cluster);
    if (ours(answer) && pid !== null) {
      if (isSameProcess(note.owner)) return { pid, port: note.port, adopt: false };
      if (performance.now() > end) return { pid, port: note.port, adopt: true };
    } else if (performance.now() > end + patience.recovery) return null;
    await pause(100);
  }
}

async function becomesReady(
  places: Places,
  postmaster: Postmaster,
  port: number,
  password: string,
  report: (phase: StartPhase) => void,
): Promise<boolean> {
  const began = performance.now();
  let recovering = false;
  while (!postmaster.hasExited() && performance.now() - began < patience.recovery) {
    const answer = await probe(maintenance(places, port, password));
    if (answer.kind === "ready" && sameFolder(answer.dataDirectory, places.cluster)) return true;
    if (answer.kind === "refused") {
      await postmaster.stop();
      throw new EmbeddedServerTrouble(
        `The database in ${places.cluster} refuses the password in ${places.passwordFile} (${answer.reason}).`,
      );
    }
    if (!recovering && answer.kind === "busy" && performance.now() - began > 500) {
      recovering = true;
      report("recovering");
    }
    await pause(10);
  }
  await postmaster.stop();
  return false;
}

async function ensureDatabase(places: Places, port: number, password: string): Promise<void> {
  await withConnection(maintenance(places, port, password), async (client) => {
    const known = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [databaseName]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  });
}

function handle(
  places: Places,
  postmaster: Postmaster,
  port: number,
  password: string,
  owned: boolean,
): EmbeddedServer {
  if (owned) {
    writeNote(places.home, {
      dataDirectory: places.cluster,
      socketFolder: places.socketFolder,
      port,
      serverPid: postmaster.pid,
      owner: { pid: process.pid, started: startOf(process.pid) },
    });
  }
  return {
    socketFolder: hostOf(places),
    port,
    superuser: { user: superuserName, password },
    owned,
    stop: postmaster.stop,
    exited: postmaster.exited,
  };
}
