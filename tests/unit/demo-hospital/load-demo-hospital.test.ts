import { afterAll, beforeAll, expect, test } from "vitest";
import { connectOwner } from "../../../electron/database/pool";
import { loadDemoHospital } from "../../../electron/demo-hospital/load-demo-hospital";
import { cheapHashing, signedIn, startTestHospital, type TestHospital } from "../../support/hospital";

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());

async function load() {
  const owner = await connectOwner(hospital.cluster.owner);
  try {
    return await loadDemoHospital({
      owner,
      clock: { now: () => new Date() },
      folder: "resources/demo-hospital",
      hashing: cheapHashing,
    });
  } finally {
    await owner.end();
  }
}

test("asking again, three at once, changes nothing", async () => {
  const sum = () =>
    hospital.owner("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM private.credential t");
  const before = (await sum()).rows;
  expect(await Promise.all([load(), load(), load()])).toEqual([
    { loaded: false },
    { loaded: false },
    { loaded: false },
  ]);
  expect((await sum()).rows).toEqual(before);
});

test("fifty patients, a hundred appointments, eighty records, fifty shifts, a hundred audit entries", async () => {
  const { rows } =
    await hospital.owner(`SELECT (SELECT count(*) FROM hospital.patient) AS patients, (SELECT count(*) FROM hospital.appointment) AS appointments,
    (SELECT count(*) FROM hospital.medical_record) AS records, (SELECT count(*) FROM hospital.shift) AS shifts, (SELECT count(*) FROM private.audit_entry WHERE xid = (SELECT min(xid::text)::xid8 FROM private.audit_entry)) AS entries`);
  expect(rows).toEqual([{ patients: 50, appointments: 100, records: 80, shifts: 50, entries: 100 }]);
});

test("every salt is its own, and the field key is held only by roles that may see some of it", async () => {
  const salts = await hospital.owner(
    "SELECT count(DISTINCT salt) AS salts, count(*) AS accounts FROM private.credential",
  );
  expect(salts.rows).toEqual([{ salts: 6, accounts: 6 }]);
  const holders = await hospital.owner(
    "SELECT s.role FROM private.sealed_key k JOIN hospital.staff s ON s.id = k.staff_id WHERE k.purpose = 'fields' ORDER BY 1",
  );
  expect(holders.rows.map((row) => row["role"])).toEqual(["Admin", "Auditor", "Billing", "Doctor"]);
});

test.each(["demo_admin", "demo_doctor", "demo_nurse", "demo_billing", "demo_reception", "demo_auditor"])(
  "%s signs in and finds a ward list or is told why not",
  async (username) => {
    const person = await signedIn(hospital, username);
    const outcome = await person.call("list_ward");
    if (username === "demo_billing") expect(outcome).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
    else expect(outcome.ok).toBe(true);
  },
);

test("the loaded audit verifies", async () => {
  const auditor = await signedIn(hospital, "demo_auditor");
  expect(await auditor.call("verify_audit_chain", {}, { audience: "person", via: "person" })).toMatchObject({
    ok: true,
    value: { intact: true, faults: [] },
  });
});

test("a doctor opens a patient's identity that was sealed at loading", async () => {
  const doctor = await signedIn(hospital, "demo_doctor");
  const outcome = await doctor.call("get_patient_phi", { patient_id: "FCE57" });
  expect(outcome).toMatchObject({
    ok: true,
    value: { date_of_birth: "1985-07-14", email: "leah.arnold@example.org", _access_level: "full" },
  });
});
