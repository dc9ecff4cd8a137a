import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionSettings } from "../../electron/database/pool";
import { Hospital } from "../../electron/hospital/hospital";
import { startTestHospital, type TestHospital } from "../support/hospital";

let central: TestHospital;
beforeAll(async () => {
  central = await startTestHospital();
});
afterAll(() => central.close());

const quiet = { info: () => undefined, unexpected: () => "reference" };
const migrations = "resources/database/migrations";

/** Joins a central database as the app does, until its first verdict. */
async function joinCentral(settings: ConnectionSettings, folder = migrations) {
  let verdict: (() => void) | undefined;
  const decided = new Promise<void>((resolve) => {
    verdict = resolve;
  });
  const hospital: Hospital = new Hospital({
    home: "/nowhere",
    migrations: folder,
    central: { ...settings, ssl: undefined },
    loadDemoUnasked: true,
    loadDemo: async () => expect.unreachable("a central database is never filled by a workstation"),
    onStatus: () => {
      if (hospital.status.phase !== "starting") verdict?.();
    },
    log: quiet,
  });
  void hospital.start();
  await decided;
  const { status } = hospital;
  await hospital.stop();
  return status;
}

test("the workstation's login joins the hospital's database", async () => {
  expect(await joinCentral(central.workstation)).toEqual({
    phase: "ready",
    message: null,
    demo: true,
    database: "central",
  });
});

test("an owner or superuser is refused, because no row policy would hold for it", async () => {
  const status = await joinCentral(central.cluster.owner);
  expect(status.phase).toBe("unavailable");
  expect(status.message).toContain("owner or superuser");
});

test("a wrong password of the login is told from a database that is away", async () => {
  const refused = await joinCentral({ ...central.workstation, password: "wrong" });
  expect(refused.message).toContain("refused this workstation's login");
  const away = await joinCentral({ ...central.workstation, host: "/nowhere/at/all" });
  expect(away.message).toContain("does not answer");
});

test("a schema of another version is neither read nor written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-migrations-"));
  cpSync(migrations, folder, { recursive: true });
  writeFileSync(join(folder, "9999_later.sql"), "SELECT 1;");
  const status = await joinCentral(central.workstation, folder);
  rmSync(folder, { recursive: true });
  expect(status.phase).toBe("unavailable");
  expect(status.message).toContain("this version needs 9999");
});

test("a page that cannot hear how far it is does not keep the workstation from its database", async () => {
  const hospital = new Hospital({
    home: "/nowhere",
    migrations,
    central: { ...central.workstation, ssl: undefined },
    loadDemoUnasked: false,
    loadDemo: async () => undefined,
    onStatus: () => {
      throw new Error("the page is gone");
    },
    log: quiet,
  });
  await hospital.start();
  expect(hospital.status.phase).toBe("ready");
  await hospital.stop();
});
