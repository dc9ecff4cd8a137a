import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import { migrate } from "../../electron/database/migrate";
import { type ConnectionSettings, connectOwner, type OwnerQuery, openDatabase } from "../../electron/database/pool";
import { loadDemoHospital } from "../../electron/demo-hospital/load-demo-hospital";
import { Hospital } from "../../electron/hospital/hospital";
import { canRun, startCentralServer } from "../support/central-server";
import { startTestCluster } from "../support/cluster";
import { announceAndRead, connectDirectly, signInDirectly } from "../support/direct";
import { cheapHashing, type TestHospital } from "../support/hospital";

/**
 * A central server is prepared by an owner who is no superuser: may create roles and databases, owns the hospital's
 * database. The embedded release is one such server, Debian's own PostgreSQL another where it is installed.
 */
interface Server {
  readonly superuser: ConnectionSettings;
  stop(): Promise<unknown>;
}
async function embeddedRelease(): Promise<Server> {
  const cluster = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
  return { superuser: cluster.owner, stop: () => cluster.dispose() };
}
async function systemRelease(): Promise<Server> {
  const server = await startCentralServer(15);
  return {
    superuser: { host: server.socket, port: 5432, user: "postgres", password: "", database: "postgres" },
    stop: () => server.stop(),
  };
}
const releases: Readonly<Record<string, () => Promise<Server>>> = {
  "PostgreSQL as embedded": embeddedRelease,
  ...(canRun(15) ? { "PostgreSQL 15 of the system": systemRelease } : {}),
};
const workstationPassword = "a workstation's password, made for tests";
const folder = "resources/database/migrations";

describe.each(Object.entries(releases))("%s", (_, start) => {
  let server: Server;
  let owner: { query: OwnerQuery; end(): Promise<void> };
  let hospital: TestHospital;

  beforeAll(async () => {
    server = await start();
    const superuser = await connectOwner(server.superuser);
    await superuser.query("CREATE ROLE hospital_it LOGIN CREATEROLE CREATEDB PASSWORD 'it'");
    await superuser.query("CREATE DATABASE lamplight_central OWNER hospital_it");
    await superuser.end();
    const central = { ...server.superuser, database: "lamplight_central" };
    owner = await connectOwner({ ...central, user: "hospital_it", password: "it" });
    const workstation = { ...central, user: "lamplight_app", password: workstationPassword };
    hospital = { workstation, owner: owner.query, database: openDatabase(workstation) } as TestHospital;
  });
  afterAll(async () => {
    await hospital.database.close();
    await owner.end();
    await server.stop();
  });

  test("an owner without superuser rights prepares it, and again without effect", async () => {
    const prepare = () => migrate(owner.query, { folder, workstationPassword, hashing: cheapHashing });
    expect((await prepare()).length).toBeGreaterThan(10);
    expect(await prepare()).toEqual([]);
    expect(
      await loadDemoHospital({ owner, clock: systemClock, folder: "resources/demo-hospital", hashing: cheapHashing }),
    ).toEqual({ loaded: true });
    expect(
      await loadDemoHospital({ owner, clock: systemClock, folder: "resources/demo-hospital", hashing: cheapHashing }),
    ).toEqual({ loaded: false });
  });

  test("a nurse signs in there, reads her patient, and nothing of anybody else's", async () => {
    const direct = await connectDirectly(hospital);
    const nurse = await signInDirectly(direct, "demo_nurse");
    const rows = await announceAndRead(
      direct,
      nurse.token,
      "get_vital_signs",
      { patient: "FCE57" },
      "SELECT DISTINCT patient_id FROM api.vital_signs",
    );
    expect(rows).toHaveLength(1);
    expect(await direct.rows("SELECT * FROM api.vital_signs")).toEqual([]);
    for (const attempt of [
      "SELECT * FROM hospital.patient",
      "SET ROLE lamplight_owner",
      "CREATE TEMP TABLE t (x int)",
      "CREATE TABLE public.t (x int)",
      "SET ROLE hospital_it",
    ])
      expect(await direct.refusal(attempt), attempt).toBe("42501");
    await direct.end();
  });

  test("the audit verifies there, and an announcement cannot be prepared away", async () => {
    const direct = await connectDirectly(hospital);
    const auditor = await signInDirectly(direct, "demo_auditor");
    const [verdict] = await announceAndRead(
      direct,
      auditor.token,
      "verify_audit_chain",
      {},
      "SELECT faults FROM api.verify_audit()",
    );
    expect(verdict).toEqual({ faults: [] });
    await direct.rows("BEGIN");
    const [said] = await direct.rows(
      "SELECT announcement FROM api.announce($1, 'get_vital_signs', '{\"patient\": \"FCE57\"}')",
      [auditor.token],
    );
    await direct.refusal("PREPARE TRANSACTION 'between'");
    expect(await direct.refusal("SELECT api.open_request($1, $2)", [auditor.token, said?.["announcement"]])).toBe(
      "28000",
    );
    await direct.refusal("ROLLBACK PREPARED 'between'");
    await direct.end();
  });

  test("a workstation joins with its own login, and refuses the owner's or a superuser's", async () => {
    const join = async (settings: ConnectionSettings) => {
      let told = "";
      const office = new Hospital({
        home: "unused",
        migrations: folder,
        central: { ...settings, ssl: undefined },
        loadDemoUnasked: false,
        loadDemo: async () => undefined,
        onStatus: () => {
          told = `${office.status.phase} ${office.status.message ?? ""}`;
          if (office.status.phase !== "starting") void office.stop();
        },
        log: { info: () => undefined, unexpected: () => "reference" },
      });
      await office.start();
      return told;
    };
    expect(await join(hospital.workstation)).toMatch(/^ready/);
    for (const login of [{ user: "hospital_it", password: "it" }, server.superuser])
      expect(await join({ ...hospital.workstation, user: login.user, password: login.password })).toMatch(
        /^unavailable The database login is an owner or superuser/,
      );
  });
});
