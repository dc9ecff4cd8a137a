import { Refusal } from "../../shared/failure";
import { newSealingKey } from "../sealing/seal";
import type { HashingParameters } from "../session/password-keys";
import { auditHistory, type HistoryEntry } from "./audit-history";
import { credentialRows } from "./credential-rows";
import { readDemoData } from "./demo-data";
import { demoId } from "./demo-ids";
import { momentsAround } from "./moments";
import { patientRows, patientTables } from "./patient-rows";
import { shiftRows } from "./shift-rows";

/** One connection of the owner of the schema; what is asked of it happens in order. */
export interface Queryable {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface DemoHospitalOptions {
  readonly owner: Queryable;
  readonly clock: { now(): Date };
  readonly hashing: HashingParameters;
  /** resources/demo-hospital of this version. */
  readonly folder: string;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Any number, the same in every version: it keeps processes that would fill an empty hospital apart. */
export const LOADING_LOCK = 7_242_016;
const INSTALLATION_CHAIN = "00000000-0000-0000-0000-000000000000";

/**
 * Loads the demo hospital in one transaction, once: whoever asks again, or at the same time, gets `loaded: false` and
 * changes nothing. Refuses a database that already holds another hospital.
 */
export async function loadDemoHospital(options: DemoHospitalOptions): Promise<{ loaded: boolean }> {
  const { owner } = options;
  await owner.query("BEGIN");
  try {
    await owner.query("SET LOCAL ROLE lamplight_owner");
    await owner.query("SELECT pg_advisory_xact_lock($1)", [LOADING_LOCK]);
    const state = await owner.query(
      `SELECT i.loaded_at IS NOT NULL AS loaded,
              EXISTS (SELECT FROM hospital.staff) OR EXISTS (SELECT FROM hospital.patient) OR EXISTS (SELECT FROM hospital.ward) AS occupied FROM private.installation i`,
    );
    const loaded = state.rows[0]?.["loaded"] === true;
    if (!loaded && state.rows[0]?.["occupied"] === true) throw new Refusal("ALREADY_LOADED");
    if (!loaded) await fill(options);
    await owner.query("COMMIT");
    return { loaded: !loaded };
  } catch (error) {
    // Where the connection itself broke, the server rolls back; the first error is the one that tells why.
    await owner.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** One statement a table: PostgreSQL unpacks the rows, the columns that a row does not name keep their defaults. */
async function insert(owner: Queryable, table: string, rows: readonly object[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first)
    .map((name) => `"${name}"`)
    .join(", ");
  await owner.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function fill({ owner, clock, hashing, folder, onProgress }: DemoHospitalOptions): Promise<void> {
  const data = await readDemoData(folder);
  const now = clock.now();
  const moments = momentsAround(now);
  const fieldKey = newSealingKey();
  const rows = patientRows({ data, moments, fieldKey, now });
  const steps = patientTables.length + 5;
  let done = 0;
  const step = () => onProgress?.(++done, steps);

  // Passwords are the slow part: they are derived on other threads while PostgreSQL takes the rows.
  const credentials = credentialRows(data, fieldKey, hashing);
  credentials.catch(() => undefined);
  await insert(
    owner,
    "hospital.ward",
    data.wards.map(({ code, name, department }) => ({ code, name, department })),
  );
  await insert(
    owner,
    "hospital.bed",
    data.wards.flatMap((ward) =>
      Array.from({ length: ward.beds }, (_, index) => ({
        ward_code: ward.code,
        code: String(index + 1).padStart(2, "0"),
      })),
    ),
  );
  await insert(
    owner,
    "hospital.staff",
    data.staff.map(({ id, username, name, role, department }) => ({ id, username, name, role, department })),
  );
  step();
  await insert(owner, "hospital.shift", shiftRows(data, moments));
  step();
  for (const table of patientTables) {
    await insert(owner, `hospital.${table}`, rows[table]);
    step();
  }
  // Explicit and open-ended, so that the demo works at any hour of any later day.
  const onTheWard = data.patients.filter((patient) => patient.place?.ward === "5A");
  await insert(
    owner,
    "hospital.assignment",
    ["STF001", "STF002"].flatMap((staff) =>
      onTheWard.map((patient) => ({
        staff_id: staff,
        patient_id: demoId(patient.number),
        reason: "care team of ward 5A",
        valid_from: moments.ago(patient.admitted?.hoursAgo ?? 1),
      })),
    ),
  );
  step();
  const { credential, sealed_key } = await credentials;
  await insert(owner, "private.credential", credential);
  await insert(owner, "private.sealed_key", sealed_key);
  fieldKey.key.fill(0);
  step();
  await appendHistory(owner, auditHistory(data, now), now);
  await owner.query(
    "UPDATE private.installation SET demo = true, loaded_at = $1, memory_kib = $2, iterations = $3, parallelism = $4",
    [now.toISOString(), hashing.memoryKib, hashing.iterations, hashing.parallelism],
  );
  step();
}

/** Through the one function that appends, in order: a chain that was written around it would not verify. */
async function appendHistory(owner: Queryable, history: readonly HistoryEntry[], now: Date): Promise<void> {
  const loading = {
    staff: null,
    role: null,
    action: "HOSPITAL_LOADED",
    tool: null,
    outcome: "granted",
    patients: [],
    workstation: null,
    detail: { demo: true },
    at: now.toISOString(),
  };
  await owner.query(
    `SELECT private.append_audit($1, NULL, e.staff, e.role, e.action, e.tool, e.outcome, e.patients, e.workstation, e.detail, e.at)
       FROM (SELECT r.* FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS
               (staff text, role text, action text, tool text, outcome text, patients uuid[], workstation text, detail jsonb, at timestamptz)
             ) WITH ORDINALITY AS r (staff, role, action, tool, outcome, patients, workstation, detail, at, number)
              ORDER BY r.number OFFSET 0) AS e`,
    [INSTALLATION_CHAIN, JSON.stringify([...history, loading])],
  );
}
