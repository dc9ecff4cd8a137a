import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BackupKey } from "../../electron/backup/header";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, type OwnerQuery, openDatabase } from "../../electron/database/pool";
import { createChatRecords } from "../../electron/records/chats";
import type { Role } from "../../shared/access/roles";
import { everyRow, migrationsFolder, restoreFrom } from "../support/backup";
import { startTestCluster, type TestCluster } from "../support/cluster";
import { accountOf, type SignedIn, signedIn, type TestHospital, workstationPassword } from "../support/hospital";
import { columns } from "../support/product-table";
import { releaseFixtures } from "../support/release-fixture";

type Tables = Record<string, Record<string, unknown>[]>;
const parsed = (rows: Record<string, string[]>): Tables =>
  Object.fromEntries(
    Object.entries(rows).map(([table, texts]) => [
      table,
      texts.map((text) => JSON.parse(text) as Record<string, unknown>),
    ]),
  );
/** Filled from this version's own declarations at each migration run, not a hospital's data. */
const derived = new Set(["private.role_permission", "private.tool", "private.audit_action"]);

/** The row without the columns that later migrations added. */
function asBefore(row: Record<string, unknown>, columnsThen: readonly string[]): string {
  return JSON.stringify(columnsThen.map((column) => row[column]));
}

test("every released schema has its fixture", () => {
  expect(releaseFixtures().map(({ fixture }) => fixture.version)).toEqual(expect.arrayContaining(["0.1.0", "0.2.0"]));
});

describe.each(releaseFixtures().map(({ fixture, backup }) => [fixture.version, fixture, backup] as const))(
  "a hospital of version %s",
  (_, fixture, backup) => {
    const key: BackupKey = { kind: "passphrase", passphrase: fixture.passphrase };
    let cluster: TestCluster;
    let owner: { query: OwnerQuery; end(): Promise<void> };
    let hospital: TestHospital;
    let before: Tables;
    let after: Tables;

    beforeAll(async () => {
      cluster = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
      owner = await connectOwner(cluster.owner);
      await restoreFrom(backup, cluster.owner, { key, asItWas: true });
      before = parsed(await everyRow(owner.query));
      const { rows } = await owner.query("SELECT name FROM migrations.applied ORDER BY name");
      expect(rows.map((row) => row["name"])).toEqual(fixture.migrations.map(({ name }) => name));
      await migrate(owner.query, { folder: migrationsFolder, workstationPassword });
      after = parsed(await everyRow(owner.query));
      const workstation = { ...cluster.owner, user: "lamplight_app", password: workstationPassword };
      hospital = {
        cluster,
        workstation,
        owner: owner.query,
        database: openDatabase(workstation),
        close: async () => undefined,
      };
    });
    afterAll(async () => {
      await hospital.database.close();
      await owner.end();
      await cluster.dispose();
    });

    test("its migration files are the same today, byte for byte", () => {
      for (const { name, sha256 } of fixture.migrations)
        expect(
          createHash("sha256")
            .update(readFileSync(join(migrationsFolder, name)))
            .digest("hex"),
          name,
        ).toBe(sha256);
    });

    test("it held a hospital at work: every kind of row that is kept is there to be lost", () => {
      const filled = Object.keys(before).filter((table) => (before[table] ?? []).length > 0);
      for (const table of [
        "patient",
        "patient_identity",
        "admission",
        "placement",
        "vital_signs",
        "chat",
        "chat_message",
      ])
        expect(filled).toContain(`hospital.${table}`);
      expect(before["private.audit_entry"]?.length).toBeGreaterThan(50);
      expect(before["hospital.patient"]?.length).toBeGreaterThan(20);
    });

    test("every row of every table is kept as it was; columns may have been added", () => {
      for (const [table, rows] of Object.entries(before)) {
        if (derived.has(table)) continue;
        const columnsThen = Object.keys(rows[0] ?? {});
        expect((after[table] ?? []).map((row) => asBefore(row, columnsThen)).sort(), table).toEqual(
          rows.map((row) => asBefore(row, columnsThen)).sort(),
        );
      }
      expect(after["private.audit_action"]).toEqual(expect.arrayContaining(before["private.audit_action"] ?? []));
    });

    test("a restore that migrates at once comes to the same", async () => {
      const other = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
      const query = await connectOwner(other.owner);
      const done = await restoreFrom(backup, other.owner, { key });
      expect(done.migrated.length).toBeGreaterThan(0);
      const rows = parsed(await everyRow(query.query));
      // The moments of the restore itself differ, and what a migration invents for each installation.
      for (const table of Object.keys(rows).filter(
        (name) => name.startsWith("hospital.") || name === "private.credential",
      ))
        expect(rows[table], table).toEqual(after[table]);
      await query.end();
      await other.dispose();
    });

    async function asRole(role: Role): Promise<SignedIn> {
      return signedIn(hospital, accountOf(role));
    }

    test.each(columns)("a %s signs in", async (role) => {
      expect((await asRole(role)).session.databaseToken()).toMatch(/^[0-9a-f]{64}$/u);
    });

    test("the nurse reads her patient's chart", async () => {
      const nurse = await asRole("Nurse");
      for (const tool of ["get_patient_overview", "get_vital_signs", "get_medications", "get_allergies"])
        expect(await nurse.call(tool, { patient_id: "FCE57" }), tool).toMatchObject({ ok: true });
    });

    test("her chat opens with the words of then", async () => {
      const person = await signedIn(hospital, fixture.chat.username);
      const { chat, messages } = await createChatRecords(hospital.database, person.session).open(fixture.chat.id);
      expect(chat.title).toBe(fixture.chat.title);
      expect(messages.map((message) => message.text)).toEqual(fixture.chat.messages);
    });

    test("identity data opens with the values of then", async () => {
      const admin = await asRole("Admin");
      for (const { patient, ssn, dateOfBirth } of fixture.identity)
        expect(await admin.call("get_patient_phi", { patient_id: patient })).toMatchObject({
          ok: true,
          value: { ssn, date_of_birth: dateOfBirth },
        });
    });

    test("the audit verifies, and was continued", async () => {
      const auditor = await asRole("Auditor");
      const verdict = await auditor.call("verify_audit_chain", {}, { via: "person" });
      expect(verdict).toMatchObject({ ok: true, value: { intact: true } });
      const actions = new Set((after["private.audit_entry"] ?? []).map((entry) => entry["action"]));
      for (const action of ["HOSPITAL_LOADED", "LOGIN", "PATIENT_IMPORTED", "PATIENT_ADMITTED", "BACKUP", "RESTORE"])
        expect(actions).toContain(action);
    });
  },
);
