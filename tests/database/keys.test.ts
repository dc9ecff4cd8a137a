import { afterAll, beforeAll, expect, test } from "vitest";
import { alone } from "../../electron/administration/key-links";
import { keyStatus } from "../../electron/administration/key-status";
import type { Owner } from "../../electron/administration/owner";
import { asKeyHolder } from "../../electron/administration/prove-holder";
import { retireFieldKey } from "../../electron/administration/retire-field-key";
import { type FieldKeyRotation, rotateFieldKey } from "../../electron/administration/rotate-field-key";
import { connectOwner } from "../../electron/database/pool";
import { importBundle } from "../../electron/fhir/import-bundle";
import { importPatient } from "../../electron/records/registration";
import { insuranceNumberIndex, ssnIndex } from "../../electron/sealing/identity-row";
import type { SealingKey } from "../../electron/sealing/seal";
import { demoPassword } from "../support/demo-password";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { smallBundle } from "../support/small-bundle";

/** The keys of a hospital with people at work in it, one step after the other as IT would take them. */
let hospital: TestHospital;
let direct: Direct;
let owner: Owner;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  owner = { query: hospital.owner };
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const patient = "FCE57";
const rows = async (text: string, values?: readonly unknown[]) => (await hospital.owner(text, values)).rows;
async function page(as: SignedIn): Promise<Record<string, unknown>> {
  const outcome = await as.call("get_patient_phi", { patient_id: patient });
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value as Record<string, unknown>;
}
const rotate = (username: string, through: Owner = owner): Promise<FieldKeyRotation> =>
  asKeyHolder(through, { username, password: demoPassword, appVersion: "0.0.0" }, (holder) =>
    rotateFieldKey(through, holder),
  );
const heldBy = async (role: "Admin" | "Doctor" | "Billing" | "Auditor") =>
  (
    await rows(
      "SELECT k.key_id FROM private.sealed_key k JOIN hospital.staff s ON s.id = k.staff_id WHERE k.purpose = 'fields' AND s.username = $1 ORDER BY k.created_at",
      [accountOf(role)],
    )
  ).map((row) => String(row["key_id"]));
const keysInRows = async () =>
  (
    await rows(`SELECT DISTINCT private.sealed_key_id(f.sealed) AS id FROM hospital.patient_identity i
      LEFT JOIN hospital.patient_insurance n USING (patient_id)
      CROSS JOIN LATERAL unnest(ARRAY[i.ssn, i.address, i.phone, i.email, i.emergency_contact, n.number]) AS f (sealed)
     WHERE f.sealed IS NOT NULL ORDER BY 1`)
  ).map((row) => String(row["id"]));

test("nobody rotates the field key with a wrong password, or without holding it", async () => {
  const wrong = asKeyHolder(owner, { username: "demo_admin", password: "not it", appVersion: "0" }, async () => 1);
  await expect(wrong).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  await expect(rotate("demo_nurse")).rejects.toThrow("does not hold the field key");
  await expect(retireFieldKey(owner, { force: true })).rejects.toThrow("no old field key");
  expect(await rows("SELECT FROM private.key_link")).toEqual([]);
});

/** Signed in before anything is rotated, and at work all the while. */
let early: SignedIn;
let before: Record<string, unknown>;
let from: string;
let oldKey: SealingKey;
let to: string;

test("a rotation that breaks off half-way has lost nothing, and goes on where it stopped", async () => {
  early = await signedIn(hospital, accountOf("Admin"));
  before = await page(early);
  expect(before).toMatchObject({ ssn: expect.stringMatching(/^9\d\d-/), insurance_number: expect.stringMatching(/./) });
  const key = early.session.fieldKey() as SealingKey;
  oldKey = { id: key.id, key: Buffer.from(key.key) };
  from = key.id;
  expect(await keysInRows()).toEqual([from]);
  const breaking: Owner = {
    query: (text, values) =>
      text.includes("UPDATE hospital.patient_insurance")
        ? Promise.reject(new Error("pulled"))
        : owner.query(text, values),
  };
  await expect(rotate("demo_auditor", breaking)).rejects.toThrow("pulled");
  expect(await keysInRows()).toHaveLength(2);
  // Some rows are under the new key, some under the old: everybody who may reads on, at work since before or coming now.
  expect(await page(early)).toEqual(before);
  expect(await page(await signedIn(hospital, accountOf("Auditor")))).toEqual(before);
  expect((await keyStatus(owner)).fieldKey.rotation).toMatchObject({ from, rowsLeft: 50 });

  const done = await rotate("demo_auditor");
  expect(done).toMatchObject({ from, resumed: true, rows: 50, unreadable: 0, verified: 100 });
  to = done.to;
  expect(await keysInRows()).toEqual([to]);
  expect(await page(early)).toEqual(before);
});

test("the blind indexes are those of the new key", async () => {
  const key = early.session.fieldKey();
  expect(key?.id).toBe(to);
  const found = await rows(
    "SELECT i.ssn_index, n.number_index FROM hospital.patient p JOIN hospital.patient_identity i ON i.patient_id = p.id JOIN hospital.patient_insurance n ON n.patient_id = p.id WHERE p.patient_number = $1",
    [patient],
  );
  if (!key) throw new Error("an Admin holds the field key");
  expect(found).toEqual([
    {
      ssn_index: ssnIndex(key, String(before["ssn"])),
      number_index: insuranceNumberIndex(key, String(before["insurance_number"])),
    },
  ]);
});

test("each holder gets the new key at the next sign-in, sealed for them alone; who holds none gets nothing", async () => {
  expect(await heldBy("Doctor")).toEqual([from]);
  const doctor = await signedIn(hospital, accountOf("Doctor"));
  expect(await heldBy("Doctor")).toEqual([from, to]);
  expect(await page(doctor)).toMatchObject({ ssn: before["ssn"] });
  const nurse = await signedIn(hospital, accountOf("Nurse"));
  expect(nurse.session.fieldKey()).toBeUndefined();
  expect((await page(nurse))["ssn"]).toBe("[REDACTED]");
  expect(
    await rows(
      "SELECT FROM private.sealed_key k JOIN hospital.staff s ON s.id = k.staff_id WHERE s.role = 'Nurse' AND k.purpose = 'fields'",
    ),
  ).toEqual([]);
  const copies = await rows("SELECT encode(sealed, 'hex') AS sealed FROM private.sealed_key WHERE purpose = 'fields'");
  expect(new Set(copies.map((row) => row["sealed"])).size).toBe(copies.length);
});

test("the login cannot take what is not offered, give itself a key, or plant one", async () => {
  const keep = "SELECT api.keep_sealed_key($1, $2, $3, $4)";
  const bytes = Buffer.alloc(100, 1);
  const nurse = await signInDirectly(direct, "demo_nurse");
  expect(await direct.rows("SELECT * FROM api.key_links($1)", [nurse.token])).toEqual([]);
  expect(await direct.refusal(keep, [nurse.token, "fields", to, bytes])).toBe("42501");
  const doctor = await signInDirectly(direct, "demo_doctor");
  expect(await direct.rows("SELECT key_id, sealed_under FROM api.key_links($1)", [doctor.token])).toEqual([
    { key_id: to, sealed_under: from },
  ]);
  for (const [purpose, id, sealed, refusal] of [
    ["fields", "made-up", bytes, "42501"],
    ["fields", from, bytes, "42501"],
    ["personal", to, bytes, "22023"],
    ["fields", to, Buffer.alloc(10), "22023"],
    ["fields", to, Buffer.alloc(4000), "22023"],
  ] as const)
    expect(await direct.refusal(keep, [doctor.token, purpose, id, sealed]), `${purpose} ${id}`).toBe(refusal);
  for (const call of ["SELECT * FROM api.key_links($1)", "SELECT api.keep_sealed_key($1, 'fields', 'x', '\\x00')"])
    expect(await direct.refusal(call, ["no token"])).toMatch(/28000|22023/);
  for (const table of ["private.key_link", "private.retired_key"])
    expect(await direct.refusal(`SELECT * FROM ${table}`)).toBe("42501");
  expect(await direct.refusal("SELECT private.rotate_context_key()")).toBe("42501");
});

test("a copy that was damaged is replaced at the next sign-in while the link is there", async () => {
  const doctor = await signInDirectly(direct, "demo_doctor");
  await direct.rows("SELECT api.keep_sealed_key($1, 'fields', $2, $3)", [doctor.token, to, Buffer.alloc(100, 7)]);
  expect(await page(await signedIn(hospital, accountOf("Doctor")))).toMatchObject({ ssn: before["ssn"] });
  const [copy] = await rows("SELECT sealed FROM private.sealed_key k WHERE staff_id = 'STF001' AND key_id = $1", [to]);
  expect(copy?.["sealed"]).not.toEqual(Buffer.alloc(100, 7));
});

test("what a workstation still seals with the old key is found, sealed anew, and keeps the key from being retired", async () => {
  const report = await importBundle({
    text: smallBundle(),
    fileName: "file.json",
    fieldKey: oldKey,
    store: (payload) => importPatient(hospital.database, early.session.databaseToken(), payload),
  });
  expect(report.refused).toBeNull();
  expect((await keysInRows()).sort()).toEqual([from, to].sort());
  await expect(retireFieldKey(owner, { force: true })).rejects.toThrow(/[12] rows are still sealed with another key/);
  const done = await rotate("demo_admin");
  expect(done).toMatchObject({ to, resumed: true, unreadable: 0 });
  expect(done.rows).toBeGreaterThan(0);
  expect(await keysInRows()).toEqual([to]);
});

test("retiring waits for everybody, names who is missing, and then leaves one key", async () => {
  await expect(retireFieldKey(owner, { force: false })).rejects.toThrow(
    "1 people have not signed in since the rotation and would lose the field key: demo_billing.",
  );
  const billing = await signedIn(hospital, accountOf("Billing"));
  const insured = await page(billing);
  const retired = await retireFieldKey(owner, { force: false });
  expect(retired).toMatchObject({ retired: from, current: to, without: [] });
  // Whoever was signed in since before the rotation signs in again; whoever came later works on.
  expect(retired.sessionsEnded).toBeGreaterThan(0);
  expect(await early.call("get_patient_phi", { patient_id: patient })).toMatchObject({ ok: false });
  expect(early.expired()).toBe(true);
  expect(await page(billing)).toEqual(insured);
  for (const role of ["Admin", "Doctor", "Billing", "Auditor"] as const) {
    expect(await heldBy(role)).toEqual([to]);
    expect((await page(await signedIn(hospital, accountOf(role))))["insurance_number"]).toBe(
      before["insurance_number"],
    );
  }
  expect(await rows("SELECT FROM private.key_link")).toEqual([]);
  await expect(retireFieldKey(owner, { force: true })).rejects.toThrow("no old field key");
});

test("nothing that is sealed with a retired key is stored any more", async () => {
  const sealed = Buffer.concat([Buffer.from([1, from.length]), Buffer.from(from), Buffer.alloc(60)]);
  for (const [table, column] of [
    ["patient_identity", "phone"],
    ["patient_insurance", "number"],
  ])
    await expect(hospital.owner(`UPDATE hospital.${table} SET ${column} = $1`, [sealed])).rejects.toMatchObject({
      code: "55000",
    });
});

test("a row that no key opens stays as it is, is counted, and keeps its key from being retired", async () => {
  await hospital.owner(
    `UPDATE hospital.patient_identity i SET ssn = set_byte(i.ssn, length(i.ssn) - 1, get_byte(i.ssn, length(i.ssn) - 1) # 1)
      FROM hospital.patient p WHERE p.id = i.patient_id AND p.patient_number = $1`,
    [patient],
  );
  // Whoever may write identity data chooses the bytes: no text at all, and too short to name a key.
  await hospital.owner(
    `UPDATE hospital.patient_identity i SET phone = '\\x01ffffffffffffffff' FROM hospital.patient p
      WHERE p.id = i.patient_id AND p.patient_number = $1`,
    [patient],
  );
  await hospital.owner(
    `UPDATE hospital.patient_identity SET email = '\\x00' WHERE patient_id =
      (SELECT id FROM hospital.patient WHERE patient_number <> $1 ORDER BY id LIMIT 1)`,
    [patient],
  );
  expect((await keyStatus(owner)).fieldKey.id).toBe(to);
  const row = () =>
    rows(
      "SELECT i.* FROM hospital.patient_identity i JOIN hospital.patient p ON p.id = i.patient_id WHERE p.patient_number = $1",
      [patient],
    );
  const damaged = await row();
  const done = await rotate("demo_admin");
  expect(done).toMatchObject({ from: to, resumed: false, unreadable: 2 });
  expect(await row()).toEqual(damaged);
  await signedIn(hospital, accountOf("Admin"));
  await expect(retireFieldKey(owner, { force: true })).rejects.toThrow("2 rows");
});

test("two rotations at once: the second is told", async () => {
  const other = await connectOwner(hospital.cluster.owner);
  // A backup that runs meanwhile is no rotation: it holds a lock of its own.
  await other.query("SELECT pg_advisory_lock(7242017)");
  expect(await alone(owner, async () => "not in the way")).toBe("not in the way");
  await other.query("SELECT pg_advisory_lock(7242018)");
  await expect(rotate("demo_admin")).rejects.toThrow("at this moment");
  await other.end();
});

test("every step is in the audit, with ids of keys and never a key, and the audit verifies", async () => {
  const entries = await rows(
    "SELECT staff_id, detail FROM private.audit_entry WHERE action = 'KEYS_ROTATED' AND detail ->> 'step' IN ('begun', 'sealed', 'retired') ORDER BY sequence",
  );
  expect(entries.map((row) => (row["detail"] as Record<string, unknown>)["step"]).slice(0, 4)).toEqual([
    "begun",
    "sealed",
    "sealed",
    "retired",
  ]);
  expect(entries[0]).toMatchObject({ staff_id: "STF006", detail: { key: "fields", from, to } });
  const [{ faults } = { faults: null }] = await rows("SELECT faults FROM private.verify_audit()");
  expect(faults).toEqual([]);
});
