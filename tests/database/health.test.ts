import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock as clock } from "../../electron/clock";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, openDatabase } from "../../electron/database/pool";
import { createHealth, type HealthOptions } from "../../electron/health/health";
import { toolNode } from "../../scripts/lib/project.mjs";
import { type HealthReport, healthReportSchema } from "../../shared/workstation/health";
import { canRun, startCentralServer } from "../support/central-server";
import { cheapHashing, startTestHospital, type TestHospital, workstationPassword } from "../support/hospital";

const migrations = "resources/database/migrations";
const project = join(import.meta.dirname, "..", "..");

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());

const healthOf = (change: Partial<HealthOptions> = {}) =>
  createHealth({
    version: "0.2.0",
    clock,
    log: { unexpected: (where, error) => `${where} ${error instanceof Error ? error.message : ""}` },
    database: { kind: "embedded", encrypted: null, statement: hospital.database.statement },
    migrations,
    home: hospital.cluster.home,
    cluster: join(hospital.cluster.home, "postgres", "cluster"),
    model: undefined,
    fetch: () => Promise.reject(new Error("nobody may be asked")),
    updates: () => ({ state: "off", version: "0.2.0", offered: null, message: "Off.", feed: null, checkedAt: null }),
    ...change,
  });
const check = (report: HealthReport, name: string) => report.checks.find((one) => one.name === name);

test("a workstation with its own database is looked at whole", async () => {
  const report = healthReportSchema.parse(await healthOf().read());
  expect(check(report, "database")).toMatchObject({
    state: "good",
    figures: { place: "embedded", in_recovery: false },
  });
  const figures = check(report, "database")?.figures ?? {};
  expect(figures["database_bytes"]).toBeGreaterThan(1_000_000);
  expect(figures["connections"]).toBeGreaterThan(0);
  expect(figures["connections_allowed"]).toBeGreaterThan(Number(figures["connections"]));
  expect(String(figures["server_version"])).toMatch(/^18\./u);
  expect(check(report, "schema")).toMatchObject({ state: "good" });
  expect(check(report, "clock")).toMatchObject({ state: "good" });
  expect(check(report, "keys")).toMatchObject({
    state: "good",
    figures: { field_keys: 1, holders_without_newest_key: 0 },
  });
  expect(check(report, "disk")?.figures).toHaveProperty("database_free_bytes");
  expect([check(report, "outbox")?.state, check(report, "anchors")?.state]).toEqual(["not-checked", "not-checked"]);
});

test("the report names nobody: no person, no patient, no login", async () => {
  const text = JSON.stringify(await healthOf().read());
  const { rows } = await hospital.owner(
    "SELECT name FROM hospital.staff UNION SELECT username FROM hospital.staff UNION SELECT id FROM hospital.staff UNION SELECT rolname FROM pg_roles",
  );
  expect(rows.length).toBeGreaterThan(10);
  for (const { name } of rows) expect(text).not.toContain(String(name));
  expect(text).not.toContain(hospital.cluster.home);
});

test("the figures need nobody signed in and are the workstation's alone to ask", async () => {
  const { rows } = await hospital.owner(
    "SELECT rolname AS name FROM pg_roles WHERE NOT rolsuper AND rolname LIKE 'lamplight%' AND has_function_privilege(rolname, 'private.key_figures()', 'EXECUTE')",
  );
  expect(rows).toEqual([{ name: "lamplight_owner" }]);
  await expect(hospital.database.statement("SELECT private.key_figures()")).rejects.toMatchObject({
    failure: { code: "RBAC_DENIED" },
  });
});

test("a person who still waits for a new field key is counted, one who may not sign in is not", async () => {
  await hospital.owner("BEGIN; SET LOCAL ROLE lamplight_owner");
  try {
    const { rows: holders } = await hospital.owner(
      "SELECT DISTINCT staff_id FROM private.sealed_key WHERE purpose = 'fields' ORDER BY 1",
    );
    const [first, second] = holders.map((row) => String(row["staff_id"]));
    await hospital.owner(
      "INSERT INTO private.key_link (key_id, sealed_under, sealed) SELECT 'new', min(key_id), '\\x00' FROM private.sealed_key WHERE purpose = 'fields'",
    );
    const waiting = async () =>
      (await hospital.owner("SELECT private.key_figures() AS f")).rows[0]?.["f"] as Record<string, unknown>;
    expect(await waiting()).toMatchObject({ field_keys: 2, links: 1, without_newest: holders.length });
    expect((await waiting())["newest_since"]).not.toBeNull();
    await hospital.owner(
      "INSERT INTO private.sealed_key (staff_id, purpose, key_id, sealed) VALUES ($1, 'fields', 'new', '\\x00')",
      [first],
    );
    await hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE id = $1", [second]);
    expect(await waiting()).toMatchObject({
      field_key_holders: holders.length - 1,
      without_newest: holders.length - 2,
    });
  } finally {
    await hospital.owner("ROLLBACK");
  }
});

test("a newer database that still admits this version is a warning, one that does not is bad", async () => {
  const own = (folder: string) => healthOf({ migrations: folder }).read();
  const older = mkdtempSync(join(tmpdir(), "lamplight-older-"));
  writeFileSync(join(older, "0020_refresh.sql"), "");
  expect(check(await own(older), "schema")).toMatchObject({ state: "warning" });
  rmSync(join(older, "0020_refresh.sql"));
  writeFileSync(join(older, "0011_grants.sql"), "");
  expect(check(await own(older), "schema")).toMatchObject({
    state: "bad",
    message: expect.stringContaining("no longer admits"),
  });
  writeFileSync(join(older, "9999_later.sql"), "");
  expect(check(await own(older), "schema")).toMatchObject({
    state: "bad",
    message: expect.stringContaining("older than"),
  });
  rmSync(older, { recursive: true });
});

test("a workstation whose clock is wrong is told by how much", async () => {
  const wrong = { ...clock, now: () => new Date(clock.now().getTime() - 45_000) };
  const found = check(await healthOf({ clock: wrong }).read(), "clock");
  expect(found).toMatchObject({ state: "bad", message: expect.stringContaining("45.0 s behind") });
});

test("a login that is refused is said, and the rest of the report stands", async () => {
  const database = openDatabase({ ...hospital.workstation, password: "wrong" });
  const report = await healthOf({
    database: { kind: "central", encrypted: true, statement: database.statement },
  }).read();
  await database.close();
  expect(check(report, "database")).toMatchObject({ state: "bad", figures: { code: "DATABASE_REFUSED" } });
  expect(check(report, "disk")?.state).not.toBe("not-checked");
});

describe("lamplight-admin", () => {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-health-command-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const admin = (...words: string[]) => adminWith({}, "--home", hospital.cluster.home, ...words);
  const adminWith = (environment: Readonly<Record<string, string>>, ...words: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const { PATH = "" } = process.env;
      const tsx = join(project, "node_modules", "tsx", "dist", "cli.mjs");
      execFile(
        toolNode(),
        [tsx, "scripts/admin.ts", ...words],
        {
          cwd: project,
          env: {
            PATH,
            HOME: folder,
            npm_package_version: "0.2.0",
            OPENAI_API_KEY: "sk-planted-key-42",
            OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
            ...environment,
          },
        },
        (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
      );
    });
  beforeAll(() => {
    writeFileSync(
      join(hospital.cluster.home, "workstation-login.json"),
      JSON.stringify({ password: workstationPassword }),
      {
        mode: 0o600,
      },
    );
  });

  test("health tells a monitoring system all of it, and by the exit code whether somebody should look", async () => {
    const told = await admin("health", "--json");
    const report = healthReportSchema.parse(JSON.parse(told.out));
    expect(check(report, "database")).toMatchObject({ state: "good" });
    expect(check(report, "schema")).toMatchObject({ state: "good" });
    // Nobody listens where the model should be: that alone is not good.
    expect(report.checks.filter(({ state }) => state !== "good").map(({ name }) => name)).toEqual(
      expect.arrayContaining(["model", "outbox", "anchors"]),
    );
    expect(check(report, "model")).toMatchObject({
      state: "bad",
      message: expect.stringContaining("cannot be reached"),
    });
    expect(told.code).toBe(1);
    expect(told.err).toContain("Not all is good");
    expect(told.out).not.toContain("sk-planted");
    expect(existsSync(join(hospital.cluster.home, "postgres", "cluster", "postmaster.pid"))).toBe(true);
  });

  test("on IT's own machine, where no workstation is set up, it looks at the owner's server", async () => {
    const { host, port, user, password, database } = hospital.cluster.owner;
    const account = `${user}:${encodeURIComponent(password)}`;
    const url = `postgresql://${account}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
    const told = await adminWith({ LAMPLIGHT_OWNER_URL: url }, "health", "--json");
    const report = healthReportSchema.parse(JSON.parse(told.out));
    for (const name of ["database", "schema", "keys", "clock"])
      expect(check(report, name), name).toMatchObject({ state: "good" });
    expect(told.out + told.err).not.toContain(password);
  });

  test("health of a home folder that is not there says so and makes none", async () => {
    const missing = join(folder, "missing");
    const told = await admin("--home", missing, "health");
    expect(told.code).toBe(1);
    expect(told.out).toContain("There is no database in this home folder yet.");
    expect(existsSync(missing)).toBe(false);
  });

  test("diagnostics writes a bundle for its owner alone and never over a file", async () => {
    const file = join(folder, "bundle.zip");
    expect(await admin("diagnostics", file)).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const entries = Object.entries(unzipSync(readFileSync(file)));
    expect(entries.map(([name]) => name)).toContain("postgres.log");
    const whole = entries.map(([, bytes]) => strFromU8(bytes)).join("\n");
    expect(whole).not.toContain("sk-planted");
    expect(whole).not.toContain(hospital.cluster.home);
    expect(whole).not.toContain(workstationPassword);
    expect(whole).toContain("database system is ready to accept connections");
    const before = readFileSync(file);
    const again = await admin("diagnostics", file);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("already") });
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe.skipIf(!canRun(15))("PostgreSQL 15 of the system, prepared by an owner without superuser rights", () => {
  test("answers the same figures", async () => {
    const server = await startCentralServer(15);
    const superuser = { host: server.socket, port: 5432, user: "postgres", password: "", database: "postgres" };
    const master = await connectOwner(superuser);
    await master.query("CREATE ROLE hospital_it LOGIN CREATEROLE CREATEDB PASSWORD 'it'");
    await master.query("CREATE DATABASE lamplight_central OWNER hospital_it");
    await master.end();
    const central = { ...superuser, database: "lamplight_central" };
    const owner = await connectOwner({ ...central, user: "hospital_it", password: "it" });
    await migrate(owner.query, { folder: migrations, workstationPassword, hashing: cheapHashing });
    const database = openDatabase({ ...central, user: "lamplight_app", password: workstationPassword });
    const report = await healthOf({
      database: { kind: "central", encrypted: true, statement: database.statement },
      cluster: null,
    }).read();
    await database.close();
    await owner.end();
    await server.stop();
    expect(check(report, "database")).toMatchObject({ state: "good" });
    expect(String(check(report, "database")?.figures["server_version"])).toMatch(/^15\./u);
    expect(check(report, "schema")).toMatchObject({ state: "good" });
    // An empty hospital has no key yet.
    expect(check(report, "keys")).toMatchObject({ state: "warning", figures: { field_keys: 0 } });
    expect(check(report, "disk")?.figures).not.toHaveProperty("database_free_bytes");
  });
});
