import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate, SchemaRefused } from "../../electron/database/migrate";
import { connectOwner, type OwnerQuery, openDatabase } from "../../electron/database/pool";
import { permissionNames } from "../../shared/access/permissions";
import { announcements } from "../../shared/tools/announcements";
import { startTestCluster, type TestCluster } from "../support/cluster";
import { cheapHashing } from "../support/hospital";
import { cellOf, columns, tableTools } from "../support/product-table";

const original = "resources/database/migrations";
let cluster: TestCluster;
let folder: string;
const open: { end(): Promise<void> }[] = [];
let databases = 0;

beforeAll(async () => {
  cluster = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
});
afterAll(async () => {
  for (const connection of open) await connection.end();
  await cluster.dispose();
});

/** A database of its own on the server of this file, and a copy of the migrations that a test may change. */
async function emptyDatabase(): Promise<{ query: OwnerQuery; again: () => Promise<OwnerQuery>; name: string }> {
  databases += 1;
  const name = `hospital_${databases}`;
  const server = await connectOwner(cluster.owner);
  await server.query(`CREATE DATABASE ${name}`);
  await server.end();
  folder = mkdtempSync(join(tmpdir(), "lamplight-migrations-"));
  open.push({ end: async () => rmSync(folder, { recursive: true, force: true }) });
  cpSync(original, folder, { recursive: true });
  const again = async () => {
    const connection = await connectOwner({ ...cluster.owner, database: name });
    open.push(connection);
    return connection.query;
  };
  return { query: await again(), again, name };
}
const run = (query: OwnerQuery) =>
  migrate(query, { folder, workstationPassword: "a password for tests", hashing: cheapHashing });
const names = () =>
  readdirSync(original)
    .filter((name) => name.endsWith(".sql"))
    .sort();
const lastName = () => names().at(-1) as string;

test("an empty database gets every file in order, and a second run finds nothing to do", async () => {
  const { query } = await emptyDatabase();
  expect(await run(query)).toEqual(names());
  expect(await run(query)).toEqual([]);
  const { rows } = await query("SELECT api.schema_version() AS version");
  expect(rows).toEqual([{ version: lastName() }]);
});

test("a second hospital on the same server shares the roles and nothing else", async () => {
  const { query, name } = await emptyDatabase();
  await run(query);
  const workstation = openDatabase({
    ...cluster.owner,
    database: name,
    user: "lamplight_app",
    password: "a password for tests",
  });
  expect(await workstation.statement("SELECT * FROM api.installation_status()")).toEqual([
    { loaded: false, demo: false },
  ]);
  await workstation.close();
  const { rows: ids } = await query("SELECT id, inner_pad FROM private.installation");
  const { query: other } = await emptyDatabase();
  await run(other);
  expect((await other("SELECT id, inner_pad FROM private.installation")).rows).not.toEqual(ids);
});

test("an applied file that was edited since is refused by its name, and nothing is changed", async () => {
  const { query } = await emptyDatabase();
  await run(query);
  appendFileSync(join(folder, "0003_patients.sql"), "\n-- a comment\n");
  writeFileSync(join(folder, "9998_more.sql"), "CREATE TABLE hospital.more (x int);");
  await expect(run(query)).rejects.toThrow(SchemaRefused);
  await expect(run(query)).rejects.toThrow(/0003_patients\.sql/);
  expect((await query("SELECT to_regclass('hospital.more') AS more")).rows).toEqual([{ more: null }]);
});

test("a schema of a newer version is refused with advice", async () => {
  const { query } = await emptyDatabase();
  writeFileSync(join(folder, "9999_later.sql"), "SELECT 1;");
  await run(query);
  rmSync(join(folder, "9999_later.sql"));
  await expect(run(query)).rejects.toThrow(
    "The database is newer than this version: it has 9999_later.sql. Update Lamplight.",
  );
});

test("a migration that fails half-way leaves its half undone, keeps those before it, and can be run again mended", async () => {
  const { query } = await emptyDatabase();
  await run(query);
  const bad = join(folder, "9990_broken.sql");
  writeFileSync(
    join(folder, "9980_fine.sql"),
    "SET ROLE lamplight_owner; CREATE TABLE hospital.fine (x int); RESET ROLE;",
  );
  writeFileSync(
    bad,
    "SET ROLE lamplight_owner; CREATE TABLE hospital.half (x int); INSERT INTO hospital.ward VALUES ('1','2','3'); SELECT 1/0;",
  );
  await expect(run(query)).rejects.toMatchObject({ code: "22012" });
  const { rows } = await query(
    "SELECT to_regclass('hospital.half') AS half, to_regclass('hospital.fine') IS NOT NULL AS fine, (SELECT count(*)::int FROM hospital.ward) AS wards, current_user = session_user AS own",
  );
  expect(rows).toEqual([{ half: null, fine: true, wards: 0, own: true }]);
  writeFileSync(bad, "SET ROLE lamplight_owner; CREATE TABLE hospital.half (x int); RESET ROLE;");
  expect(await run(query)).toEqual(["9990_broken.sql"]);
});

test("four workstations that start at once migrate once", async () => {
  const { again } = await emptyDatabase();
  const runs = await Promise.all(Array.from({ length: 4 }, async () => run(await again())));
  expect(runs.map((applied) => applied.length).sort((a, b) => a - b)).toEqual([0, 0, 0, names().length]);
});

test("a folder without migrations is refused instead of taken for an up-to-date schema", async () => {
  const { query } = await emptyDatabase();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  await expect(run(query)).rejects.toThrow(SchemaRefused);
});

test("each run refills what the policies read from the one table, whatever stood there", async () => {
  const { query } = await emptyDatabase();
  await run(query);
  await query(`INSERT INTO private.role_permission VALUES ('Nurse', 'audit.read', 'all');
    UPDATE private.role_permission SET reach = 'all' WHERE role = 'Nurse';
    UPDATE private.tool SET discloses = '{identity.read}', permission = 'overview.read';
    INSERT INTO private.tool VALUES ('get_everything', 'overview.read', 'hospital', 'ACCESS', '{records.read}');
    DELETE FROM private.role_permission WHERE role = 'Doctor'; DELETE FROM private.tool WHERE name = 'get_allergies'`);
  expect(await run(query)).toEqual([]);
  const { rows: tools } = await query(
    "SELECT name, permission, scope, audit, discloses FROM private.tool ORDER BY name",
  );
  expect(tools).toEqual(
    [...announcements]
      .map(({ name, permission, scope, audit, discloses }) => ({
        name,
        permission,
        scope,
        audit,
        discloses: [...discloses],
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  const { rows } = await query(
    "SELECT p.role, t.name AS tool, p.reach FROM private.role_permission p JOIN private.tool t ON t.permission = p.permission",
  );
  const reach = (role: string, tool: string) =>
    rows.find((row) => row["role"] === role && row["tool"] === tool)?.["reach"];
  for (const role of columns)
    for (const tool of tableTools)
      expect(reach(role, tool) ?? "denied", `${role} ${tool}`).toBe(
        cellOf(role, tool).replace("care team", "care-team"),
      );
  const known = await query("SELECT DISTINCT permission FROM private.role_permission");
  for (const row of known.rows) expect(permissionNames).toContain(row["permission"]);
});
