import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import { createPeople } from "../../electron/records/people";
import { createPulse } from "../../electron/session/pulse";
import { Session } from "../../electron/session/session";
import { createAccessTokens } from "../../electron/session/token";
import type { Pulse } from "../../shared/session/pulse";
import { demoPassword } from "../support/demo-password";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { shortest } from "../support/stopwatch";

let hospital: TestHospital;
let direct: Direct;
const stops: (() => void)[] = [];
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
beforeEach(async () => {
  await hospital.owner(
    "UPDATE private.session SET ended_at = clock_timestamp(), token_hash = NULL WHERE ended_at IS NULL",
  );
  await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL");
  await hospital.owner("DELETE FROM private.sign_in_counter");
});
afterAll(async () => {
  for (const stop of stops) stop();
  await direct.end();
  await hospital.close();
});

/** A workstation as the app builds it: session, pulse at its own pace, and the lock that an ended session brings. */
async function openScreen(username: string) {
  const heard: Pulse[] = [];
  let lockedAfter: number | undefined;
  const session: Session = new Session({
    database: hospital.database,
    clock: systemClock,
    tokens: await createAccessTokens(systemClock),
    workstation: { name: "an open screen", address: "127.0.0.1", appVersion: "0.0.0" },
    onClosed: () => undefined,
    onExpired: (reason) => {
      lockedAfter = performance.now();
      session.lock(reason);
    },
  });
  const pulse = createPulse({
    session,
    database: hospital.database,
    clock: systemClock,
    onChange: (now) => heard.push(now),
  });
  pulse.start((error) => {
    throw error;
  });
  stops.push(() => pulse.stop());
  await session.signIn(username, demoPassword);
  return {
    session,
    pulse,
    heard,
    lockedAt: () => lockedAfter,
  };
}

const people = () => createPeople(hospital.database);
const admin = async () => (await signedIn(hospital, "demo_admin")).session.databaseToken();
const revocations = async (staffId: string) =>
  (
    await hospital.owner(
      "SELECT staff_id, outcome, detail FROM private.audit_entry WHERE action = 'SESSION_REVOKED' AND detail ->> 'of' = $1 ORDER BY at",
      [staffId],
    )
  ).rows;

test("an administrator's word reaches an open screen within five seconds, and the lock says who ended it", async () => {
  let screen = await openScreen("demo_nurse");
  let token = "";
  const revoke = async () => {
    if (screen.session.kind === "locked") screen = await openScreen("demo_nurse");
    token = screen.session.databaseToken();
    const word = await admin();
    const start = performance.now();
    expect(await people().endSessions(word, "STF002", undefined, "left the ward signed in")).toBe(1);
    // The database refuses from this moment on, whatever the screen still shows.
    expect(await direct.refusal("SELECT * FROM api.whoami($1)", [token])).toBe("28000");
    await expect.poll(() => screen.session.kind, { interval: 20 }).toBe("locked");
    return (screen.lockedAt() ?? Number.POSITIVE_INFINITY) - start;
  };
  expect(await shortest(5000, revoke, 3)).toBeLessThan(5000);
  expect(screen.session.lockView().reason).toBe("revoked");
  expect((await revocations("STF002")).at(-1)).toEqual({
    staff_id: "STF003",
    outcome: "granted",
    detail: { of: "STF002", because: "administrator", reason: "left the ward signed in" },
  });
  // Unlocking is a sign-in of its own then.
  const before = token;
  await screen.session.unlock(demoPassword);
  expect(screen.session.databaseToken()).not.toBe(before);
  const { rows } = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.session WHERE staff_id = 'STF002' AND ended_at IS NULL",
  );
  expect(rows[0]?.["n"]).toBe(1);
});

test("a person whose account is disabled is off every screen, and comes back on none", async () => {
  const screens = [await openScreen("demo_billing"), await openScreen("demo_billing")];
  await people().disable(await admin(), "STF004", "left the hospital");
  for (const { session } of screens) {
    await expect.poll(() => session.kind, { interval: 20 }).toBe("locked");
    await expect(session.unlock(demoPassword)).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  }
  expect((await revocations("STF004")).map(({ outcome }) => outcome)).toEqual(["granted", "granted"]);
});

test("the fourth session ends the oldest: the refusal is in the audit, and the old screen closes", async () => {
  const oldest = await openScreen("demo_auditor");
  for (let count = 0; count < 3; count += 1) await signInDirectly(direct, "demo_auditor");
  await expect.poll(() => oldest.session.kind, { interval: 20 }).toBe("locked");
  expect(oldest.session.lockView().reason).toBe("expired");
  expect(await revocations("STF006")).toMatchObject([
    { staff_id: "STF006", detail: { of: "STF006", because: "replaced by a newer session" } },
  ]);
});

test("the fifth failure ends what that person has open, of nobody else, and each failure is in the audit", async () => {
  const nurse = await signInDirectly(direct, "demo_nurse");
  const doctor = await signInDirectly(direct, "demo_doctor");
  const guess = async () => {
    const [begun] = await direct.rows("SELECT api.begin_sign_in('demo_nurse', $1) AS attempt", [Buffer.alloc(32, 7)]);
    await direct.rows("SELECT * FROM api.finish_sign_in($1)", [begun?.["attempt"]]);
  };
  const works = async (token: string) => (await direct.refusal("SELECT * FROM api.whoami($1)", [token])) === "none";
  for (let count = 0; count < 4; count += 1) await guess();
  expect(await works(nurse.token)).toBe(true);
  await guess();
  expect(await works(nurse.token)).toBe(false);
  expect(await works(doctor.token)).toBe(true);
  expect((await revocations("STF002")).at(-1)?.["detail"]).toEqual({ of: "STF002", because: "failed sign-ins" });
});

test("ending one session leaves the others; ending one's own another is the person's right, and of nobody else's", async () => {
  const [one, two] = [await signInDirectly(direct, "demo_nurse"), await signInDirectly(direct, "demo_nurse")];
  const doctor = await signInDirectly(direct, "demo_doctor");
  const works = async (token: string) => (await direct.refusal("SELECT * FROM api.whoami($1)", [token])) === "none";
  const end = async (session: string | null) =>
    (await direct.rows("SELECT api.end_own_session($1, $2) AS ended", [one.token, session]))[0]?.["ended"];
  for (const session of [null, one.id, doctor.id]) expect(await end(session)).toBe(false);
  expect(await works(doctor.token)).toBe(true);
  expect(await end(two.id)).toBe(true);
  expect(await end(two.id)).toBe(false);
  expect([await works(one.token), await works(two.token)]).toEqual([true, false]);
  const three = await signInDirectly(direct, "demo_nurse");
  expect(await people().endSessions(await admin(), "STF002", three.id, "one of two")).toBe(1);
  expect([await works(one.token), await works(three.token)]).toEqual([true, false]);
  // Another person's session cannot be ended under this person's name.
  expect(await people().endSessions(await admin(), "STF002", doctor.id, "mixed up")).toBe(0);
  expect(await works(doctor.token)).toBe(true);
});

test("whoever is told why a session ended holds its last token; nobody else is told anything", async () => {
  const nurse = await signInDirectly(direct, "demo_nurse");
  const because = async (token: string | null) =>
    (await direct.rows("SELECT api.ending_of($1) AS because", [token]))[0]?.["because"];
  expect(await because(nurse.token)).toBeNull();
  await people().endSessions(await admin(), "STF002", undefined, "no reason");
  expect(await because(nurse.token)).toBe("administrator");
  for (const other of [null, "", nurse.id, "0".repeat(64)]) expect(await because(other)).toBeNull();
});

test("the pulse keeps no session awake, tells of alerts to who handles them alone, and says nothing twice", async () => {
  const nurse = await openScreen("demo_nurse");
  const auditor = await openScreen("demo_auditor");
  await hospital.owner(
    "UPDATE private.session SET last_seen = clock_timestamp() - interval '10 minutes' WHERE ended_at IS NULL",
  );
  const seen = async () =>
    (await hospital.owner("SELECT last_seen FROM private.session WHERE ended_at IS NULL ORDER BY id")).rows;
  const before = await seen();
  const open = async () =>
    Number(
      (await hospital.owner("SELECT count(*)::int AS n FROM private.alert WHERE handled_at IS NULL")).rows[0]?.["n"],
    );
  await auditor.pulse.beat();
  const told = auditor.heard.length;
  await hospital.owner("SET ROLE lamplight_owner");
  await hospital.owner("SELECT private.raise_alert('off-ward', 'review', 'STF001', NULL, NULL, '{}', '{}')");
  await hospital.owner("RESET ROLE");
  await auditor.pulse.beat();
  await auditor.pulse.beat();
  await nurse.pulse.beat();
  expect(auditor.pulse.last().alerts).toBe(await open());
  expect(auditor.heard.length - told).toBe(1);
  expect(nurse.pulse.last()).toMatchObject({ alerts: 0, reviews: 0 });
  expect(await seen()).toEqual(before);
  // What idled out is noticed by the pulse like by everything else.
  await hospital.owner(
    "UPDATE private.session SET last_seen = clock_timestamp() - interval '15 minutes' WHERE ended_at IS NULL",
  );
  await nurse.pulse.beat();
  await expect.poll(() => nurse.session.kind).toBe("locked");
  expect(nurse.session.lockView().reason).toBe("expired");
  expect(nurse.pulse.last()).toEqual({ alerts: 0, reviews: 0, breakGlass: null });
});

test("a request whose token was replaced while it was on its way does not close a session that lives", async () => {
  const screen = await openScreen("demo_nurse");
  const old = screen.session.databaseToken();
  await screen.session.renewTokens();
  await hospital.owner("UPDATE private.session SET previous_until = clock_timestamp() WHERE ended_at IS NULL");
  await expect(
    screen.session.guarded(() => hospital.database.statement("SELECT * FROM api.whoami($1)", [old])),
  ).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });
  expect(screen.session.kind).toBe("active");
  await screen.pulse.beat();
  expect(screen.session.kind).toBe("active");
});
