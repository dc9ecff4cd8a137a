import { systemClock } from "../../electron/clock";
import { migrate } from "../../electron/database/migrate";
import {
  type ConnectionSettings,
  connectOwner,
  type Database,
  type OwnerQuery,
  openDatabase,
} from "../../electron/database/pool";
import { loadDemoHospital } from "../../electron/demo-hospital/load-demo-hospital";
import { Session } from "../../electron/session/session";
import { createAccessTokens } from "../../electron/session/token";
import type { Caller, Door } from "../../electron/tools/door";
import { createDoor } from "../../electron/tools/execute-tool";
import type { Role } from "../../shared/access/roles";
import { isToolName, tools } from "../../shared/tools/registry";
import { onCentralServer, startCentralTestHospital } from "./central/test-hospital";
import { startTestCluster, type Template, type TestCluster } from "./cluster";
import { demoPassword } from "./demo-password";

/** Cheap on purpose: what is tested is what PostgreSQL does with the proof, not how long a guess takes. */
export const cheapHashing = { memoryKib: 64, iterations: 1, parallelism: 1 } as const;
export const workstationPassword = "a workstation's password, made for tests";

export interface TestHospital {
  readonly cluster: TestCluster;
  /** The workstation's login: what an attacker with the machine has. */
  readonly workstation: ConnectionSettings;
  /** The owner's connection, for setting a scene and for looking behind the curtain. */
  readonly owner: OwnerQuery;
  readonly database: Database;
  close(): Promise<void>;
}

/** A migrated cluster with the demo hospital of today, made once and copied. */
export const demoTemplate: Template = {
  version: `demo hospital of ${new Date().toISOString().slice(0, 13)}, hashing ${JSON.stringify(cheapHashing)}`,
  from: [
    "resources/database/migrations",
    "electron/demo-hospital",
    "resources/demo-hospital",
    "shared/access",
    "shared/tools",
    "electron/database/migrate.ts",
  ],
  prepare: async (connection) => {
    const owner = await connectOwner(connection);
    await migrate(owner.query, { folder: "resources/database/migrations", workstationPassword, hashing: cheapHashing });
    await loadDemoHospital({ owner, clock: systemClock, folder: "resources/demo-hospital", hashing: cheapHashing });
    await owner.end();
  },
};

/** A real PostgreSQL with the demo hospital of today, for one test file: the embedded one, or a hospital's own server. */
export async function startTestHospital(): Promise<TestHospital> {
  if (onCentralServer) return startCentralTestHospital();
  const cluster = await startTestCluster(demoTemplate);
  const owner = await connectOwner(cluster.owner);
  const workstation = { ...cluster.owner, user: "lamplight_app", password: workstationPassword };
  const database = openDatabase(workstation);
  return {
    cluster,
    workstation,
    owner: owner.query,
    database,
    close: async () => {
      await database.close();
      await owner.end();
      await cluster.dispose();
    },
  };
}

export const accountOf = (role: Role) => `demo_${role.toLowerCase()}`;

export interface SignedIn {
  readonly session: Session;
  readonly door: Door;
  /** How the session ended by the server's word, if it did. */
  readonly expired: () => boolean;
  call(name: string, input?: unknown, caller?: Partial<Caller>): ReturnType<Door["executeNamed"]>;
}

/** Signs a person in exactly as the app does, with the session, the tokens and the door of the app. */
export async function signedIn(
  hospital: TestHospital,
  username: string,
  password: string = demoPassword,
): Promise<SignedIn> {
  let expired = false;
  const session = new Session({
    database: hospital.database,
    clock: systemClock,
    tokens: await createAccessTokens(systemClock),
    workstation: { name: "test workstation", address: "127.0.0.1", appVersion: "0.0.0" },
    onClosed: () => undefined,
    onExpired: () => {
      expired = true;
    },
  });
  await session.signIn(username, password);
  const faults: unknown[] = [];
  const door = createDoor({
    session,
    database: hospital.database,
    clock: systemClock,
    logUnexpected: (where, error) => {
      faults.push(error);
      return `${where}: ${error instanceof Error ? error.message : String(error)}`;
    },
  });
  return {
    session,
    door,
    expired: () => expired,
    call: async (name, input = {}, caller = {}) =>
      door.executeNamed(name, input, {
        accessToken: caller.accessToken ?? (await session.accessToken()),
        audience: "client",
        // What is not offered to clients only a screen can ask for.
        via: isToolName(name) && !tools[name].offered ? "person" : "client",
        ...caller,
      }),
  };
}
