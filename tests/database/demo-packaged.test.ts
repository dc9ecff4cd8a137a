import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, type Database, openDatabase } from "../../electron/database/pool";
import { type DemoAccounts, readDemoAccounts } from "../../electron/demo-hospital/accounts";
import { loadDemoHospital } from "../../electron/demo-hospital/load-demo-hospital";
import { Session } from "../../electron/session/session";
import { createAccessTokens } from "../../electron/session/token";
import { startTestCluster, type TestCluster } from "../support/cluster";
import { demoPassword } from "../support/demo-password";
import { workstationPassword } from "../support/hospital";

/** The demo hospital as an installed app loads it: with real derivation, and from files that hold no password. */
const hashing = { memoryKib: 65_536, iterations: 3, parallelism: 1 };
const empty = {
  version: "no hospital, real derivation",
  from: ["resources/database/migrations", "shared/access", "shared/tools", "electron/database/migrate.ts"],
  prepare: async (connection: Parameters<typeof connectOwner>[0]) => {
    const owner = await connectOwner(connection);
    await migrate(owner.query, { folder: "resources/database/migrations", workstationPassword, hashing });
    await owner.end();
  },
};
let packaged: string;
let cluster: TestCluster;
let database: Database;
let accounts: DemoAccounts;
let session: Session;
beforeAll(async () => {
  packaged = mkdtempSync(join(tmpdir(), "lamplight-packaged-"));
  const folder = join(packaged, "demo-hospital");
  cpSync("resources/demo-hospital", folder, { recursive: true });
  accounts = await readDemoAccounts(folder);
  cluster = await startTestCluster(empty);
  const owner = await connectOwner(cluster.owner);
  await loadDemoHospital({ owner, clock: systemClock, folder, hashing });
  await owner.end();
  database = openDatabase({ ...cluster.owner, user: "lamplight_app", password: workstationPassword });
  session = new Session({
    database,
    clock: systemClock,
    tokens: await createAccessTokens(systemClock),
    workstation: { name: "test workstation", address: "127.0.0.1", appVersion: "0.0.0" },
    onClosed: () => undefined,
    onExpired: () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await cluster.dispose();
  rmSync(packaged, { recursive: true, force: true });
});

test("one press on each account signs in, and the public password that somebody types opens the same account", async () => {
  const rows = await database.statement("SELECT username, role FROM api.demo_accounts() ORDER BY role");
  expect(rows).toHaveLength(6);
  for (const { username, role } of rows) {
    expect(await session.signIn(String(username), accounts.keysFor), String(username)).toEqual({ step: "done" });
    expect(session.person()).toMatchObject({ username, role });
    // Identity data opens for exactly those whose role may see some of it.
    expect(session.fieldKey() !== undefined, String(role)).toBe(!["Nurse", "Reception"].includes(String(role)));
    session.lock("person");
    await session.unlock(demoPassword);
    await session.signOut();
    await expect(session.signIn(String(username), `${demoPassword}x`)).rejects.toMatchObject({
      failure: { code: "SIGN_IN_FAILED" },
    });
    expect(await session.signIn(String(username), demoPassword)).toEqual({ step: "done" });
    await session.signOut();
  }
});
