import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  announce,
  announceAndRead,
  connectDirectly,
  type Direct,
  hashOfToken,
  type RawSession,
  read,
  signInDirectly,
} from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
let direct: Direct;
let nurse: RawSession;
const leah = { patient: "FCE57" };
const countVitals = "SELECT count(*)::int AS n FROM api.vital_signs";

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
beforeEach(async () => {
  await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL");
  nurse = await signInDirectly(direct, "demo_nurse");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

/** Every function of the workstation's login that takes a token, with NULL for whatever else it takes. */
async function tokenFunctions(): Promise<string[]> {
  const rows = await direct.rows(
    `SELECT p.proname AS name, p.pronargs AS arguments FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'api' AND p.proargnames[1] = 'token' ORDER BY 1`,
  );
  return rows.map(
    ({ name, arguments: count }) => `SELECT api.${String(name)}($1${", NULL".repeat(Number(count) - 1)})`,
  );
}

const leaving = /api\.(sign_out|lock_session)\(/;

async function expectWorthless(token: string | null): Promise<void> {
  const functions = await tokenFunctions();
  expect(functions.length).toBeGreaterThan(12);
  for (const call of functions.filter((text) => !leaving.test(text)))
    expect(await direct.refusal(call, [token]), call).toBe("28000");
  // Leaving with a worthless token is no error and changes nothing.
  const before = await hospital.owner("SELECT count(*)::int AS n FROM private.audit_entry");
  for (const call of functions.filter((text) => leaving.test(text))) await direct.rows(call, [token]);
  expect((await hospital.owner("SELECT count(*)::int AS n FROM private.audit_entry")).rows).toEqual(before.rows);
}

test("a good token reads, so that what follows can fail", async () => {
  const rows = await announceAndRead(direct, nurse.token, "get_vital_signs", leah, countVitals);
  expect(rows[0]?.["n"]).toBeGreaterThan(5);
});

test("no token and forged tokens open nothing", async () => {
  const hash = hashOfToken(nurse.token);
  const flipped = nurse.token.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const forged = [
    null,
    "",
    "0".repeat(64),
    nurse.id,
    hash.toString("hex"),
    `\\x${hash.toString("hex")}`,
    nurse.token.toUpperCase(),
    `${nurse.token} `,
    flipped,
  ];
  for (const token of forged) await expectWorthless(token);
});

const ends: Readonly<Record<string, (session: RawSession) => Promise<unknown>>> = {
  "signed out": (session) => direct.rows("SELECT api.sign_out($1)", [session.token]),
  locked: (session) => direct.rows("SELECT api.lock_session($1, 'idle')", [session.token]),
  "revoked by an administrator": (session) =>
    hospital.owner("UPDATE private.session SET ended_at = now(), ended_because = 'revoked' WHERE id = $1", [
      session.id,
    ]),
  "of a person whose account was disabled": () =>
    hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE username = 'demo_nurse'"),
  "idle for fifteen minutes": (session) =>
    hospital.owner("UPDATE private.session SET last_seen = clock_timestamp() - interval '15 minutes' WHERE id = $1", [
      session.id,
    ]),
  "twelve hours old": (session) =>
    hospital.owner("UPDATE private.session SET expires_at = clock_timestamp() WHERE id = $1", [session.id]),
};

describe.each(Object.entries(ends))("a session that is %s", (_, end) => {
  test("has a token that opens nothing, and no announcement of before can be used", async () => {
    const { announcement } = await announce(direct, nurse.token, "get_vital_signs", leah);
    await end(nurse);
    expect(await direct.refusal("SELECT api.open_request($1, $2)", [nurse.token, announcement])).toBe("28000");
    // Leaving still works for a session that only idled or expired here, so those two calls are asked last and apart.
    for (const call of (await tokenFunctions()).filter((text) => !leaving.test(text)))
      expect(await direct.refusal(call, [nurse.token]), call).toBe("28000");
  });

  test("loses its rows in the middle of an open request", async () => {
    const { announcement } = await announce(direct, nurse.token, "get_vital_signs", leah);
    await direct.rows("BEGIN READ ONLY");
    await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, announcement]);
    expect((await direct.rows(countVitals))[0]?.["n"]).toBeGreaterThan(5);
    const other = direct;
    direct = await connectDirectly(hospital);
    await end(nurse);
    expect((await other.rows(countVitals))[0]?.["n"]).toBe(0);
    await other.rows("COMMIT");
    await other.end();
  });
});

test("fourteen minutes of quiet are not idleness yet", async () => {
  await hospital.owner(
    "UPDATE private.session SET last_seen = clock_timestamp() - interval '14 minutes 30 seconds' WHERE id = $1",
    [nurse.id],
  );
  expect((await announceAndRead(direct, nurse.token, "get_vital_signs", leah, countVitals))[0]?.["n"]).toBeGreaterThan(
    5,
  );
});

test("reading does not keep a session awake: only a heartbeat moves the time it was last seen", async () => {
  const lastSeen = async () =>
    (await hospital.owner("SELECT last_seen FROM private.session WHERE id = $1", [nurse.id])).rows[0]?.["last_seen"];
  await hospital.owner(
    "UPDATE private.session SET last_seen = clock_timestamp() - interval '10 minutes' WHERE id = $1",
    [nurse.id],
  );
  const before = await lastSeen();
  await announceAndRead(direct, nurse.token, "get_vital_signs", leah, countVitals);
  await direct.rows("SELECT * FROM api.whoami($1)", [nurse.token]);
  await direct.rows("SELECT * FROM api.sealed_keys($1)", [nurse.token]);
  expect(await lastSeen()).toEqual(before);
  await direct.rows("SELECT api.heartbeat($1)", [nurse.token]);
  expect(String(await lastSeen()) > String(before)).toBe(true);
});

test("an idle session cannot be woken by its own heartbeat", async () => {
  await hospital.owner(
    "UPDATE private.session SET last_seen = clock_timestamp() - interval '15 minutes' WHERE id = $1",
    [nurse.id],
  );
  expect(await direct.refusal("SELECT api.heartbeat($1)", [nurse.token])).toBe("28000");
});

test("one person's announcement is of no use to another person, or to another session of the same person", async () => {
  const second = await signInDirectly(direct, "demo_nurse");
  const doctor = await signInDirectly(direct, "demo_doctor");
  const { announcement } = await announce(direct, nurse.token, "get_vital_signs", leah);
  for (const other of [second, doctor])
    expect(await direct.refusal("SELECT api.open_request($1, $2)", [other.token, announcement])).toBe("28000");
  expect((await read(direct, nurse.token, announcement, countVitals))[0]?.["n"]).toBeGreaterThan(5);
});
