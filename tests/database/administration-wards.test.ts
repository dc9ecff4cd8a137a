import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin } from "../support/admin-desk";
import { type OwnersServer, releases } from "../support/owners-server";

describe.each(releases)("%s", (_, start) => {
  let server: OwnersServer;
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = await start();
    environment = await server.newDatabase("hospital");
    await admin(["schema"], environment);
  });
  afterAll(() => server.stop());

  function csv(name: string, ...lines: string[]): string {
    const file = join(server.folder, name);
    writeFileSync(file, `${["ward_code,ward_name,department,bed_code", ...lines].join("\n")}\n`);
    return file;
  }

  test("wards come from a file, twice without effect, and go only while nobody lies there", async () => {
    const both = csv(
      "both.csv",
      "5A,Internal Medicine,Medicine,01",
      "5A,Internal Medicine,Medicine,02",
      "6B,Surgery,Surgery,01",
    );
    expect(await admin(["wards", both, "--dry-run"], environment)).toEqual({
      code: 0,
      out: "Nothing was changed; it would be: 2 wards added, 0 changed, 3 beds added, 0 removed.",
      error: "",
    });
    expect(await server.ask("hospital", "SELECT FROM hospital.bed")).toEqual([]);
    expect((await admin(["wards", both], environment)).out).toBe("2 wards added, 0 changed, 3 beds added, 0 removed.");
    // Whoever has wards has begun a hospital: the demo's would mix with them, and leave with them.
    expect(await admin(["demo", "load"], environment)).toEqual({
      code: 1,
      out: "",
      error: "This database already holds a hospital. Nothing was changed.",
    });
    expect((await admin(["wards", both], environment)).out).toBe("0 wards added, 0 changed, 0 beds added, 0 removed.");

    const fewer = csv("fewer.csv", "5A,Innere Medizin,Medicine,01");
    await server.ask(
      "hospital",
      `INSERT INTO hospital.patient (id, patient_number, family_name, given_name, gender) VALUES (gen_random_uuid(), 'ABC12', 'Roe', 'Robin', 'other')`,
    );
    await server.ask("hospital", "INSERT INTO hospital.placement SELECT id, '6B', '01', now() FROM hospital.patient");
    expect(await admin(["wards", fewer, "--remove-missing"], environment)).toEqual({
      code: 1,
      out: "",
      error: "A patient is in 6B bed 01. Nothing was changed.",
    });
    expect(await server.ask("hospital", "SELECT name FROM hospital.ward WHERE code = '5A'")).toEqual([
      { name: "Internal Medicine" },
    ]);
    await server.ask("hospital", "DELETE FROM hospital.placement; DELETE FROM hospital.patient");
    expect((await admin(["wards", fewer, "--remove-missing", "--json"], environment)).out).toBe(
      '{"wardsAdded":0,"wardsChanged":1,"bedsAdded":0,"bedsRemoved":2,"dryRun":false}',
    );
    expect(
      (await server.acts("hospital")).filter((entry) => entry.action === "WARDS_CHANGED").map((entry) => entry.detail),
    ).toEqual([
      { wardsAdded: 2, wardsChanged: 0, bedsAdded: 3, bedsRemoved: 0 },
      { wardsAdded: 0, wardsChanged: 1, bedsAdded: 0, bedsRemoved: 2 },
    ]);
  });

  test("a file with faults is refused whole, every fault in a line of its own", async () => {
    const bad = csv("bad.csv", "9Z,New ward,Medicine,01", "9Z,,Medicine,02", "9Z,New ward,Medicine,01");
    expect(await admin(["wards", bad], environment)).toEqual({
      code: 1,
      out: "",
      error: `line 3, column ward_name: empty\nline 4, column bed_code: ward 9Z has bed 01 in line 2 already\n2 faults in ${bad}. Nothing was changed.`,
    });
    expect(await server.ask("hospital", "SELECT FROM hospital.ward WHERE code = '9Z'")).toEqual([]);
    expect(await admin(["wards", "nowhere.csv"], environment)).toMatchObject({
      code: 1,
      error: "nowhere.csv cannot be read.",
    });
  });
});
