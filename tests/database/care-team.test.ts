import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/** Who is on the care team, told by what the nurse is answered about one patient. */
let hospital: TestHospital;
let scene: Scene;
let nurse: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  nurse = await signedIn(hospital, accountOf("Nurse"));
});
beforeEach(async () => {
  for (const table of ["assignment", "shift", "appointment"])
    await hospital.owner(`DELETE FROM hospital.${table} WHERE staff_id = 'STF002'`);
});
afterAll(() => hospital.close());

const reaches = async (patient = scene.theirs) =>
  (await nurse.call("get_allergies", { patient_id: patient.number })).ok;
const shift = (from: string, to: string, ward = "ICU") =>
  hospital.owner(
    `INSERT INTO hospital.shift (staff_id, ward_code, starts_at, ends_at) VALUES ('STF002', $1, clock_timestamp() + $2::interval, clock_timestamp() + $3::interval)`,
    [ward, from, to],
  );
const assign = (from: string, to: string | null) =>
  hospital.owner(
    "INSERT INTO hospital.assignment VALUES ('STF002', $1, 'test', clock_timestamp() + $2::interval, clock_timestamp() + $3::interval)",
    [scene.theirs.id, from, to],
  );
const appointment = (status: string, day: string) =>
  hospital.owner(
    `INSERT INTO hospital.appointment SELECT gen_random_uuid(), $1, 'STF002', 'ICU',
      ((now() AT TIME ZONE time_zone)::date + $2::interval + interval '12 hours') AT TIME ZONE time_zone, 30, NULL, $3 FROM private.installation`,
    [scene.theirs.id, day, status],
  );

test("without shift, assignment or appointment a nurse reaches nobody, and her ward list is empty", async () => {
  expect(await reaches()).toBe(false);
  expect(await reaches(scene.ours)).toBe(false);
  expect(await nurse.call("list_ward")).toMatchObject({ ok: true, value: { patients: [] } });
});

test.each([
  ["during it", "-1 hour", "1 hour", true],
  ["29 minutes before it", "29 minutes", "8 hours", true],
  ["31 minutes before it", "31 minutes", "8 hours", false],
  ["29 minutes after it", "-8 hours", "-29 minutes", true],
  ["31 minutes after it", "-8 hours", "-31 minutes", false],
])("a shift on the patient's ward counts %s: %s to %s", async (_, from, to, expected) => {
  await shift(from, to);
  expect(await reaches()).toBe(expected);
  expect(await reaches(scene.ours)).toBe(false);
});

test("a patient who is moved to another ward leaves the care team with the bed", async () => {
  await shift("-1 hour", "1 hour", "5A");
  expect(await reaches(scene.ours)).toBe(true);
  const move = (bed: string, ward: string) =>
    hospital.owner("UPDATE hospital.placement SET ward_code = $2, bed_code = $3 WHERE patient_id = $1", [
      scene.ours.id,
      ward,
      bed,
    ]);
  const free = await hospital.owner(
    "SELECT b.code FROM hospital.bed b WHERE b.ward_code = '3C' AND NOT EXISTS (SELECT FROM hospital.placement p WHERE p.ward_code = '3C' AND p.bed_code = b.code) LIMIT 1",
  );
  await move(String(free.rows[0]?.["code"]), "3C");
  expect(await reaches(scene.ours)).toBe(false);
  await move("01", "5A");
  expect(await reaches(scene.ours)).toBe(true);
});

test.each([
  ["from yesterday, without an end", "-1 day", null, true],
  ["from yesterday until in an hour", "-1 day", "1 hour", true],
  ["that ended a second ago", "-1 day", "-1 second", false],
  ["that begins in an hour", "1 hour", null, false],
])("an explicit assignment %s", async (_, from, to, expected) => {
  await assign(from, to);
  expect(await reaches()).toBe(expected);
});

test.each([
  ["booked", "0 days", true],
  ["fulfilled", "0 days", true],
  ["cancelled", "0 days", false],
  ["booked", "-1 day", false],
  ["booked", "1 day", false],
])("an appointment %s, %s from today", async (status, day, expected) => {
  await appointment(status, day);
  expect(await reaches()).toBe(expected);
});

test("a colleague's shift, assignment or appointment opens nothing", async () => {
  await hospital.owner(
    "INSERT INTO hospital.shift (staff_id, ward_code, starts_at, ends_at) VALUES ('STF012', 'ICU', now() - interval '1 hour', now() + interval '1 hour')",
  );
  await hospital.owner("INSERT INTO hospital.assignment VALUES ('STF012', $1, 'test', now() - interval '1 hour')", [
    scene.theirs.id,
  ]);
  expect(await reaches()).toBe(false);
});

test("the ward list of one ward holds of that ward only who is on the own care team", async () => {
  await shift("-1 hour", "1 hour", "5A");
  await assign("-1 hour", null);
  const listed = async (ward?: string) => {
    const outcome = await nurse.call("list_ward", ward ? { ward } : {});
    return (outcome.ok ? outcome.value : {}) as unknown as {
      ward: { code: string } | null;
      patients: { patient_id: string; ward: string }[];
    };
  };
  const icu = await listed("ICU");
  expect(icu.ward?.code).toBe("ICU");
  expect(icu.patients.map((row) => row.patient_id)).toEqual([scene.theirs.number]);
  expect(new Set((await listed("5A")).patients.map((row) => row.ward))).toEqual(new Set(["5A"]));
  expect((await listed("no such ward")).patients).toEqual([]);
  const all = (await listed()).patients.map((row) => row.patient_id);
  expect(all).toContain(scene.theirs.number);
  expect(all).toContain(scene.ours.number);
});
