import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { beginProof } from "../../electron/emergency/begin-proof";
import { createBreakGlass } from "../../electron/emergency/break-glass";
import { recordVitalSigns } from "../../electron/records/vital-signs-record";
import type { Role } from "../../shared/access/roles";
import { Refusal } from "../../shared/failure";
import { tools } from "../../shared/tools/registry";
import { type BreakGlassScene, breakGlassScene } from "../support/break-glass";
import { demoPassword } from "../support/demo-password";
import {
  announce,
  connectDirectly,
  type Direct,
  proofOf,
  type RawSession,
  read,
  signInDirectly,
} from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { ordinarySet } from "../support/outbox";
import { cellOf, columns, tableTools } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

/** Who gets a chart in an emergency, how long, and what each try leaves behind: PostgreSQL's own answers. */
let hospital: TestHospital;
let scene: Scene;
let other: string;
let direct: Direct;
let glass: BreakGlassScene;
const sessions = {} as Record<Role, RawSession>;
const patientTools = tableTools.filter((tool) => tools[tool].scope === "patient");

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  glass = breakGlassScene(hospital, direct);
  const { rows } = await hospital.owner(
    `SELECT p.patient_number AS number FROM hospital.patient p JOIN hospital.placement b ON b.patient_id = p.id
      WHERE b.ward_code = 'ICU' AND p.id <> $1 AND NOT EXISTS (SELECT FROM hospital.assignment a WHERE a.patient_id = p.id AND a.staff_id = 'STF002')
      ORDER BY 1 LIMIT 1`,
    [scene.theirs.id],
  );
  other = String(rows[0]?.["number"]);
});
beforeEach(async () => {
  await glass.clear();
  for (const role of columns) sessions[role] = await signInDirectly(direct, accountOf(role));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const reads = async (session: RawSession, number: string) =>
  (await announce(direct, session.token, "get_vital_signs", { patient: number })).outcome === "granted";

describe.each(columns)("a %s in an emergency", (role) => {
  const allowed = role === "Doctor" || role === "Nurse";
  test(allowed ? "is given the chart" : "is refused, whoever the patient is", async () => {
    const session = sessions[role];
    const before = await glass.left(session.staffId);
    const answer = await glass.breakGlass(session, accountOf(role), scene.theirs.number);
    const after = await glass.left(session.staffId);
    expect(after).toMatchObject({ alerts: before.alerts + 1, reviews: before.reviews + 1 });
    if (allowed) {
      expect(answer).toMatchObject({ outcome: "opened", patient_number: scene.theirs.number });
      expect(after.audit.slice(0, 2)).toEqual(["BREAK_GLASS_OPENED granted", "BREAK_GLASS_REQUESTED granted"]);
      expect(await reads(session, scene.theirs.number)).toBe(true);
    } else {
      expect(answer).toEqual({ request: null, outcome: "RBAC_DENIED" });
      expect(after.audit[0]).toBe("BREAK_GLASS_DENIED RBAC_DENIED");
      expect(await glass.ask(session, "ZZZZ9")).toEqual(answer);
      const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM private.break_glass_grant");
      expect(rows).toEqual([{ n: 0 }]);
    }
  });
});

/** Emergency access as the app asks for it. */
function appOf(person: SignedIn) {
  return createBreakGlass({
    database: hospital.database,
    token: () => person.session.databaseToken(),
    beginProof: (password) =>
      beginProof(
        hospital.database,
        { name: "test workstation", address: "127.0.0.1", appVersion: "0.0.0" },
        person.session.person().username,
        password,
      ),
    monotonic: () => performance.now(),
  });
}
const because = { reason: "cardiac-arrest", words: "brought in from the car park" } as const;

describe.each(["Doctor", "Nurse"] as const)("to a %s whose emergency is open", (role) => {
  test("every tool answers as for the role's own patients, about this patient and no other", async () => {
    const person = await signedIn(hospital, accountOf(role));
    const asks = (tool: string, patient_id: string) => person.call(tool, { patient_id }, { via: "person" });
    const granted = patientTools.filter((name) => cellOf(role, name) !== "denied");
    for (const tool of granted)
      expect(await asks(tool, scene.theirs.number), tool).toMatchObject({ failure: { code: "PATIENT_NOT_FOUND" } });
    const opened = await appOf(person).open({ patientId: scene.theirs.number, ...because }, demoPassword);
    expect(opened.secondsLeft).toBeGreaterThan(3590);
    expect(opened.secondsLeft).toBeLessThanOrEqual(3600);
    for (const tool of granted) {
      const answer = await asks(tool, scene.theirs.number);
      expect(answer, tool).toMatchObject({ ok: true });
      // The same fields as of a patient of the own ward: nothing more is shown in an emergency.
      const own = await asks(tool, scene.ours.number);
      const fieldsOf = (outcome: unknown) => Object.keys((outcome as { value: object }).value).sort();
      expect(fieldsOf(answer), tool).toEqual(fieldsOf(own));
      expect(await asks(tool, other), tool).toMatchObject({ failure: { code: "PATIENT_NOT_FOUND" } });
    }
    const page = await asks("get_patient_phi", scene.theirs.number);
    expect(page).toMatchObject({ value: { _access_level: role === "Doctor" ? "full" : "redacted" } });
    await appOf(person).end();
    expect(await asks("get_vital_signs", scene.theirs.number)).toMatchObject({
      failure: { code: "PATIENT_NOT_FOUND" },
    });
    expect(await asks("get_vital_signs", scene.ours.number)).toMatchObject({ ok: true });
  });
});

test("the announcement looks at no patient: it is committed while nobody can read a single one", async () => {
  await hospital.owner("BEGIN");
  await hospital.owner("LOCK TABLE hospital.patient, hospital.placement IN ACCESS EXCLUSIVE MODE");
  const answers = [];
  for (const number of [scene.theirs.number, "ZZZZ9"]) answers.push(await glass.ask(sessions.Nurse, number));
  await hospital.owner("ROLLBACK");
  expect(answers).toEqual([
    { request: expect.any(String), outcome: "announced" },
    { request: expect.any(String), outcome: "announced" },
  ]);
});

test("who announces and never opens has raised the alert, and it waits for a verdict all the same", async () => {
  const { staffId } = sessions.Nurse;
  await glass.ask(sessions.Nurse, scene.theirs.number, "other", "a nurse of another ward called");
  const { rows } = await hospital.owner(
    "SELECT rule, severity, staff_id, patient_ids FROM private.alert WHERE rule LIKE 'break-glass%'",
  );
  expect(rows).toEqual([{ rule: "break-glass", severity: "urgent", staff_id: staffId, patient_ids: [] }]);
  expect(await reads(sessions.Nurse, scene.theirs.number)).toBe(false);
  const waiting = async () =>
    (await direct.rows("SELECT api.pulse($1) AS pulse", [sessions.Auditor.token]))[0]?.["pulse"] as {
      reviews: number;
      alerts: number;
    };
  expect(await waiting()).toMatchObject({ reviews: 0, alerts: expect.any(Number) });
  await hospital.owner("UPDATE private.break_glass_request SET at = at - interval '3 minutes'");
  expect(await waiting()).toMatchObject({ reviews: 1, alerts: expect.any(Number) });
});

test.each([
  ["no reason", null, null],
  ["a reason of one's own invention", "curiosity", "x"],
  ["another reason without words", "other", "  "],
  ["too many words", "unconscious", "x".repeat(501)],
])("%s opens nothing, is an alert and waits for a verdict", async (_, reason, words) => {
  const { staffId } = sessions.Nurse;
  expect(await glass.ask(sessions.Nurse, scene.theirs.number, reason, words)).toEqual({
    request: null,
    outcome: "INVALID_INPUT",
  });
  expect(await glass.left(staffId)).toMatchObject({ alerts: 1, reviews: 1 });
});

test.each([null, "", "x", "FCE57'--", "A".repeat(13), "Arnold, Leah"])("%j is no patient number", async (number) => {
  expect(await glass.ask(sessions.Nurse, number)).toEqual({ request: null, outcome: "INVALID_INPUT" });
  // What was typed there may be anything, a password too: it is kept nowhere.
  const { rows } = await hospital.owner("SELECT patient_number FROM private.break_glass_request");
  expect(rows).toEqual([{ patient_number: null }]);
});

test("a wrong password opens nothing; the announcement stands for another try, and three wrong ones spend it", async () => {
  const { staffId } = sessions.Nurse;
  const first = await glass.ask(sessions.Nurse, scene.theirs.number);
  const wrong = async (request: unknown) =>
    (await glass.open(sessions.Nurse, request, await glass.attempt("demo_nurse", "a guess")))["outcome"];
  expect(await wrong(first["request"])).toBe("SIGN_IN_FAILED");
  expect(await reads(sessions.Nurse, scene.theirs.number)).toBe(false);
  expect(await glass.left(staffId)).toMatchObject({ alerts: 1, reviews: 1 });
  const right = await glass.open(sessions.Nurse, first["request"], await glass.attempt("demo_nurse"));
  expect(right).toMatchObject({ outcome: "opened" });
  await direct.rows("SELECT api.end_break_glass($1)", [sessions.Nurse.token]);

  const second = await glass.ask(sessions.Nurse, scene.theirs.number);
  for (let guess = 0; guess < 3; guess += 1) expect(await wrong(second["request"])).toBe("SIGN_IN_FAILED");
  const late = await glass.open(sessions.Nurse, second["request"], await glass.attempt("demo_nurse"));
  expect(late).toMatchObject({ outcome: "NOT_ANNOUNCED", patient_number: null });
  expect(await glass.left(staffId)).toMatchObject({ alerts: 3, reviews: 3 });
});

test("five wrong passwords lock the account and end its sessions, here as at the sign-in", async () => {
  const wrong = async (request: unknown) =>
    glass.open(sessions.Nurse, request, await glass.attempt("demo_nurse", "a guess"));
  const first = await glass.ask(sessions.Nurse, scene.theirs.number);
  for (let guess = 0; guess < 3; guess += 1) await wrong(first["request"]);
  const second = await glass.ask(sessions.Nurse, scene.theirs.number);
  for (let guess = 0; guess < 2; guess += 1) await wrong(second["request"]);
  expect(await direct.refusal("SELECT api.break_glass_state($1)", [sessions.Nurse.token])).toBe("28000");
});

test("who has a second factor opens nothing without its code, with a wrong one, or with one that was used", async () => {
  const { staffId } = sessions.Doctor;
  const secret = Buffer.from("12345678901234567890", "ascii");
  await hospital.owner("INSERT INTO private.totp_factor (staff_id, secret, last_step) VALUES ($1, $2, 0)", [
    staffId,
    secret,
  ]);
  try {
    expect(await glass.state(sessions.Doctor)).toMatchObject({ code_needed: true });
    const { rows } = await hospital.owner(
      "SELECT private.one_time_code($1, floor(extract(epoch FROM clock_timestamp()) / 30)::bigint) AS code",
      [secret],
    );
    const code = String(rows[0]?.["code"]);
    const said = await glass.ask(sessions.Doctor, scene.theirs.number);
    const tried = async (request: unknown, given: string | null) =>
      (await glass.open(sessions.Doctor, request, await glass.attempt("demo_doctor"), given))["outcome"];
    expect(await tried(said["request"], null)).toBe("CODE_REQUIRED");
    expect(await tried(said["request"], code === "000000" ? "000001" : "000000")).toBe("SIGN_IN_FAILED");
    expect(await reads(sessions.Doctor, scene.theirs.number)).toBe(false);
    expect(await tried(said["request"], code)).toBe("opened");
    await direct.rows("SELECT api.end_break_glass($1)", [sessions.Doctor.token]);
    const again = await glass.ask(sessions.Doctor, scene.theirs.number);
    expect(await tried(again["request"], code)).toBe("SIGN_IN_FAILED");
  } finally {
    await hospital.owner("DELETE FROM private.totp_factor");
  }
});

test("a second patient waits until the first emergency has ended", async () => {
  const { staffId } = sessions.Nurse;
  expect(await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number)).toMatchObject({
    outcome: "opened",
  });
  expect(await glass.ask(sessions.Nurse, other)).toEqual({ request: null, outcome: "BREAK_GLASS_OPEN" });
  expect(await reads(sessions.Nurse, other)).toBe(false);
  expect(await glass.left(staffId)).toMatchObject({ alerts: 2, reviews: 2 });
  await direct.rows("SELECT api.end_break_glass($1)", [sessions.Nurse.token]);
  expect(await glass.breakGlass(sessions.Nurse, "demo_nurse", other)).toMatchObject({ outcome: "opened" });
  expect(await reads(sessions.Nurse, scene.theirs.number)).toBe(false);
});

test("nobody's number, a deleted patient's and anybody else's are refused alike, after the proof", async () => {
  await hospital.owner("UPDATE hospital.patient SET deleted_at = now() WHERE patient_number = $1", [other]);
  const answers = [];
  for (const number of ["ZZZZ9", other]) answers.push(await glass.breakGlass(sessions.Nurse, "demo_nurse", number));
  await hospital.owner("UPDATE hospital.patient SET deleted_at = NULL WHERE patient_number = $1", [other]);
  const denied = { outcome: "BREAK_GLASS_DENIED", patient_number: null, until: null, seconds_left: null };
  expect(answers).toEqual([denied, denied]);
  expect(await glass.left(sessions.Nurse.staffId)).toMatchObject({ alerts: 2, reviews: 2 });
});

test("three charts in twelve hours, or six requests, and then the person in charge has to be called", async () => {
  for (let opened = 0; opened < 3; opened += 1) {
    expect(await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number)).toMatchObject({
      outcome: "opened",
    });
    await direct.rows("SELECT api.end_break_glass($1)", [sessions.Nurse.token]);
  }
  expect(await glass.ask(sessions.Nurse, scene.theirs.number)).toEqual({ request: null, outcome: "BREAK_GLASS_LIMIT" });
  // Another session of the person is the same person.
  const elsewhere = await signInDirectly(direct, "demo_nurse");
  expect(await glass.ask(elsewhere, scene.theirs.number)).toMatchObject({ outcome: "BREAK_GLASS_LIMIT" });
  for (let asked = 0; asked < 6; asked += 1)
    expect(await glass.ask(sessions.Doctor, "ZZZZ9")).toMatchObject({ outcome: "announced" });
  expect(await glass.ask(sessions.Doctor, "ZZZZ9")).toMatchObject({ outcome: "BREAK_GLASS_LIMIT" });
  expect(await glass.left(sessions.Doctor.staffId)).toMatchObject({ alerts: 7, reviews: 7 });
  await hospital.owner(
    "UPDATE private.break_glass_request SET at = at - interval '12 hours 1 minute' WHERE staff_id = $1",
    [sessions.Doctor.staffId],
  );
  expect(await glass.ask(sessions.Doctor, "ZZZZ9")).toMatchObject({ outcome: "announced" });
});

describe("the end", () => {
  const ended = async (staffId: string) =>
    (
      await hospital.owner(
        "SELECT detail ->> 'because' AS because, patient_ids FROM private.audit_entry WHERE staff_id = $1 AND action = 'BREAK_GLASS_ENDED' AND at > clock_timestamp() - interval '1 minute' AND detail ->> 'request' IN (SELECT id::text FROM private.break_glass_request)",
        [staffId],
      )
    ).rows;

  test("in minute 61 the chart is closed, also to who kept a transaction open, and the end is told by anybody's pulse", async () => {
    const { staffId, token } = sessions.Nurse;
    await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number);
    const { announcement } = await announce(direct, token, "get_vital_signs", { patient: scene.theirs.number });
    await hospital.owner(
      "UPDATE private.break_glass_grant SET opened_at = now() - interval '59 minutes 54 seconds', until = now() + interval '6 seconds' WHERE staff_id = $1",
      [staffId],
    );
    const seen = "SELECT count(*)::int AS n FROM api.vital_signs";
    // The snapshot of before: what ends is the clock's, whatever this transaction still believes.
    await direct.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await direct.rows("SELECT api.open_request($1, $2)", [token, announcement]);
    const [before] = await direct.rows(seen);
    await hospital.owner(
      "SELECT pg_sleep(greatest(0, extract(epoch FROM until - clock_timestamp())) + 0.05) FROM private.break_glass_grant WHERE staff_id = $1",
      [staffId],
    );
    const [after] = await direct.rows(seen);
    await direct.rows("COMMIT");
    expect(Number(before?.["n"])).toBeGreaterThan(0);
    expect(after).toEqual({ n: 0 });
    expect(await reads(sessions.Nurse, scene.theirs.number)).toBe(false);
    expect(await glass.state(sessions.Nurse)).toMatchObject({ patient_number: null });
    expect(await ended(staffId)).toEqual([]);
    await direct.rows("SELECT api.pulse($1)", [sessions.Billing.token]);
    expect(await ended(staffId)).toEqual([{ because: "time is up", patient_ids: [scene.theirs.id] }]);
    const { rows } = await hospital.owner("SELECT ended_at = until AS sharp FROM private.break_glass_grant");
    expect(rows).toEqual([{ sharp: true }]);
  });

  test("the person ends it once; a second time there is nothing to end", async () => {
    const { staffId, token } = sessions.Nurse;
    await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number);
    const end = () => direct.rows("SELECT api.end_break_glass($1) AS done", [token]);
    expect(await end()).toEqual([{ done: true }]);
    expect(await end()).toEqual([{ done: false }]);
    expect(await ended(staffId)).toEqual([{ because: "person", patient_ids: [scene.theirs.id] }]);
    expect(await reads(sessions.Nurse, scene.theirs.number)).toBe(false);
  });

  test.each([
    ["a sign-out", (session: RawSession) => direct.rows("SELECT api.sign_out($1)", [session.token])],
    [
      "an administrator who ends the session",
      (session: RawSession) =>
        hospital.owner(
          "UPDATE private.session SET ended_at = clock_timestamp(), ended_because = 'test', token_hash = NULL WHERE id = $1",
          [session.id],
        ),
    ],
  ])("%s is the end of it too, at once", async (_, act) => {
    const session = sessions.Nurse;
    await glass.breakGlass(session, "demo_nurse", scene.theirs.number);
    await act(session);
    expect(await ended(session.staffId)).toEqual([{ because: "session ended", patient_ids: [scene.theirs.id] }]);
    const anew = await signInDirectly(direct, "demo_nurse");
    expect(await reads(anew, scene.theirs.number)).toBe(false);
  });

  test("a disabled person's is ended by the next pulse of anybody", async () => {
    const session = sessions.Nurse;
    await glass.breakGlass(session, "demo_nurse", scene.theirs.number);
    await hospital.owner("UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE id = $1", [session.staffId]);
    await direct.rows("SELECT api.pulse($1)", [sessions.Auditor.token]);
    expect(await ended(session.staffId)).toMatchObject([{ because: "account disabled" }]);
  });

  test("a lock does not end it: it goes on for its person, and its minutes too", async () => {
    const session = sessions.Nurse;
    await glass.breakGlass(session, "demo_nurse", scene.theirs.number);
    await direct.rows("SELECT api.lock_session($1, 'person')", [session.token]);
    await glass.age(session.staffId, 20);
    const [row] = await direct.rows("SELECT * FROM api.finish_sign_in($1, NULL, $2)", [
      await glass.attempt("demo_nurse"),
      session.id,
    ]);
    const unlocked = { ...session, token: String(row?.["token"]) };
    expect(Number((await glass.state(unlocked))["seconds_left"])).toBeLessThanOrEqual(2400);
    expect(await reads(unlocked, scene.theirs.number)).toBe(true);
  });
});

test("vital signs can be recorded while it is open, taken up to half an hour before, and not after its end", async () => {
  const { token } = sessions.Nurse;
  const record = (minutesAgo: number, patient_id = scene.theirs.number) =>
    recordVitalSigns(hospital.database, token, {
      submission: uuidv7(),
      patient_id,
      recorded_at: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      set: ordinarySet,
    });
  const refused = (code: string) => ({ failure: { code } });
  await expect(record(0)).rejects.toMatchObject(refused("PATIENT_NOT_FOUND"));
  await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number);
  expect(await record(0)).toBe("stored");
  expect(await record(10)).toBe("stored");
  await expect(record(40)).rejects.toMatchObject(refused("INVALID_INPUT"));
  await expect(record(0, other)).rejects.toMatchObject(refused("PATIENT_NOT_FOUND"));
  await direct.rows("SELECT api.end_break_glass($1)", [token]);
  await expect(record(0)).rejects.toMatchObject(refused("PATIENT_NOT_FOUND"));
});

test("it holds at the workstation where the glass was broken, and at no other", async () => {
  await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number);
  const begun = await direct.rows("SELECT api.begin_sign_in('demo_nurse', $1, 'another workstation', '', '') AS id", [
    await proofOf(direct, "demo_nurse"),
  ]);
  const [row] = await direct.rows("SELECT * FROM api.finish_sign_in($1)", [begun[0]?.["id"]]);
  const token = String(row?.["token"]);
  const { announcement } = await announce(direct, token, "get_vital_signs", { patient: scene.theirs.number });
  const rows = announcement === null ? [] : await read(direct, token, announcement, "SELECT * FROM api.vital_signs");
  expect(rows).toEqual([]);
  expect((await direct.rows("SELECT patient_number FROM api.break_glass_state($1)", [token]))[0]).toEqual({
    patient_number: null,
  });
  // It can be ended from there: who walked away from a machine must not have to walk back.
  expect(await direct.rows("SELECT api.end_break_glass($1) AS done", [token])).toEqual([{ done: true }]);
});

test("what is kept for work without network holds nothing of it", async () => {
  await glass.breakGlass(sessions.Nurse, "demo_nurse", scene.theirs.number);
  const { announcement } = await announce(direct, sessions.Nurse.token, "get_ward_snapshot");
  const rows = await read(
    direct,
    sessions.Nurse.token,
    announcement,
    "SELECT patient_number FROM api.patient_overview",
  );
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.map((row) => row["patient_number"])).not.toContain(scene.theirs.number);
});

test("the app asks once when the password was mistyped: one announcement, one alert, one thing to judge", async () => {
  const person = await signedIn(hospital, accountOf("Nurse"));
  const app = appOf(person);
  const request = { patientId: scene.theirs.number, ...because };
  await expect(app.open(request, "a slip of the finger")).rejects.toMatchObject({
    failure: { code: "SIGN_IN_FAILED", message: "The password is wrong." },
  });
  const opened = await app.open(request, demoPassword);
  expect(await app.state()).toMatchObject({ emergency: { patientId: opened.patientId }, codeNeeded: false });
  const { staffId } = person.session.person();
  expect(await glass.left(staffId)).toMatchObject({ alerts: 1, reviews: 1 });
  // Other words are another announcement, and nothing of the one that was spent is used again.
  await expect(app.open({ ...request, words: "somebody else" }, demoPassword)).rejects.toMatchObject({
    failure: { code: "BREAK_GLASS_OPEN" },
  });
  await app.end();
  expect(await app.state()).toMatchObject({ emergency: null });
  await app.open(request, demoPassword);
  expect(await glass.left(staffId)).toMatchObject({ alerts: 3, reviews: 3 });
});

test("without a database the app says that the telephone is the way", async () => {
  const person = await signedIn(hospital, accountOf("Nurse"));
  const away = createBreakGlass({
    database: {
      ...hospital.database,
      statement: async () => {
        throw new Refusal("DATABASE_UNAVAILABLE");
      },
    },
    token: () => person.session.databaseToken(),
    beginProof: async () => "",
    monotonic: () => 0,
  });
  const refused = await away.open({ patientId: scene.theirs.number, ...because }, demoPassword).catch((error) => error);
  expect(refused).toMatchObject({ failure: { code: "OFFLINE", message: expect.stringContaining("Call the ward") } });
});
