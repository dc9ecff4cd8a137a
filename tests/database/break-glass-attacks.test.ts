import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BreakGlassScene, breakGlassScene } from "../support/break-glass";
import {
  announce,
  connectDirectly,
  type Direct,
  proofOf,
  type RawSession,
  read,
  signInDirectly,
} from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/** Emergency access attacked by who holds the workstation's login and, at times, a clinician's open session. */
let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let glass: BreakGlassScene;
let nurse: RawSession;
let doctor: RawSession;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  glass = breakGlassScene(hospital, direct);
});
beforeEach(async () => {
  await glass.clear();
  nurse = await signInDirectly(direct, "demo_nurse");
  doctor = await signInDirectly(direct, "demo_doctor");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const openStatement = "SELECT * FROM api.open_break_glass($1, $2, $3)";
async function nothingIsOpen(): Promise<void> {
  for (const session of [nurse, doctor]) {
    const said = await announce(direct, session.token, "get_vital_signs", { patient: scene.theirs.number });
    expect(said).toEqual({ announcement: null, outcome: "PATIENT_NOT_FOUND" });
  }
  expect((await hospital.owner("SELECT count(*)::int AS n FROM private.break_glass_grant")).rows).toEqual([{ n: 0 }]);
}
/** Refused, closed, told to the audit, an alert, and something to judge. */
async function refusedAndTold(answer: Record<string, unknown> | undefined, outcome: string, person = nurse) {
  expect(answer).toEqual({ outcome, patient_number: null, until: null, seconds_left: null });
  await nothingIsOpen();
  const left = await glass.left(person.staffId);
  expect(left.alerts).toBeGreaterThanOrEqual(1);
  expect(left.reviews).toBeGreaterThanOrEqual(1);
  expect(left.audit[0]).toBe(`BREAK_GLASS_DENIED ${outcome}`);
}

test("an invented request opens nothing", async () => {
  const attempt = await glass.attempt("demo_nurse");
  await refusedAndTold(await glass.open(nurse, crypto.randomUUID(), attempt), "NOT_ANNOUNCED");
  await refusedAndTold(await glass.open(nurse, null, attempt), "NOT_ANNOUNCED");
});

test("the request of another person, or of another session of the same person, opens nothing", async () => {
  const theirs = await glass.ask(doctor, scene.theirs.number);
  await refusedAndTold(await glass.open(nurse, theirs["request"], await glass.attempt("demo_nurse")), "NOT_ANNOUNCED");
  const elsewhere = await signInDirectly(direct, "demo_nurse");
  const own = await glass.ask(elsewhere, scene.theirs.number);
  await refusedAndTold(await glass.open(nurse, own["request"], await glass.attempt("demo_nurse")), "NOT_ANNOUNCED");
});

test("announced and opened in one transaction is not announced: a rollback would erase the alert", async () => {
  const attempt = await glass.attempt("demo_nurse");
  await direct.rows("BEGIN");
  const said = await glass.ask(nurse, scene.theirs.number);
  await direct.rows("SAVEPOINT inner_one");
  const answer = await glass.open(nurse, said["request"], attempt);
  await direct.rows("COMMIT");
  await refusedAndTold(answer, "NOT_ANNOUNCED");
});

test("an opening that is rolled back grants nothing, and what was announced stands", async () => {
  const said = await glass.ask(nurse, scene.theirs.number);
  await direct.rows("BEGIN");
  const answer = await glass.open(nurse, said["request"], await proveInOtherTransaction());
  expect(answer["outcome"]).toBe("opened");
  await direct.rows("ROLLBACK");
  await nothingIsOpen();
  const { rows } = await hospital.owner("SELECT rule, severity FROM private.alert WHERE rule LIKE 'break-glass%'");
  expect(rows).toEqual([{ rule: "break-glass", severity: "urgent" }]);
});

/** An attempt that another connection has committed. */
async function proveInOtherTransaction(): Promise<string> {
  const second = await connectDirectly(hospital);
  const proof = await proofOf(second, "demo_nurse");
  const [begun] = await second.rows("SELECT api.begin_sign_in('demo_nurse', $1) AS id", [proof]);
  await second.end();
  return String(begun?.["id"]);
}

test("a request opens once: a replay, with the old proof or a new one, opens nothing and lengthens nothing", async () => {
  const said = await glass.ask(nurse, scene.theirs.number);
  const attempt = await glass.attempt("demo_nurse");
  const opened = await glass.open(nurse, said["request"], attempt);
  expect(opened["outcome"]).toBe("opened");
  await glass.age(nurse.staffId, 30);
  const untilOf = async () => (await hospital.owner("SELECT until FROM private.break_glass_grant")).rows;
  const until = await untilOf();
  for (const proof of [attempt, await glass.attempt("demo_nurse")])
    expect(await glass.open(nurse, said["request"], proof)).toMatchObject({ outcome: "NOT_ANNOUNCED", until: null });
  expect(await untilOf()).toEqual(until);
  await direct.rows("SELECT api.end_break_glass($1)", [nurse.token]);
  expect(await glass.open(nurse, said["request"], await glass.attempt("demo_nurse"))).toMatchObject({
    outcome: "NOT_ANNOUNCED",
  });
  expect((await glass.left(nurse.staffId)).alerts).toBe(4);
});

test("a request that is older than two minutes opens nothing", async () => {
  const said = await glass.ask(nurse, scene.theirs.number);
  await hospital.owner("UPDATE private.break_glass_request SET at = at - interval '2 minutes'");
  await refusedAndTold(await glass.open(nurse, said["request"], await glass.attempt("demo_nurse")), "NOT_ANNOUNCED");
});

test("a proof that is somebody else's, invented, of this transaction, used or too old opens nothing", async () => {
  const proof = await proofOf(direct, "demo_nurse");
  const spent = await glass.attempt("demo_nurse");
  await direct.rows("SELECT * FROM api.finish_sign_in($1)", [spent]);
  const old = await glass.attempt("demo_nurse");
  await hospital.owner("UPDATE private.sign_in_attempt SET at = at - interval '2 minutes' WHERE id = $1", [old]);
  for (const attempt of [await glass.attempt("demo_doctor"), crypto.randomUUID(), null, spent, old]) {
    await hospital.owner("DELETE FROM private.sign_in_counter");
    const said = await glass.ask(nurse, scene.theirs.number);
    await refusedAndTold(await glass.open(nurse, said["request"], attempt), "SIGN_IN_FAILED");
    await hospital.owner("TRUNCATE private.break_glass_request CASCADE");
  }
  const said = await glass.ask(nurse, scene.theirs.number);
  await direct.rows("BEGIN");
  const [begun] = await direct.rows("SELECT api.begin_sign_in('demo_nurse', $1) AS id", [proof]);
  const [answer] = await direct.rows(openStatement, [nurse.token, said["request"], begun?.["id"]]);
  await direct.rows("COMMIT");
  await refusedAndTold(answer, "SIGN_IN_FAILED");
});

test("a disabled person and a locked or ended session open nothing, and what was open is closed to them", async () => {
  const ends: readonly (() => Promise<unknown>)[] = [
    () => hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE id = $1", [nurse.staffId]),
    () => direct.rows("SELECT api.lock_session($1, 'person')", [nurse.token]),
    () => direct.rows("SELECT api.sign_out($1)", [nurse.token]),
  ];
  for (const end of ends) {
    await glass.clear();
    nurse = await signInDirectly(direct, "demo_nurse");
    const said = await glass.ask(nurse, scene.theirs.number);
    const attempt = await glass.attempt("demo_nurse");
    await end();
    expect(await direct.refusal(openStatement, [nurse.token, said["request"], attempt])).toBe("28000");
    expect(await direct.refusal("SELECT api.announce_break_glass($1, 'FCE57', 'unconscious')", [nurse.token])).toBe(
      "28000",
    );
    const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM private.alert WHERE rule = 'break-glass'");
    expect(rows).toEqual([{ n: 1 }]);
  }
});

test("reading needs the announcement of every other reading too, under the signature that the transaction was given", async () => {
  expect((await glass.breakGlass(nurse, "demo_nurse", scene.theirs.number))["outcome"]).toBe("opened");
  expect(await direct.rows("SELECT * FROM api.vital_signs")).toEqual([]);
  const { announcement } = await announce(direct, nurse.token, "get_allergies", { patient: scene.theirs.number });
  // Only what the tool discloses, and nothing to another session with the same announcement.
  expect(await read(direct, nurse.token, announcement, "SELECT * FROM api.medications")).toEqual([]);
  expect(await direct.refusal("SELECT api.open_request($1, $2)", [doctor.token, announcement])).toBe("28000");
});

test("an announcement of the emergency does not outlive its end", async () => {
  await glass.breakGlass(nurse, "demo_nurse", scene.theirs.number);
  const { announcement } = await announce(direct, nurse.token, "get_vital_signs", { patient: scene.theirs.number });
  expect((await read(direct, nurse.token, announcement, "SELECT * FROM api.vital_signs")).length).toBeGreaterThan(0);
  await direct.rows("SELECT api.end_break_glass($1)", [nurse.token]);
  expect(await read(direct, nurse.token, announcement, "SELECT * FROM api.vital_signs")).toEqual([]);
});

test("the login touches none of its tables and calls none of its inner functions", async () => {
  for (const table of ["break_glass_request", "break_glass_grant", "break_glass_verdict"])
    for (const statement of [
      `SELECT * FROM private.${table}`,
      `DELETE FROM private.${table}`,
      `TRUNCATE private.${table}`,
    ])
      expect(await direct.refusal(statement), statement).toBe("42501");
  const inner = [
    "private.emergency_patients('STF002', now())",
    "private.end_lapsed_break_glass()",
    "private.end_break_glass(gen_random_uuid(), 'x', now(), gen_random_uuid())",
    "private.reviews_waiting()",
  ];
  for (const call of inner) expect(await direct.refusal(`SELECT ${call}`), call).toBe("42501");
});

test("an hour is the most that a row can hold, whoever writes it, and a verdict stands, also for the owner", async () => {
  await glass.breakGlass(nurse, "demo_nurse", scene.theirs.number);
  await expect(
    hospital.owner("UPDATE private.break_glass_grant SET until = until + interval '1 second'"),
  ).rejects.toMatchObject({ code: "23514" });
  await hospital.owner(
    "INSERT INTO private.break_glass_verdict (id, request_id, by_id, verdict) SELECT gen_random_uuid(), id, 'STF001', 'justified' FROM private.break_glass_request",
  );
  for (const statement of [
    "UPDATE private.break_glass_verdict SET note = 'x'",
    "DELETE FROM private.break_glass_verdict",
  ])
    await expect(hospital.owner(statement)).rejects.toMatchObject({ code: "42501" });
});

test("of two workstations that ask at the same moment one person gets one chart", async () => {
  const elsewhere = await signInDirectly(direct, "demo_nurse");
  const asked = [
    { session: nurse, request: (await glass.ask(nurse, scene.theirs.number))["request"] },
    { session: elsewhere, request: (await glass.ask(elsewhere, scene.theirs.number))["request"] },
  ];
  const clients = await Promise.all(asked.map(() => connectDirectly(hospital)));
  const attempts = [await glass.attempt("demo_nurse"), await glass.attempt("demo_nurse")];
  const answers = await Promise.all(
    asked.map(({ session, request }, index) =>
      (clients[index] as Direct).rows(openStatement, [session.token, request, attempts[index]]),
    ),
  );
  await Promise.all(clients.map((client) => client.end()));
  expect(answers.map(([row]) => String(row?.["outcome"])).sort()).toEqual(["BREAK_GLASS_OPEN", "opened"]);
});

test("fifty refusals of one kind are one line to judge, and every one of them is in the audit", async () => {
  const billing = await signInDirectly(direct, "demo_billing");
  const { rows: before } = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.audit_entry WHERE staff_id = $1",
    [billing.staffId],
  );
  for (let attempt = 0; attempt < 50; attempt += 1) await glass.ask(billing, scene.theirs.number);
  const { rows } = await hospital.owner(
    `SELECT (SELECT array_agg(repeats) FROM private.break_glass_request) AS requests, (SELECT array_agg(repeats) FROM private.alert WHERE rule = 'break-glass-refused') AS alerts,
       (SELECT count(*)::int FROM private.audit_entry WHERE staff_id = $1 AND action = 'BREAK_GLASS_DENIED') AS entries`,
    [billing.staffId],
  );
  expect(rows[0]).toMatchObject({ requests: [50], alerts: [50] });
  expect(Number(rows[0]?.["entries"])).toBeGreaterThanOrEqual(50);
  expect(Number(before[0]?.["n"])).toBeGreaterThan(0);
});
