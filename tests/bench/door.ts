import { parseArgs } from "node:util";
import { say } from "../../scripts/lib/command-line";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";

/**
 * Measures the way to a patient's data as ratios against a raw select by the owner, in the same run on the same server, so
 * that the numbers mean the same on every machine. `--patients N` fills the hospital up to N first (1,000,000 takes minutes).
 */
const { values } = parseArgs({
  options: { patients: { type: "string", default: "50" }, rounds: { type: "string", default: "300" } },
});
const rounds = Number(values.rounds);

interface Measure {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
}

async function measure(name: string, work: () => Promise<unknown>): Promise<Measure> {
  for (let round = 0; round < 20; round += 1) await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { name, p50: at(0.5), p95: at(0.95) };
}

async function fill(hospital: TestHospital, patients: number): Promise<void> {
  say(`Filling the hospital up to ${patients} patients …`);
  await hospital.owner("SET synchronous_commit = off");
  await hospital.owner(
    `INSERT INTO hospital.patient (id, patient_number, family_name, given_name, gender, birth_year)
     SELECT gen_random_uuid(), 'Q' || lpad(upper(to_hex(g)), 5, '0'), 'Family' || md5(g::text), 'Given' || md5((g + 7)::text), 'unknown', 1930 + g % 80
       FROM generate_series(1, $1) g ON CONFLICT DO NOTHING`,
    [patients - 50],
  );
  await hospital.owner(
    `INSERT INTO hospital.medical_record (id, patient_id, kind, title, body, written_at)
     SELECT gen_random_uuid(), p.id, 'nursing-note', 'Note', repeat('text ', 30), now() - random() * interval '300 days'
       FROM hospital.patient p CROSS JOIN generate_series(1, 2) WHERE p.patient_number LIKE 'Q%'`,
  );
  await hospital.owner("ANALYZE");
}

const hospital = await startTestHospital();
try {
  const patients = Number(values.patients);
  if (patients > 50) await fill(hospital, patients);
  const nurse = await signedIn(hospital, "demo_nurse");
  const reception = await signedIn(hospital, "demo_reception");
  const patient = { patient_id: "FCE57" };
  const rawKey = await measure("raw select by key (owner)", () =>
    hospital.owner("SELECT * FROM hospital.patient WHERE patient_number = $1", ["FCE57"]),
  );
  const rawRecords = await measure("raw select of records (owner)", () =>
    hospital.owner(
      "SELECT r.* FROM hospital.patient p JOIN hospital.medical_record r ON r.patient_id = p.id WHERE p.patient_number = $1 ORDER BY r.written_at DESC",
      ["FCE57"],
    ),
  );
  const table: [Measure, Measure][] = [
    [rawKey, rawKey],
    [await measure("door: get_patient_overview", () => nurse.call("get_patient_overview", patient)), rawKey],
    [await measure("door: find_patients (nurse)", () => nurse.call("find_patients", { query: "arn" })), rawKey],
    [
      await measure("door: find_patients (reception, all)", () => reception.call("find_patients", { query: "arn" })),
      rawKey,
    ],
    [await measure("door: get_patient_phi", () => nurse.call("get_patient_phi", patient)), rawKey],
    [await measure("door: not found", () => nurse.call("get_allergies", { patient_id: "ZZZ99" })), rawKey],
    [rawRecords, rawRecords],
    [
      await measure("door: get_medical_records (4 views)", () => nurse.call("get_medical_records", patient)),
      rawRecords,
    ],
    [await measure("door: get_vital_signs", () => nurse.call("get_vital_signs", patient)), rawRecords],
    [await measure("door: list_ward", () => nurse.call("list_ward")), rawRecords],
  ];
  say(`${patients} patients, ${rounds} rounds, one client`);
  say(`${"what".padEnd(40)}${"p50".padStart(10)}${"p95".padStart(10)}${"ratio".padStart(9)}`);
  for (const [one, baseline] of table)
    say(
      `${one.name.padEnd(40)}${`${one.p50.toFixed(2)} ms`.padStart(10)}${`${one.p95.toFixed(2)} ms`.padStart(10)}${(one.p50 / baseline.p50).toFixed(1).padStart(9)}`,
    );
} finally {
  await hospital.close();
}
