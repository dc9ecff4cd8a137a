import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionSettings, connectOwner, openDatabase, type Row } from "../../electron/database/pool";
import { scramVerifier } from "../../electron/database/scram-verifier";
import { ownerUrl } from "./admin-desk";
import { canRun, startCentralServer } from "./central-server";
import { startTestCluster } from "./cluster";
import type { TestHospital } from "./hospital";

/** A server with an owner who is no superuser, on which a test makes the databases that it needs. */
export interface OwnersServer {
  /** The embedded server's log, which holds every statement of this owner; null where nobody keeps one. */
  readonly logFile: string | null;
  /** An empty folder, gone at the end. */
  readonly folder: string;
  /** Makes a database of this owner; answers the environment that leads `lamplight-admin` to it. */
  newDatabase(name: string): Promise<Record<string, string>>;
  settings(database: string, user?: string, password?: string): ConnectionSettings;
  /** One statement as the owner. */
  ask<T extends Row = Row>(database: string, text: string, values?: readonly unknown[]): Promise<T[]>;
  /** What the installation's chain tells of acts of IT. */
  acts(database: string): Promise<{ action: string; staff_id: string | null; workstation: string; detail: Row }[]>;
  /** A hospital as a workstation with this password finds it; its database is to be closed. */
  workstation(database: string, password: string): TestHospital;
  /** Whether the workstations' login has this password. */
  connects(database: string, password: string): Promise<boolean>;
  stop(): Promise<void>;
}

interface Release {
  readonly superuser: ConnectionSettings;
  readonly logFile: string | null;
  readonly trusts: boolean;
  stop(): Promise<unknown>;
}
async function embeddedRelease(): Promise<Release> {
  const cluster = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
  const logFile = join(cluster.home, "logs", "postgres.log");
  return { superuser: cluster.owner, logFile, trusts: false, stop: () => cluster.dispose() };
}
async function systemRelease(): Promise<Release> {
  const server = await startCentralServer(15);
  const superuser = { host: server.socket, port: 5432, user: "postgres", password: "", database: "postgres" };
  return { superuser, logFile: null, trusts: true, stop: () => server.stop() };
}

/** The embedded release, and Debian's own where it is installed. */
export const releases: readonly (readonly [string, () => Promise<OwnersServer>])[] = [
  ["PostgreSQL as embedded", () => startOwnersServer(embeddedRelease)],
  ...(canRun(15) ? ([["PostgreSQL 15 of the system", () => startOwnersServer(systemRelease)]] as const) : []),
];

async function startOwnersServer(start: () => Promise<Release>): Promise<OwnersServer> {
  const release = await start();
  const superuser = await connectOwner(release.superuser);
  const folder = mkdtempSync(join(tmpdir(), "lamplight-administration-"));
  await superuser.query("CREATE ROLE hospital_it LOGIN CREATEROLE CREATEDB PASSWORD 'it'");
  await superuser.query("ALTER ROLE hospital_it SET log_statement = 'all'");
  const settings: OwnersServer["settings"] = (database, user = "hospital_it", password = "it") => ({
    ...release.superuser,
    database,
    user,
    password,
  });
  const ask: OwnersServer["ask"] = async (database, text, values) => {
    const owner = await connectOwner(settings(database));
    try {
      return (await owner.query(text, values)).rows as never;
    } finally {
      await owner.end();
    }
  };
  const workstation: OwnersServer["workstation"] = (database, password) => {
    const login = settings(database, "lamplight_app", password);
    return { workstation: login, database: openDatabase(login, 2) } as unknown as TestHospital;
  };
  return {
    logFile: release.logFile,
    folder,
    settings,
    ask,
    workstation,
    newDatabase: async (name) => {
      await superuser.query(`CREATE DATABASE ${name} OWNER hospital_it`);
      return { LAMPLIGHT_OWNER_URL: ownerUrl(settings(name)) };
    },
    acts: (database) =>
      ask(
        database,
        `SELECT action, staff_id, workstation, detail FROM private.audit_entry
          WHERE chain_id = '00000000-0000-0000-0000-000000000000' AND session_id IS NULL AND action NOT LIKE 'LOGIN%' ORDER BY sequence`,
      ),
    connects: async (database, password) => {
      if (release.trusts) {
        // This server lets everybody in over its socket: what it would ask for is compared instead.
        const { rows } = await superuser.query("SELECT rolpassword FROM pg_authid WHERE rolname = 'lamplight_app'");
        const kept = String(rows[0]?.["rolpassword"]);
        return scramVerifier(password, Buffer.from(/:([^$]+)\$/u.exec(kept)?.[1] ?? "", "base64")) === kept;
      }
      const { database: connection } = workstation(database, password);
      try {
        await connection.statement("SELECT api.schema_version()");
        return true;
      } catch {
        return false;
      } finally {
        await connection.close();
      }
    },
    stop: async () => {
      await superuser.end();
      await release.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
