import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyBackup } from "../../electron/backup/verified-backup";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, type OwnerQuery, openDatabase } from "../../electron/database/pool";
import { backUpTo, everySum, migrationsFolder, newKeyFile, restoreFrom, temporaryFolder } from "../support/backup";
import { startTestCluster, type TestCluster } from "../support/cluster";
import { signedIn, startTestHospital, type TestHospital, workstationPassword } from "../support/hospital";

/** A hospital of 100,000 patients: backed up, checked, restored on an empty machine, compared row by row. With timings. */
const PATIENTS = 100_000;
const folder = temporaryFolder();
const file = join(folder.path, "large.backup");
const key = newKeyFile();
let hospital: TestHospital;
let machine: TestCluster;
let owner: { query: OwnerQuery; end(): Promise<void> };

beforeAll(async () => {
  hospital = await startTestHospital();
  const { owner: query } = hospital;
  await query("SET synchronous_commit = off");
  await query(
    `INSERT INTO hospital.patient (id, patient_number, family_name, given_name, gender, birth_year)
     SELECT gen_random_uuid(), 'Q' || lpad(upper(to_hex(g)), 5, '0'), 'F' || md5(g::text), 'G' || md5((g + 7)::text), 'unknown', 1930 + g % 80
       FROM generate_series(1, $1) g`,
    [PATIENTS],
  );
  await query(
    `INSERT INTO hospital.patient_identity (patient_id, date_of_birth, ssn, address)
     SELECT id, '1960-01-01', sealed || sha256(id::text::bytea), sealed || sha256(id::text::bytea) || sha256(patient_number::bytea)
       FROM hospital.patient, (SELECT decode('010461616161', 'hex') AS sealed) s WHERE patient_number LIKE 'Q%' ON CONFLICT DO NOTHING`,
  );
  await query(
    `INSERT INTO hospital.medical_record (id, patient_id, kind, title, body, written_at)
     SELECT gen_random_uuid(), p.id, 'nursing-note', 'Note', md5(p.id::text || n) || repeat(' text of a note', 20), now() - random() * interval '300 days'
       FROM hospital.patient p CROSS JOIN generate_series(1, 3) n WHERE p.patient_number LIKE 'Q%'`,
  );
  await query(
    `INSERT INTO hospital.vital_signs (id, patient_id, recorded_at, respiratory_rate, oxygen_saturation, systolic, pulse, temperature)
     SELECT gen_random_uuid(), p.id, now() - n * interval '4 hours', 12 + n, 90 + n % 10, 100 + 37 * random(), 60 + 40 * random(), 36.5
       FROM hospital.patient p CROSS JOIN generate_series(1, 6) n WHERE p.patient_number LIKE 'Q%'`,
  );
  await query(
    `INSERT INTO hospital.diagnosis (id, patient_id, code, code_system, display, status)
     SELECT gen_random_uuid(), p.id, (44054006 + n)::text, 'http://snomed.info/sct', 'Condition ' || n, 'active'
       FROM hospital.patient p CROSS JOIN generate_series(1, 4) n WHERE p.patient_number LIKE 'Q%'`,
  );
  machine = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
  owner = await connectOwner(machine.owner);
}, 600_000);
afterAll(async () => {
  await owner.end();
  await machine.dispose();
  await hospital.close();
  folder.remove();
});

const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
  const began = performance.now();
  return [await work(), (performance.now() - began) / 1000];
};
const line = (what: string, seconds: number, bytes: number, rows: number) =>
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s of COPY text, ${Math.round(rows / seconds)} rows/s`,
  );

test("backed up, checked, restored and compared", async () => {
  const [done, writing] = await timed(() => backUpTo(hospital.cluster.owner, file, { key }));
  expect(done.rows).toBeGreaterThan(PATIENTS * 15);
  console.log(
    `${done.rows} rows of ${done.tables} tables, ${(done.bytes / 1e6).toFixed(1)} MB as ${(done.size / 1e6).toFixed(1)} MB`,
  );
  line("backup", writing, done.bytes, done.rows);
  expect(statSync(file).size).toBe(done.size);

  const [backup, checking] = await timed(() => verifyBackup(file, key));
  await backup.close();
  line("check", checking, done.bytes, done.rows);

  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  const [restored, restoring] = await timed(() => restoreFrom(file, machine.owner, { key }));
  clearInterval(watch);
  line("check and restore", restoring, restored.bytes, restored.rows);
  console.log(`memory of this process at the most ${(most / 1e6).toFixed(0)} MB`);
  expect(restored.rows).toBe(done.rows);

  const [before, after] = [await everySum(hospital.owner), await everySum(owner.query)];
  expect(Object.keys(after)).toEqual(Object.keys(before));
  const stated = /^private\.(announcement|audit_chain|audit_entry|session|sign_in_attempt)$/u;
  for (const table of Object.keys(before)) if (!stated.test(table)) expect(after[table], table).toBe(before[table]);
}, 600_000);

test("a nurse reads her patient there, and the audit verifies", async () => {
  await migrate(owner.query, { folder: migrationsFolder, workstationPassword });
  const database = openDatabase({ ...machine.owner, user: "lamplight_app", password: workstationPassword });
  const place = { ...hospital, database, owner: owner.query };
  const nurse = await signedIn(place, "demo_nurse");
  expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
  const ward = await nurse.call("list_ward");
  expect(ward.ok && (ward.value as { patients: unknown[] }).patients.length).toBe(14);
  const auditor = await signedIn(place, "demo_auditor");
  expect(await auditor.call("verify_audit_chain", {}, { via: "person" })).toMatchObject({
    ok: true,
    value: { intact: true },
  });
  await database.close();
});
