import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConnectionSettings, connectOwner, type OwnerQuery, openDatabase } from "../../electron/database/pool";
import { setWorkstationPassword } from "../../electron/database/workstation-login";
import { backUpTo, everyRow, restoreFrom, temporaryFolder } from "../support/backup";
import { canRun, startCentralServer } from "../support/central-server";
import { startTestCluster } from "../support/cluster";
import { signedIn, startTestHospital, type TestHospital, workstationPassword } from "../support/hospital";

/**
 * From a machine's own database to a central server whose owner is no superuser, and back. The embedded release is one such
 * server, Debian's own PostgreSQL another where it is installed.
 */
interface Server {
  readonly superuser: ConnectionSettings;
  stop(): Promise<unknown>;
}
const empty = { version: "an empty server", from: [], prepare: async () => undefined };
const releases: Readonly<Record<string, () => Promise<Server>>> = {
  "PostgreSQL as embedded": async () => {
    const cluster = await startTestCluster(empty);
    return { superuser: cluster.owner, stop: () => cluster.dispose() };
  },
  ...(canRun(15)
    ? {
        "PostgreSQL 15 of the system": async () => {
          const server = await startCentralServer(15);
          const superuser = { host: server.socket, port: 5432, user: "postgres", password: "", database: "postgres" };
          return { superuser, stop: () => server.stop() };
        },
      }
    : {}),
};

const folder = temporaryFolder();
let source: TestHospital;
beforeAll(async () => {
  source = await startTestHospital();
  const nurse = await signedIn(source, "demo_nurse");
  await nurse.call("get_vital_signs", { patient_id: "FCE57" });
  // Numbers and moments whose text differs between settings, and names that collations order differently.
  await source.owner(
    "ALTER ROLE CURRENT_USER SET TimeZone = 'Asia/Kathmandu'; ALTER ROLE CURRENT_USER SET DateStyle = 'German, DMY'",
  );
  await source.owner(
    `INSERT INTO hospital.observation (id, patient_id, category, code, code_system, display, value, measured_at)
     SELECT gen_random_uuid(), id, 'other', 'x', 'y', 'Ångström ß İ', v, '1999-12-31 23:59:59.999999+05:45' FROM (SELECT id FROM hospital.patient WHERE patient_number <> 'FCE57' ORDER BY id LIMIT 1) p,
       unnest(ARRAY[0.1, 1e-300, 12345678901234.567, 'NaN', '-Infinity']::float8[]) v`,
  );
});
afterAll(async () => {
  await source.close();
  folder.remove();
});

describe.each(Object.entries(releases))("%s", (name, start) => {
  const there = join(folder.path, `to ${name}.backup`);
  const back = join(folder.path, `from ${name}.backup`);
  let server: Server;
  let central: ConnectionSettings;
  let owner: { query: OwnerQuery; end(): Promise<void> };

  beforeAll(async () => {
    server = await start();
    const superuser = await connectOwner(server.superuser);
    await superuser.query("CREATE ROLE hospital_it LOGIN CREATEROLE CREATEDB PASSWORD 'it'");
    await superuser.query("CREATE DATABASE lamplight_central OWNER hospital_it");
    await superuser.end();
    central = { ...server.superuser, user: "hospital_it", password: "it", database: "lamplight_central" };
    owner = await connectOwner(central);
  });
  afterAll(async () => {
    await owner.end();
    await server.stop();
  });

  test("an owner without superuser rights restores into it, row by row", async () => {
    await backUpTo(source.cluster.owner, there);
    const before = await everyRow(source.owner);
    await restoreFrom(there, central);
    await owner.query("SET ROLE lamplight_owner");
    const after = await everyRow(owner.query);
    await owner.query("RESET ROLE");
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const table of Object.keys(before).filter(
      (key) => !/audit_|session|refresh_token|announcement|sign_in_attempt/u.test(key),
    ))
      expect(after[table], table).toEqual(before[table]);
  });

  test("a nurse signs in there and reads her patient's chart, and nothing more", async () => {
    await setWorkstationPassword(owner.query, workstationPassword);
    const database = openDatabase({ ...central, user: "lamplight_app", password: workstationPassword });
    const nurse = await signedIn({ ...source, database }, "demo_nurse");
    expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
    await expect(database.statement("SELECT * FROM hospital.patient")).rejects.toThrow();
    expect(await database.statement("SELECT * FROM api.vital_signs")).toEqual([]);
    await database.close();
  });

  test("the same owner backs it up, and it goes back to a machine's own database", async () => {
    await backUpTo(central, back);
    await owner.query("SET ROLE lamplight_owner");
    const before = await everyRow(owner.query);
    await owner.query("RESET ROLE");
    const machine = await startTestCluster(empty);
    const done = await restoreFrom(back, machine.owner);
    expect(done.sessionsEnded).toBeGreaterThan(0);
    const query = await connectOwner(machine.owner);
    const after = await everyRow(query.query);
    for (const table of Object.keys(before).filter(
      (key) => !/audit_|session|refresh_token|announcement|sign_in_attempt/u.test(key),
    ))
      expect(after[table], table).toEqual(before[table]);
    await query.end();
    await machine.dispose();
  });
});
