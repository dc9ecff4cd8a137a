import { afterAll, beforeAll, expect, test } from "vitest";
import { importBundle } from "../../../electron/fhir/import-bundle";
import { importPatient } from "../../../electron/records/registration";
import { type SignedIn, signedIn, startTestHospital, type TestHospital } from "../../support/hospital";
import { bundleText, observation, subject, wholePatient } from "./bundle";

/** Against a real PostgreSQL: what the report counts is what the database did. */
let hospital: TestHospital;
let admin: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  admin = await signedIn(hospital, "demo_admin");
});
afterAll(() => hospital.close());

async function run(text: string, as: SignedIn = admin) {
  const fieldKey = admin.session.fieldKey();
  if (!fieldKey) throw new Error("an Admin holds the field key");
  return importBundle({
    text,
    fileName: "file.json",
    fieldKey,
    store: (payload) => importPatient(hospital.database, as.session.databaseToken(), payload),
  });
}

async function everything(): Promise<string> {
  const tables = [
    "patient",
    "patient_identity",
    "encounter",
    "diagnosis",
    "allergy",
    "medication",
    "vital_signs",
    "observation",
    "procedure",
    "immunization",
    "assignment",
  ];
  const parts = tables.map(
    (name) =>
      `SELECT '${name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM hospital.${name} t`,
  );
  return JSON.stringify((await hospital.owner(parts.join(" UNION ALL "))).rows);
}

test("a first import stores everything, a second changes nothing", async () => {
  const first = await run(wholePatient);
  expect(first.refused).toBeNull();
  expect(first.stored["Observation"]).toEqual({ inFile: 3, new: 3, unchanged: 0 });
  expect(first.stored["Condition"]).toEqual({ inFile: 2, new: 1, unchanged: 0 });
  const before = await everything();
  const second = await run(wholePatient);
  expect(await everything()).toBe(before);
  expect(second.patient).toEqual(first.patient);
  for (const counts of Object.values(second.stored)) expect(counts.new).toBe(0);
  expect(second.stored["Observation"]).toEqual({ inFile: 3, new: 0, unchanged: 3 });
});

test("a file with a fault changes nothing at all", async () => {
  const before = await everything();
  expect((await run(wholePatient.slice(0, -20))).refused).toContain("the file ends");
  expect((await run(wholePatient.replace("2022-02-03T10:05:00Z", "2022-02-31T10:05:00Z"))).refused).toContain(
    "is not a FHIR date",
  );
  expect(await everything()).toBe(before);
});

test("a later export fills the gaps of a set of vital signs and replaces nothing", async () => {
  const pulse = observation("8867-4", 72, "/min", { id: "pulse" });
  await run(bundleText(pulse));
  const later = await run(
    bundleText(
      observation("8867-4", 99, "/min", { id: "pulse" }),
      observation("2708-6", 97, "%", { id: "saturation" }),
    ),
  );
  expect(later.stored["Observation"]).toEqual({ inFile: 2, new: 1, unchanged: 1 });
  const { rows } = await hospital.owner(
    "SELECT v.pulse, v.oxygen_saturation FROM hospital.vital_signs v JOIN hospital.patient p ON p.id = v.patient_id WHERE p.family_name = 'Test'",
  );
  expect(rows).toEqual([{ pulse: 72, oxygen_saturation: 97 }]);
});

test("'none known' arrives with a later export, and an allergy after that outweighs it", async () => {
  const other = bundleText;
  const none = {
    resourceType: "AllergyIntolerance",
    id: "none",
    patient: subject,
    code: { coding: [{ system: "http://snomed.info/sct", code: "716186003" }] },
  };
  const status = async () =>
    (await hospital.owner("SELECT allergy_status FROM hospital.patient WHERE family_name = 'Test'")).rows[0]?.[
      "allergy_status"
    ];
  await run(other());
  expect(await status()).toBe("not-asked");
  expect((await run(other(none))).stored["AllergyIntolerance"]).toEqual({ inFile: 1, new: 1, unchanged: 0 });
  expect(await status()).toBe("none-known");
  await run(other(none, { resourceType: "AllergyIntolerance", id: "nuts", patient: subject, code: { text: "Nuts" } }));
  expect(await status()).toBe("recorded");
});

test("four imports of one file at once are one import", async () => {
  const text = bundleText(observation("1988-5", 4, "mg/L", { id: "crp" }))
    .replaceAll('"p"', '"together"')
    .replaceAll("Patient/p", "Patient/together");
  const reports = await Promise.all([run(text), run(text), run(text), run(text)]);
  expect(reports.filter((report) => report.stored["Patient"]?.new === 1)).toHaveLength(1);
  expect(reports.filter((report) => report.stored["Observation"]?.new === 1)).toHaveLength(1);
});

test("only a role that may import imports", async () => {
  const doctor = await signedIn(hospital, "demo_doctor");
  await expect(run(bundleText(), doctor)).rejects.toMatchObject({ failure: { code: "RBAC_DENIED" } });
});
