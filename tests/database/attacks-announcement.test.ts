import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { announce, connectDirectly, type Direct, type RawSession, read, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let nurse: RawSession;
const countVitals = "SELECT count(*)::int AS n FROM api.vital_signs";

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
});
beforeEach(async () => {
  nurse = await signInDirectly(direct, "demo_nurse");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const aboutLeah = () => announce(direct, nurse.token, "get_vital_signs", { patient: "FCE57" });
const open = (announcement: string | null) =>
  direct.refusal("SELECT api.open_request($1, $2)", [nurse.token, announcement]);
/** When the transaction of `direct` began, as PostgreSQL writes it. Earlier by more than a millisecond when this answers. */
async function transactionTime(): Promise<string> {
  const [row] = await direct.rows("SELECT now()::text AS began, pg_sleep(0.005)");
  return String(row?.["began"]);
}
async function audited(): Promise<number> {
  const { rows } = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.audit_entry WHERE session_id = $1 AND tool = 'get_vital_signs' AND outcome = 'granted'",
    [nurse.id],
  );
  return Number(rows[0]?.["n"]);
}

test("announcing and opening in one transaction opens nothing", async () => {
  await direct.rows("BEGIN");
  const { announcement } = await aboutLeah();
  expect(await open(announcement)).toBe("28000");
  expect(await audited()).toBe(0);
});

test("savepoints do not make two transactions of one", async () => {
  await direct.rows("BEGIN");
  await direct.rows("SAVEPOINT announced");
  const { announcement } = await aboutLeah();
  await direct.rows("RELEASE SAVEPOINT announced");
  await direct.rows("SAVEPOINT opened");
  expect(await open(announcement)).toBe("28000");
  await direct.rows("BEGIN");
  const block = `DO $x$ DECLARE a uuid; BEGIN
    BEGIN SELECT announcement INTO a FROM api.announce('${nurse.token}', 'get_vital_signs', '{"patient": "FCE57"}'); EXCEPTION WHEN division_by_zero THEN NULL; END;
    BEGIN PERFORM api.open_request('${nurse.token}', a); EXCEPTION WHEN division_by_zero THEN NULL; END; END $x$`;
  expect(await direct.refusal(block)).toBe("28000");
  expect(await audited()).toBe(0);
});

test("an announcement that was rolled back, or is not committed yet, opens nothing", async () => {
  await direct.rows("BEGIN");
  const { announcement } = await aboutLeah();
  const other = await connectDirectly(hospital);
  expect(await other.refusal("SELECT api.open_request($1, $2)", [nurse.token, announcement])).toBe("28000");
  await other.end();
  await direct.rows("ROLLBACK");
  expect(await open(announcement)).toBe("28000");
});

test("a prepared transaction cannot hold an announcement in between", async () => {
  await direct.rows("BEGIN");
  const { announcement } = await aboutLeah();
  expect(await direct.refusal("PREPARE TRANSACTION 'between'")).toBe("55000");
  expect(await open(announcement)).toBe("28000");
});

test("rolling a read back does not take its announcement out of the audit", async () => {
  const { announcement } = await aboutLeah();
  await direct.rows("BEGIN");
  await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, announcement]);
  expect((await direct.rows(countVitals))[0]?.["n"]).toBeGreaterThan(5);
  await direct.rows("ROLLBACK");
  expect(await audited()).toBe(1);
});

test("an announcement serves again within its half minute, and not after it", async () => {
  const { announcement } = await aboutLeah();
  const { rows } = await hospital.owner(
    "SELECT extract(epoch FROM expires_at - clock_timestamp()) AS s FROM private.announcement WHERE id = $1",
    [announcement],
  );
  expect(Number(rows[0]?.["s"])).toBeLessThanOrEqual(30);
  for (let again = 0; again < 2; again += 1)
    expect((await read(direct, nurse.token, announcement, countVitals))[0]?.["n"]).toBeGreaterThan(5);
  await hospital.owner("UPDATE private.announcement SET expires_at = clock_timestamp() WHERE id = $1", [announcement]);
  for (let again = 0; again < 2; again += 1) expect(await open(announcement)).toBe("28000");
});

test("a request that is still open when its announcement expires loses its rows", async () => {
  const { announcement } = await aboutLeah();
  await direct.rows("BEGIN READ ONLY");
  const began = await transactionTime();
  await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, announcement]);
  expect((await direct.rows(countVitals))[0]?.["n"]).toBeGreaterThan(5);
  // Over by the clock, and not yet for whoever asks a transaction for its time.
  await hospital.owner("UPDATE private.announcement SET expires_at = $2::timestamptz + interval '1 ms' WHERE id = $1", [
    announcement,
    began,
  ]);
  expect((await direct.rows(countVitals))[0]?.["n"]).toBe(0);
  await direct.rows("COMMIT");
});

test("an announcement for one patient shows no other patient, no ward, and no other part of the chart", async () => {
  const { announcement } = await aboutLeah();
  const other = await hospital.owner(
    "SELECT patient_id FROM hospital.placement WHERE ward_code = '5A' AND patient_id <> $1 LIMIT 1",
    [scene.ours.id],
  );
  const elsewhere = [scene.theirs.id, other.rows[0]?.["patient_id"]];
  expect(await read(direct, nurse.token, announcement, "SELECT DISTINCT patient_id FROM api.patient_overview")).toEqual(
    [{ patient_id: scene.ours.id }],
  );
  for (const id of elsewhere)
    expect(
      (await read(direct, nurse.token, announcement, `${countVitals} WHERE patient_id = $1`, [id]))[0]?.["n"],
    ).toBe(0);
  for (const view of [
    "allergies",
    "medications",
    "medical_records",
    "patient_identity",
    "shifts",
    "audit_trail",
    "chats",
  ])
    expect(await read(direct, nurse.token, announcement, `SELECT * FROM api.${view}`), view).toEqual([]);
});

test("a search shows the overviews it found, and of nobody else, even if the ward has more", async () => {
  const { announcement } = await announce(direct, nurse.token, "find_patients", { query: "arnold" });
  const rows = await read(direct, nurse.token, announcement, "SELECT patient_number FROM api.patient_overview");
  expect(rows).toEqual([{ patient_number: "FCE57" }]);
  expect(await read(direct, nurse.token, announcement, "SELECT * FROM api.vital_signs")).toEqual([]);
});

test("several announcements may be open at once, each for its own", async () => {
  const vitals = await aboutLeah();
  const allergies = await announce(direct, nurse.token, "get_allergies", { patient: "FCE57" });
  expect((await read(direct, nurse.token, vitals.announcement, countVitals))[0]?.["n"]).toBeGreaterThan(5);
  expect(
    (await read(direct, nurse.token, allergies.announcement, "SELECT * FROM api.allergies")).length,
  ).toBeGreaterThan(0);
});

test("Reception cannot read an admission under an announcement for the overview or for appointments", async () => {
  const reception = await signInDirectly(direct, "demo_reception");
  for (const tool of ["get_patient_overview", "get_appointments"]) {
    const { announcement, outcome } = await announce(direct, reception.token, tool, { patient: "FCE57" });
    expect(outcome).toBe("granted");
    expect(await read(direct, reception.token, announcement, "SELECT * FROM api.admissions"), tool).toEqual([]);
  }
});

test("a transaction that was opened during the shift does not keep its nurse on the care team", async () => {
  const { id } = scene.theirs;
  await hospital.owner(
    "UPDATE hospital.shift SET starts_at = now() - interval '8 hours', ends_at = now() - interval '25 minutes', ward_code = 'ICU' WHERE staff_id = $1 AND now() BETWEEN starts_at AND ends_at",
    [nurse.staffId],
  );
  const announcing = await connectDirectly(hospital);
  for (const client of [announcing, direct]) await client.rows("BEGIN; SELECT 1");
  const during = await announce(direct, nurse.token, "get_vital_signs", { patient: scene.theirs.number });
  expect(during.outcome).toBe("granted");
  await direct.rows("COMMIT; BEGIN; SELECT 1");
  // Half an hour after the shift has gone by on the clock, and not yet at the time when either transaction began.
  await hospital.owner(
    "UPDATE hospital.shift SET ends_at = $2::timestamptz - interval '30 minutes' + interval '1 ms' WHERE staff_id = $1 AND ward_code = 'ICU'",
    [nurse.staffId, await transactionTime()],
  );
  expect((await announce(announcing, nurse.token, "get_vital_signs", { patient: scene.theirs.number })).outcome).toBe(
    "PATIENT_NOT_FOUND",
  );
  await announcing.rows("COMMIT");
  await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, during.announcement]);
  expect(await direct.rows("SELECT * FROM api.vital_signs WHERE patient_id = $1", [id])).toEqual([]);
  await direct.rows("COMMIT");
  await announcing.end();
  await hospital.owner(
    "UPDATE hospital.shift SET ward_code = '5A', ends_at = now() + interval '8 hours' WHERE staff_id = $1 AND ward_code = 'ICU'",
    [nurse.staffId],
  );
});

test("a time zone of one's own does not make tomorrow's appointment today's", async () => {
  const book = (hours: number) =>
    hospital.owner(
      `INSERT INTO hospital.appointment SELECT gen_random_uuid(), $1, $2, 'ICU',
      (date_trunc('day', now() AT TIME ZONE 'UTC') + make_interval(hours => $3)) AT TIME ZONE 'UTC', 30, NULL, 'booked'`,
      [scene.theirs.id, nurse.staffId, hours],
    );
  await hospital.owner("UPDATE private.installation SET time_zone = 'UTC'");
  await book(30);
  await book(-6);
  for (const zone of ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "<x>-24:00"]) {
    await direct.rows("SELECT set_config('TimeZone', $1, false)", [zone]);
    expect(
      (await announce(direct, nurse.token, "get_vital_signs", { patient: scene.theirs.number })).outcome,
      zone,
    ).toBe("PATIENT_NOT_FOUND");
  }
  await book(12);
  expect((await announce(direct, nurse.token, "get_vital_signs", { patient: scene.theirs.number })).outcome).toBe(
    "granted",
  );
  await direct.rows("RESET ALL");
  await hospital.owner("DELETE FROM hospital.appointment WHERE patient_id = $1 AND staff_id = $2", [
    scene.theirs.id,
    nurse.staffId,
  ]);
});

test("announcements that have served do not pile up", async () => {
  await aboutLeah();
  await hospital.owner("UPDATE private.announcement SET expires_at = now() - interval '2 hours'");
  const { announcement } = await aboutLeah();
  await signInDirectly(direct, "demo_doctor");
  expect((await hospital.owner("SELECT id FROM private.announcement")).rows).toEqual([{ id: announcement }]);
});
