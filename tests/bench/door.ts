import { parseArgs } from "node:util";
import { say } from "../../scripts/lib/command-line";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { type Measure, measure, measureWatching } from "./measure";

/**
 * Measures the way to a patient's data as ratios against a raw select by the owner, in the same run on the same server, so
 * that the numbers mean the same on every machine. `--patients N` fills the hospital up to N first (1,000,000 takes minutes).
 */
const { values } = parseArgs({
  options: { patients: { type: "string", default: "50" }, rounds: { type: "string", default: "300" } },
});
const rounds = Number(values.rounds);

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

function told(one: Measure, ratio: number): void {
  const columns = [one.mean, one.p50, one.p95].map((time) => `${time.toFixed(2)} ms`.padStart(11));
  say(`${one.name.padEnd(40)}${columns.join("")}${ratio.toFixed(2).padStart(9)}`);
}

const hospital = await startTestHospital();
try {
  const patients = Number(values.patients);
  if (patients > 50) await fill(hospital, patients);
  const nurse = await signedIn(hospital, "demo_nurse");
  const reception = await signedIn(hospital, "demo_reception");
  const patient = { patient_id: "FCE57" };
  const rawKey = await measure("raw select by key (owner)", rounds, () =>
    hospital.owner("SELECT * FROM hospital.patient WHERE patient_number = $1", ["FCE57"]),
  );
  const rawRecords = await measure("raw select of records (owner)", rounds, () =>
    hospital.owner(
      "SELECT r.* FROM hospital.patient p JOIN hospital.medical_record r ON r.patient_id = p.id WHERE p.patient_number = $1 ORDER BY r.written_at DESC",
      ["FCE57"],
    ),
  );
  const table: [Measure, Measure][] = [
    [rawKey, rawKey],
    [await measure("door: get_patient_overview", rounds, () => nurse.call("get_patient_overview", patient)), rawKey],
    [await measure("door: find_patients (nurse)", rounds, () => nurse.call("find_patients", { query: "arn" })), rawKey],
    [
      await measure("door: find_patients (reception, all)", rounds, () =>
        reception.call("find_patients", { query: "arn" }),
      ),
      rawKey,
    ],
    [await measure("door: get_patient_phi", rounds, () => nurse.call("get_patient_phi", patient)), rawKey],
    [await measure("door: not found", rounds, () => nurse.call("get_allergies", { patient_id: "ZZZ99" })), rawKey],
    [rawRecords, rawRecords],
    [
      await measure("door: get_medical_records (4 views)", rounds, () => nurse.call("get_medical_records", patient)),
      rawRecords,
    ],
    [await measure("door: get_vital_signs", rounds, () => nurse.call("get_vital_signs", patient)), rawRecords],
    [await measure("door: list_ward", rounds, () => nurse.call("list_ward")), rawRecords],
  ];
  const watching = [
    await measureWatching(hospital, "get_vital_signs", rounds, () => nurse.call("get_vital_signs", patient)),
    await measureWatching(hospital, "find_patients", rounds, () => nurse.call("find_patients", { query: "arn" })),
    await measureWatching(hospital, "list_ward", rounds, () => nurse.call("list_ward")),
    await measureWatching(hospital, "not found", rounds, () => nurse.call("get_allergies", { patient_id: "ZZZ99" })),
  ];
  say(`${patients} patients, ${rounds} rounds, one client`);
  say(`${"what".padEnd(40)}${["mean", "p50", "p95"].map((name) => name.padStart(11)).join("")}${"ratio".padStart(9)}`);
  for (const [one, baseline] of table) told(one, one.p50 / baseline.p50);
  // By the mean: how much a person saw is counted at every tenth reading, which a median does not see.
  say("\nThe rules over the audit (0028), with them and without, by turns in the same run; the ratio is of the means:");
  for (const { watched, unwatched } of watching) {
    told(unwatched, 1);
    told(watched, watched.mean / unwatched.mean);
  }
} finally {
  await hospital.close();
}
