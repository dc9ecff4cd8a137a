import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, type OwnerQuery } from "../../electron/database/pool";
import { whyUnfit } from "../../electron/hospital/schema-state";
import { type HospitalServer, itLogin, startHospitalServer } from "../support/central/hospital-server";
import type { PgBouncer } from "../support/central/pgbouncer";
import { describeCentral } from "../support/central/unless";
import { startWorker, startWorkstation } from "../support/central/workstation";

const original = "resources/database/migrations";
const own = String(
  readdirSync(original)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .at(-1),
).slice(0, 4);

test.each([
  ["the same", "0012", { version: "0012", oldestApp: "0012" }, null],
  ["a newer one that still takes this app", "0012", { version: "0015", oldestApp: "0012" }, null],
  [
    "a newer one that takes no older app",
    "0012",
    { version: "0015", oldestApp: "0013" },
    /too old for the hospital's database/u,
  ],
  [
    "an older one",
    "0013",
    { version: "0012", oldestApp: "0012" },
    /older than this version of Lamplight: it has schema 0012/u,
  ],
  ["one of the first releases", "0012", { version: "0011", oldestApp: "0011" }, /older than this version/u],
  ["none at all", "0012", null, /holds no Lamplight schema/u],
  ["one that makes no sense", "0012", { version: "x", oldestApp: "" }, /does not say which versions/u],
])("an app meets %s", (_, app, state, why) => {
  if (why === null) expect(whyUnfit(app, state)).toBeNull();
  else expect(whyUnfit(app, state)).toMatch(why);
});

describeCentral("while a rollout lasts", () => {
  let server: HospitalServer;
  let bouncer: PgBouncer;
  let folder: string;
  let owner: { query: OwnerQuery; end(): Promise<void> };
  beforeAll(async () => {
    server = await startHospitalServer();
    bouncer = await server.bouncer();
    // IT's way in through the shipped PgBouncer: migrations keep a lock and a role over several transactions.
    owner = await connectOwner({ ...server.workstation(bouncer.port), ...itLogin, database: "lamplight_it" });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lamplight-migrations-"));
    cpSync(original, folder, { recursive: true });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await owner.query("DELETE FROM migrations.applied WHERE name > '9'");
  });
  afterAll(async () => {
    await owner?.end();
    await bouncer?.stop();
    await server?.dispose();
  });
  const add = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const migrateNow = () => migrate(owner.query, { folder });

  test("the database says which apps may work with it, to the workstation's login too", async () => {
    const ask = async () => (await owner.query("SELECT version, oldest_app FROM api.schema_state()")).rows[0];
    expect(await ask()).toMatchObject({ oldest_app: expect.stringMatching(/^\d{4}$/u) });
    add("9001_more.sql", "SELECT 1;");
    await migrateNow();
    expect(await ask()).toMatchObject({ version: "9001_more.sql", oldest_app: expect.not.stringMatching(/^9/u) });
    add("9002_breaks.sql", "-- oldest app: 9002\nSELECT 1;");
    await migrateNow();
    expect(await ask()).toEqual({ version: "9002_breaks.sql", oldest_app: "9002" });
  });

  test("an expanded database serves this version and the next side by side, with its people at work", async () => {
    const old = startWorkstation(server.workstation(bouncer.port));
    await old.until("ready");
    const nurse = await old.signIn("demo_nurse");
    const worker = await startWorker(old, nurse, "FCE57");
    add(
      "9001_more.sql",
      "SET ROLE lamplight_owner; ALTER TABLE hospital.ward ADD COLUMN IF NOT EXISTS more text; RESET ROLE;",
    );
    const newer = startWorkstation(server.workstation(bouncer.port), { migrations: folder });
    // The workstations of the new version come too early: they wait for the database.
    await newer.until("unavailable");
    expect(newer.hospital.status.message).toContain("is older than this version");
    await migrateNow();
    await newer.until("ready");
    const doctor = await newer.signIn("demo_doctor");
    expect(await doctor.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
    const before = worker.reads;
    await expect.poll(() => worker.reads).toBeGreaterThan(before + 5);
    await worker.stop();
    expect([...worker.refusals.keys()]).toEqual([]);
    await Promise.all([old.stop(), newer.stop()]);
  });

  test("a database that was contracted under people's hands is let go; every call is refused; a fitting one is taken up again", async () => {
    const workstation = startWorkstation(server.workstation(bouncer.port), { lookEvery: 500 });
    await workstation.until("ready");
    const nurse = await workstation.signIn("demo_nurse");
    add("9003_breaks.sql", "-- oldest app: 9003\nSELECT 1;");
    await migrateNow();
    const written = async () =>
      Number((await owner.query("SELECT count(*) AS n FROM private.audit_entry")).rows[0]?.["n"]);
    await workstation.until("unavailable");
    const before = await written();
    expect(workstation.hospital.status.reason).toBe("SCHEMA_MISMATCH");
    expect(workstation.hospital.status.message).toContain(`built for schema ${own}, the database needs 9003 or later`);
    for (const tool of ["get_vital_signs", "get_medications"])
      expect(await nurse.call(tool, { patient_id: "FCE57" })).toMatchObject({
        ok: false,
        failure: { code: "SCHEMA_MISMATCH" },
      });
    await expect(nurse.session.heartbeat()).resolves.toBeUndefined();
    expect(await written()).toBe(before);
    expect(nurse.expired()).toBe(false);

    await owner.query("DELETE FROM migrations.applied WHERE name LIKE '9003%'");
    await workstation.until("ready");
    expect(workstation.hospital.status.reason).toBeUndefined();
    expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
    await workstation.stop();
  });
  test("a tool that the new version gave up stays announceable while an older version may work here, and no longer", async () => {
    const tools = async () => (await owner.query("SELECT name FROM private.tool")).rows.map((row) => row["name"]);
    await owner.query("SET ROLE lamplight_owner");
    await owner.query(
      "INSERT INTO private.tool VALUES ('given_up', 'overview.read', 'own', 'ACCESS', '{}', $1), ('planted', 'overview.read', 'own', 'ACCESS', '{}', NULL)",
      [own],
    );
    await owner.query("RESET ROLE");
    add("9001_more.sql", "SELECT 1;");
    await migrateNow();
    expect(await tools()).toContain("given_up");
    expect(await tools()).not.toContain("planted");
    add("9002_breaks.sql", "-- oldest app: 9002\nSELECT 1;");
    await migrateNow();
    expect(await tools()).not.toContain("given_up");
  });
});
