import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectOwner } from "../../electron/database/pool";
import { type AdminAnswer, admin, ownerUrl } from "../support/admin-desk";
import { signedIn } from "../support/hospital";
import { type OwnersServer, releases } from "../support/owners-server";

/** The commands of IT, as an owner who is no superuser. */
describe.each(releases)("%s", (_, start) => {
  let server: OwnersServer;
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = await start();
    environment = await server.newDatabase("hospital");
  });
  afterAll(() => server.stop());

  const run = (words: string, more: Record<string, string> = {}): Promise<AdminAnswer> =>
    admin(words.split(" "), { ...environment, ...more });
  test("before the schema is there each command says so", async () => {
    expect(await run("schema --check")).toEqual({ code: 1, out: "", error: "The database was never prepared." });
    for (const words of ["audit verify", "keys status", "retention", "demo remove", "login"])
      expect(await run(words), words).toMatchObject({
        code: 1,
        error: expect.stringContaining("lamplight-admin schema"),
      });
  });

  test("schema prepares, says what it applied, and finds nothing to do a second time", async () => {
    const first = await run("schema");
    expect(first).toMatchObject({ code: 0, error: "" });
    expect(first.out).toMatch(/^Applied \d+ migrations, the last \d{4}_\w+\.sql\.$/);
    expect(await run("schema")).toEqual({ code: 0, out: "The schema was up to date.", error: "" });
    const { code, out } = await run("schema --check --json");
    expect([code, JSON.parse(out)]).toMatchObject([0, { pending: [], unknown: [], upToDate: true }]);
    expect((await server.acts("hospital")).map((entry) => entry.action)).toEqual(["SCHEMA_MIGRATED"]);
  });

  test("schema --check notices a newer database, changes nothing, and schema refuses it", async () => {
    await server.ask("hospital", "INSERT INTO migrations.applied (name, checksum) VALUES ('9999_later.sql', 'x')");
    for (const words of ["schema --check", "schema"])
      expect(await run(words)).toMatchObject({
        code: 1,
        error: expect.stringContaining("9999_later.sql. Update Lamplight."),
      });
    await server.ask("hospital", "DELETE FROM migrations.applied WHERE name = '9999_later.sql'");
  });

  test("login gives the workstations a password, shown once or written to a private file", async () => {
    const made = await run("login");
    const password = /this once: (\S+)$/.exec(made.out)?.[1] ?? "";
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(await server.connects("hospital", password)).toBe(true);

    const file = join(server.folder, `login-${Math.random()}`);
    const words = ["login", "--out", file];
    expect(await admin(words, environment)).toMatchObject({ code: 0 });
    const second = readFileSync(file, "utf8").trim();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([await server.connects("hospital", password), await server.connects("hospital", second)]).toEqual([
      false,
      true,
    ]);

    // A file that is there is not written over, and the password stays what it was.
    expect(await admin(words, environment)).toEqual({ code: 1, out: "", error: `${file} is there already.` });
    expect(await server.connects("hospital", second)).toBe(true);

    const given = "given-by-IT:0123'456789\\x";
    const third = await run("keys rotate login", { LAMPLIGHT_PASSWORD: given });
    expect(third.out).not.toContain(given);
    expect(await server.connects("hospital", given)).toBe(true);
    for (const bad of ["too-short", "with spaces but long enough", "lang-genug-mit-Umlaut-ä"])
      expect(await run("login", { LAMPLIGHT_PASSWORD: bad })).toMatchObject({ code: 1, out: "" });
    expect(await server.connects("hospital", given)).toBe(true);
    expect(
      (await server.acts("hospital")).filter((entry) => entry.action === "KEYS_ROTATED").map((entry) => entry.detail),
    ).toEqual(Array(3).fill({ key: "workstation-login" }));
    // The server logs every statement of this owner: none of them held a password.
    if (server.logFile) {
      const log = readFileSync(server.logFile, "utf8");
      expect(log).toContain("ALTER ROLE lamplight_app PASSWORD 'SCRAM-SHA-256$4096:");
      for (const secret of [password, second, "given-by-IT"]) expect(log).not.toContain(secret);
    }
  });

  test("login also takes away what somebody set on the login that all workstations share", async () => {
    const mischief = await connectOwner(server.settings("hospital", "lamplight_app", "given-by-IT:0123'456789\\x"));
    await mischief.query("ALTER ROLE lamplight_app SET default_transaction_read_only = on");
    await mischief.query("ALTER ROLE lamplight_app IN DATABASE hospital SET statement_timeout = 1");
    await mischief.end();
    const left =
      "SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = 'lamplight_app'";
    expect(await server.ask("hospital", left)).toHaveLength(2);
    expect((await run("login", { LAMPLIGHT_PASSWORD: "another one, given-by-IT".replaceAll(" ", "-") })).code).toBe(0);
    expect(await server.ask("hospital", left)).toEqual([]);
  });

  const person = ["first-admin", "--username", "mreyes", "--name", "Reyes, Monica", "--department", "Direction"];
  const password = "tulips on ward 5A";

  test("first-admin refuses weak passwords and odd names, then makes an account that signs in with the app", async () => {
    for (const weak of ["mreyes", "password1234", "aaaaaaaaaaaaa"]) {
      const answer = await admin(person, { ...environment, LAMPLIGHT_PASSWORD: weak });
      expect(answer).toMatchObject({ code: 1, out: "" });
      expect(answer.error).not.toContain(weak);
    }
    for (const odd of [
      ["first-admin", "--username", "M Reyes", "--name", "Reyes, Monica"],
      ["first-admin", "--username", "mreyes", "--name", "Monica Reyes"],
    ])
      expect(await admin(odd, { ...environment, LAMPLIGHT_PASSWORD: password })).toMatchObject({ code: 1 });
    expect(await admin(["first-admin"], environment)).toMatchObject({ code: 2 });
    expect(await admin(person, environment)).toMatchObject({ code: 1, error: "Set LAMPLIGHT_PASSWORD." });
    expect(await server.ask("hospital", "SELECT FROM hospital.staff")).toEqual([]);

    const answer = await admin(person, { ...environment, LAMPLIGHT_PASSWORD: password });
    expect(answer).toEqual({ code: 0, out: "mreyes (STF001) is the first Admin and can sign in.", error: "" });
    const made = await run("login");
    const hospital = server.workstation("hospital", /this once: (\S+)$/.exec(made.out)?.[1] ?? "");
    expect(await hospital.database.statement("SELECT * FROM api.installation_status()")).toEqual([
      { loaded: true, demo: false },
    ]);
    const { session } = await signedIn(hospital, "mreyes", password);
    expect(session.person()).toEqual({
      staffId: "STF001",
      username: "mreyes",
      name: "Reyes, Monica",
      role: "Admin",
      department: "Direction",
    });
    expect(session.fieldKey()?.key).toHaveLength(32);
    expect(session.personalKey().key).toHaveLength(32);
    await session.signOut();
    await hospital.database.close();
    const told = JSON.stringify(await server.acts("hospital"));
    expect(told).toContain('"STAFF_ADDED"');
    expect(told).not.toContain("tulips");
  });

  test("a second first Admin is refused, also two at the same moment", async () => {
    expect(await admin(person, { ...environment, LAMPLIGHT_PASSWORD: password })).toMatchObject({
      code: 1,
      error: expect.stringContaining("has an Admin already"),
    });
    const other = await server.newDatabase("twice");
    await admin(["schema"], other);
    const both = await Promise.all(
      ["anna", "bert"].map((username) =>
        admin(["first-admin", "--username", username, "--name", "Roe, Robin"], {
          ...other,
          LAMPLIGHT_PASSWORD: password,
        }),
      ),
    );
    expect(both.map(({ code }) => code).sort((a, b) => a - b)).toEqual([0, 1]);
    expect(
      await server.ask(
        "twice",
        "SELECT count(DISTINCT key_id) AS keys FROM private.sealed_key WHERE purpose = 'fields'",
      ),
    ).toEqual([{ keys: 1 }]);
  });

  test("the demo hospital is refused where another hospital is", async () => {
    expect(await run("demo load")).toMatchObject({ code: 1, out: "" });
    expect(await run("demo remove --yes")).toMatchObject({
      code: 1,
      error: expect.stringContaining("no demo hospital"),
    });
    expect(await server.ask("hospital", "SELECT count(*) AS staff FROM hospital.staff")).toEqual([{ staff: 1 }]);
  });

  test("audit verify ends with 1 and names the entry that was changed", async () => {
    expect((await run("audit verify")).code).toBe(0);
    await server.ask(
      "hospital",
      `ALTER TABLE private.audit_entry DISABLE TRIGGER append_only;
       UPDATE private.audit_entry SET detail = detail || '{"first": false}' WHERE action = 'STAFF_ADDED'`,
    );
    const { code, out, error } = await run("audit verify --json");
    expect(code).toBe(1);
    expect(JSON.parse(out).faults).toEqual([expect.stringContaining("the content does not match its hash")]);
    expect(error).toContain("The audit was changed: 1 faults");
    await server.ask(
      "hospital",
      `UPDATE private.audit_entry SET detail = detail || '{"first": true}' WHERE action = 'STAFF_ADDED';
       ALTER TABLE private.audit_entry ENABLE TRIGGER append_only`,
    );
    expect((await run("audit verify")).code).toBe(0);
  });

  test("each act names the machine and nobody's secret", async () => {
    for (const entry of await server.acts("hospital")) {
      expect(entry.workstation).toMatch(/./);
      expect(entry.staff_id).toBeNull();
    }
  });

  test("a server that cannot be reached or refuses is told in a line without the URL", async () => {
    const wrongs = {
      "The server does not answer": { ...server.settings("x", "hospital_it", "secret-one"), host: server.folder },
      "The server has no database of that name.": server.settings("nowhere", "hospital_it", "it"),
    };
    for (const [words, settings] of Object.entries(wrongs)) {
      const { code, out, error } = await admin(["audit", "verify"], { LAMPLIGHT_OWNER_URL: ownerUrl(settings) });
      expect([code, out]).toEqual([1, ""]);
      expect(error).toContain(words);
      expect(error).not.toMatch(/secret-one|hospital_it|postgresql:/);
    }
    expect(await admin(["audit", "verify"], { LAMPLIGHT_OWNER_URL: "nonsense" })).toMatchObject({ code: 1 });
  });
});
