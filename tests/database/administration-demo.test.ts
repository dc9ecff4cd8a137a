import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptTables } from "../../electron/administration/remove-demo";
import { admin } from "../support/admin-desk";
import { type OwnersServer, releases } from "../support/owners-server";

/** The demo hospital comes and goes, and its field key is changed, all by an owner who is no superuser. */
describe.each(releases)("%s", (_, start) => {
  let server: OwnersServer;
  let demo: Record<string, string>;
  const content = "50 patients (0 of them entered here), 20 staff, 1 chats, 0 open sessions";
  beforeAll(async () => {
    server = await start();
    demo = await server.newDatabase("demo");
    await admin(["schema"], demo);
  });
  afterAll(() => server.stop());
  const count = (text: string) => server.ask<Record<string, number>>("demo", text).then(([row]) => row);

  test("is loaded once", async () => {
    expect((await admin(["demo", "load"], demo)).out).toContain("Loaded the demo hospital.");
    expect(await admin(["demo", "load"], demo)).toMatchObject({
      code: 1,
      error: expect.stringContaining("there already"),
    });
    expect(await admin(["first-admin", "--username", "other", "--name", "Roe, Robin"], demo)).toMatchObject({
      code: 1,
      error: expect.stringContaining("demo remove"),
    });
  });

  test("its field key is rotated and retired by the same owner", async () => {
    const words = ["keys", "rotate", "fields", "--user", "demo_auditor", "--json"];
    const { code, out } = await admin(words, { ...demo, LAMPLIGHT_PASSWORD: "DemoPass123!" });
    expect([code, JSON.parse(out)]).toMatchObject([0, { resumed: false, rows: 100, unreadable: 0, verified: 100 }]);
    expect(await admin(["keys", "retire"], demo)).toMatchObject({
      code: 1,
      error: expect.stringContaining("Nobody has"),
    });
    // The same person again: now they hold the new key, and nothing is left to seal.
    expect(await admin(words, { ...demo, LAMPLIGHT_PASSWORD: "DemoPass123!" })).toMatchObject({ code: 1 });
    expect(await admin(["keys", "retire"], demo)).toMatchObject({
      code: 1,
      error: expect.stringContaining("3 people have not signed in since"),
    });
    expect((await admin(["keys", "retire", "--force"], demo)).out).toMatch(/3 people hold no field key any more/);
    const status = JSON.parse((await admin(["keys", "status", "--json"], demo)).out);
    expect(status.fieldKey).toMatchObject({ rotation: null, holders: ["demo_auditor"] });
  });

  test("is not removed without --yes, nor where somebody else has an account", async () => {
    await server.ask(
      "demo",
      "INSERT INTO hospital.chat (id, staff_id, title) VALUES (gen_random_uuid(), 'STF001', 'x')",
    );
    expect(await admin(["demo", "remove"], demo)).toEqual({
      code: 1,
      out: "",
      error: `This would remove ${content}. Add --yes to do it.`,
    });
    await server.ask("demo", "INSERT INTO hospital.staff VALUES ('STF900', 'real', 'Roe, Robin', 'Nurse', 'Medicine')");
    expect(await admin(["demo", "remove", "--yes"], demo)).toMatchObject({
      code: 1,
      error: expect.stringContaining("no mere demo"),
    });
    expect(await count("SELECT count(*) AS n FROM hospital.patient")).toEqual({ n: 50 });
    await server.ask("demo", "DELETE FROM hospital.staff WHERE id = 'STF900'");
  });

  test("goes whole but for the audit, which still verifies and tells of it", async () => {
    const before = await count("SELECT count(*) AS n FROM private.audit_entry");
    expect((await admin(["demo", "remove", "--yes"], demo)).out).toBe(
      `Removed the demo hospital: ${content}. The audit stays and tells of it.`,
    );
    const tables = await server.ask<{ name: string }>(
      "demo",
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname IN ('hospital', 'private') AND c.relkind = 'r'`,
    );
    const names = tables.map(({ name }) => name);
    for (const kept of keptTables) expect(names).toContain(kept);
    expect(names.length).toBeGreaterThan(30);
    for (const name of names.filter((one) => !keptTables.includes(one)))
      expect(await count(`SELECT count(*) AS n FROM ${name}`), name).toEqual({ n: 0 });
    expect(await count("SELECT count(*) AS n FROM private.audit_entry")).toEqual({ n: Number(before?.["n"]) + 1 });
    expect((await server.acts("demo")).at(-1)).toMatchObject({
      action: "DEMO_REMOVED",
      detail: { patients: 50, patientsEntered: 0, staff: 20, chats: 1, sessions: 0 },
    });
    expect((await admin(["audit", "verify"], demo)).out).toMatch(
      /^The audit is whole: \d+ entries in \d+ chains, no fault\.$/m,
    );
  });

  test("leaves a database that takes a hospital again, whose people get ids that the audit does not know", async () => {
    expect((await admin(["demo", "load"], demo)).code).toBe(0);
    expect((await admin(["demo", "remove", "--yes"], demo)).code).toBe(0);
    const words = ["first-admin", "--username", "mreyes", "--name", "Reyes, Monica"];
    const { out } = await admin(words, { ...demo, LAMPLIGHT_PASSWORD: "tulips on ward 5A" });
    const id = /\((STF\d+)\)/.exec(out)?.[1] as string;
    expect(await count(`SELECT count(*) AS n FROM private.audit_entry WHERE staff_id = '${id}'`)).toEqual({ n: 0 });
    expect(Number(id.slice(3))).toBeGreaterThan(6);
  });
});
