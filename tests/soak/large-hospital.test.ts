import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

/** A hospital of a million patients: the same answers, and every way to them by an index. */
const PATIENTS = 1_000_000;

let hospital: TestHospital;
let nurse: SignedIn;
let reception: SignedIn;

beforeAll(async () => {
  hospital = await startTestHospital();
  const { owner } = hospital;
  await owner("SET synchronous_commit = off");
  await owner(
    `INSERT INTO hospital.patient (id, patient_number, family_name, given_name, gender, birth_year)
     SELECT gen_random_uuid(), 'Q' || lpad(upper(to_hex(g)), 5, '0'), 'F' || md5(g::text), 'G' || md5((g + 7)::text), 'unknown', 1930 + g % 80
       FROM generate_series(1, $1) g`,
    [PATIENTS],
  );
  await owner(
    `INSERT INTO hospital.medical_record (id, patient_id, kind, title, body, written_at)
     SELECT gen_random_uuid(), p.id, 'nursing-note', 'Note', repeat('text ', 20), now() - random() * interval '300 days'
       FROM hospital.patient p CROSS JOIN generate_series(1, 2) WHERE p.patient_number LIKE 'Q%'`,
  );
  await owner("ANALYZE");
  nurse = await signedIn(hospital, "demo_nurse");
  reception = await signedIn(hospital, "demo_reception");
}, 600_000);
afterAll(() => hospital.close());

/** The plan of a statement as the reader sees it, inside a request that is announced for one patient. */
async function planOf(statement: string): Promise<string> {
  const token = nurse.session.databaseToken();
  const [said] = await hospital.database.statement(
    "SELECT announcement FROM api.announce($1, 'get_medical_records', '{\"patient\": \"FCE57\"}')",
    [token],
  );
  const rows = await hospital.database.request(token, String(said?.["announcement"]), (query) =>
    query(`EXPLAIN ${statement}`),
  );
  return rows.map((row) => String(row["QUERY PLAN"])).join("\n");
}

test("records of one patient are found by an index behind the row policies", async () => {
  const plan = await planOf("SELECT * FROM api.medical_records ORDER BY written_at DESC LIMIT 50");
  expect(plan).not.toMatch(/Seq Scan on (medical_record|patient)\b/u);
  expect(plan).toMatch(/Index (Only )?Scan|Bitmap/u);
});

test("the nurse's ward is the same fourteen patients among a million", async () => {
  const answer = await nurse.call("list_ward");
  expect(answer.ok && (answer.value as { patients: unknown[] }).patients.length).toBe(14);
});

test("a search over everybody answers one page and says that there is more", async () => {
  const many = await reception.call("find_patients", { query: "fa" });
  expect(many.ok && (many.value as { patients: unknown[]; truncated: boolean })).toMatchObject({ truncated: true });
  const one = await reception.call("find_patients", { query: "arnold leah" });
  expect(
    one.ok && (one.value as { patients: { patient_id: string }[] }).patients.map((patient) => patient.patient_id),
  ).toEqual(["FCE57"]);
});

test("neither a search nor a ward list ever walks through all patients", async () => {
  const scans = async () => {
    // Counters of other connections arrive with a little delay.
    await hospital.owner("SELECT pg_sleep(2), pg_stat_clear_snapshot()");
    const { rows } = await hospital.owner(
      "SELECT seq_scan FROM pg_stat_user_tables WHERE schemaname = 'hospital' AND relname = 'patient'",
    );
    return Number(rows[0]?.["seq_scan"]);
  };
  const before = await scans();
  for (const query of ["arnold", "le", "FCE57", "arnold leah", "Q00001", "zz"])
    await reception.call("find_patients", { query });
  for (let round = 0; round < 8; round += 1) await nurse.call("list_ward");
  expect(await scans()).toBe(before);
});
