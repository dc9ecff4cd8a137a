import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectDirectly, type Direct, proofOf, type RawSession, signInDirectly } from "../support/direct";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { columns } from "../support/product-table";

let hospital: TestHospital;
let direct: Direct;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
beforeEach(() =>
  hospital.owner("UPDATE private.session SET ended_at = clock_timestamp(), token_hash = NULL WHERE ended_at IS NULL"),
);
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const works = async (session: RawSession) =>
  (await direct.refusal("SELECT * FROM api.whoami($1)", [session.token])) === "none";
async function openSessions(staffId: string): Promise<number> {
  const { rows } = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.session WHERE staff_id = $1 AND ended_at IS NULL",
    [staffId],
  );
  return Number(rows[0]?.["n"]);
}

test("a fourth session ends the oldest of three, and of nobody else", async () => {
  const doctor = await signInDirectly(direct, "demo_doctor");
  const four: RawSession[] = [];
  for (let count = 0; count < 4; count += 1) four.push(await signInDirectly(direct, "demo_nurse"));
  expect(await Promise.all(four.map(works))).toEqual([false, true, true, true]);
  expect(await works(doctor)).toBe(true);
});

test("eight sign-ins at the same moment leave three sessions", async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, () => connectDirectly(hospital)));
  const proof = await proofOf(direct, "demo_auditor");
  // Begun by all before any is finished, and without a counter that they would queue for.
  const attempts: unknown[] = [];
  for (let count = 0; count < 4; count += 1)
    attempts.push(
      (await direct.rows("SELECT api.begin_sign_in('demo_auditor', $1) AS attempt", [proof]))[0]?.["attempt"],
    );
  await hospital.owner("DELETE FROM private.sign_in_counter");
  for (let count = 0; count < 4; count += 1)
    attempts.push(
      (await direct.rows("SELECT api.begin_sign_in('demo_auditor', $1) AS attempt", [proof]))[0]?.["attempt"],
    );
  await hospital.owner("DELETE FROM private.sign_in_counter");
  const outcomes = await Promise.all(
    clients.map((client, index) => client.rows("SELECT outcome FROM api.finish_sign_in($1)", [attempts[index]])),
  );
  expect(outcomes.flat().map((row) => row["outcome"])).toEqual(Array(8).fill("granted"));
  expect(await openSessions("STF006")).toBe(3);
  await Promise.all(clients.map((client) => client.end()));
});

test("locking makes the token worthless, unlocking renews the same session with another token and takes no second of three", async () => {
  const others = [await signInDirectly(direct, "demo_nurse"), await signInDirectly(direct, "demo_nurse")];
  const { session, call } = await signedIn(hospital, accountOf("Nurse"));
  const before = { token: session.databaseToken(), access: await session.accessToken() };
  expect(session.lock("person")).toBe(true);
  expect(session.kind).toBe("locked");
  await expect.poll(async () => direct.refusal("SELECT * FROM api.whoami($1)", [before.token])).toBe("28000");
  expect(await call("list_ward", {}, { accessToken: before.access })).toMatchObject({
    ok: false,
    failure: { code: "LOCKED" },
  });
  await session.unlock("DemoPass123!");
  expect(session.databaseToken()).not.toBe(before.token);
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [before.token])).toBe("28000");
  expect((await call("list_ward")).ok).toBe(true);
  expect(await openSessions("STF002")).toBe(3);
  expect(await Promise.all(others.map(works))).toEqual([true, true]);
  const renewed = await hospital.owner(
    "SELECT count(DISTINCT chain_id)::int AS chains FROM private.audit_entry WHERE action = 'UNLOCK' AND chain_id = session_id AND staff_id = 'STF002'",
  );
  expect(renewed.rows[0]?.["chains"]).toBe(1);
});

test("unlocking with a wrong password leaves it locked, and nobody's other session can be renewed", async () => {
  const { session } = await signedIn(hospital, accountOf("Nurse"));
  session.lock("idle");
  await expect(session.unlock("not the password")).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  expect(session.kind).toBe("locked");
  const nurse = await signInDirectly(direct, "demo_nurse");
  const [begun] = await direct.rows("SELECT api.begin_sign_in('demo_doctor', $1) AS attempt", [
    await proofOf(direct, "demo_doctor"),
  ]);
  const [row] = await direct.rows("SELECT * FROM api.finish_sign_in($1, NULL, $2)", [begun?.["attempt"], nurse.id]);
  expect(row).toMatchObject({ outcome: "granted", staff_id: "STF001" });
  expect(row?.["session_id"]).not.toBe(nurse.id);
  expect(await works(nurse)).toBe(true);
});

test("an unlock and a read that is still on its way do not block each other for good", async () => {
  const { session, call } = await signedIn(hospital, accountOf("Nurse"));
  for (let round = 0; round < 6; round += 1) {
    const accessToken = await session.accessToken();
    const reads = Array.from({ length: 5 }, () => call("get_allergies", { patient_id: "FCE57" }, { accessToken }));
    // So that they are on their way, and not refused before they left.
    await pause(round);
    session.lock("person");
    await session.unlock("DemoPass123!");
    for (const outcome of await Promise.all(reads))
      if (!outcome.ok) expect(outcome.failure.code).toMatch(/^(LOCKED|SESSION_EXPIRED)$/);
  }
  expect((await call("list_ward")).ok).toBe(true);
});

test("switching users leaves the first one's session locked for them, and the second sees nothing of it", async () => {
  const { session, call } = await signedIn(hospital, accountOf("Nurse"));
  session.remember({ area: "patient", patientId: "FCE57" });
  const token = session.databaseToken();
  session.lock("person");
  session.switchUser();
  expect(await call("list_ward", {}, { accessToken: "none" })).toMatchObject({ ok: false });
  await session.signIn("demo_billing", "DemoPass123!");
  expect(session.person().role).toBe("Billing");
  expect((await session.view({ idleSeconds: 900, warningSeconds: 840 }, true)).place).toBeNull();
  expect(await call("get_allergies", { patient_id: "FCE57" })).toMatchObject({
    ok: false,
    failure: { code: "RBAC_DENIED" },
  });
  await expect.poll(async () => direct.refusal("SELECT * FROM api.whoami($1)", [token])).toBe("28000");
  expect(await openSessions("STF002")).toBe(1);
});

test("a session that the server ended is noticed by the workstation with the next thing it asks", async () => {
  const person = await signedIn(hospital, accountOf("Nurse"));
  await hospital.owner("UPDATE private.session SET ended_at = clock_timestamp() WHERE staff_id = 'STF002'");
  expect(person.expired()).toBe(false);
  expect(await person.call("list_ward")).toMatchObject({ ok: false, failure: { code: "SESSION_EXPIRED" } });
  expect(person.expired()).toBe(true);
});

test("an access token of an earlier session speaks for nobody in the next one, not even for the same person", async () => {
  const { session, call } = await signedIn(hospital, accountOf("Nurse"));
  const earlier = await session.accessToken();
  await session.signOut();
  await session.signIn("demo_nurse", "DemoPass123!");
  await expect(session.verify(earlier)).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });
  expect(await call("list_ward", {}, { accessToken: earlier })).toMatchObject({
    ok: false,
    failure: { code: "SESSION_EXPIRED" },
  });
});

test("signing out ends the session in the database, with its audit entry", async () => {
  const { session } = await signedIn(hospital, accountOf("Reception"));
  await session.signOut();
  expect(await openSessions("STF005")).toBe(0);
  const { rows } = await hospital.owner(
    "SELECT ended_because, token_hash FROM private.session WHERE staff_id = 'STF005' ORDER BY started_at DESC LIMIT 1",
  );
  expect(rows).toEqual([{ ended_because: "person", token_hash: null }]);
});

test("whoami tells the person and the shift that is on now, and no shift to who has none", async () => {
  const nurse = await signedIn(hospital, accountOf("Nurse"));
  const view = await nurse.session.view({ idleSeconds: 900, warningSeconds: 840 }, true);
  expect(view).toMatchObject({
    person: { staffId: "STF002", name: "Sarah Johnson", role: "Nurse", department: "Internal Medicine" },
    shift: { ward: "5A", wardName: "Internal Medicine" },
  });
  expect(Date.parse(view.shift?.endsAt ?? "")).toBeGreaterThan(Date.now());
  expect(JSON.stringify(view)).not.toContain(nurse.session.databaseToken());
  const billing = await signedIn(hospital, accountOf("Billing"));
  expect((await billing.session.view({ idleSeconds: 900, warningSeconds: 840 }, true)).shift).toBeNull();
});

test("only who may see some sealed identity data is given the key that opens it", async () => {
  const held = new Map<string, boolean>();
  for (const role of columns) {
    const { session } = await signedIn(hospital, accountOf(role));
    held.set(role, session.fieldKey() !== undefined);
    expect(session.personalKey().key).toHaveLength(32);
    const { rows } = await hospital.owner("SELECT purpose FROM private.sealed_key WHERE staff_id = $1 ORDER BY 1", [
      session.person().staffId,
    ]);
    expect(rows.map((row) => row["purpose"])).toEqual(
      held.get(role) ? ["drafts", "fields", "personal"] : ["drafts", "personal"],
    );
  }
  expect(Object.fromEntries(held)).toEqual({
    Admin: true,
    Doctor: true,
    Nurse: false,
    Billing: true,
    Reception: false,
    Auditor: true,
  });
});

test("before anybody signs in the database tells whether it is the demo hospital, and the demo accounts only then", async () => {
  expect(await direct.rows("SELECT * FROM api.installation_status()")).toEqual([{ loaded: true, demo: true }]);
  expect(
    (await direct.rows("SELECT username FROM api.demo_accounts()")).map((row) => String(row["username"])).sort(),
  ).toEqual(columns.map(accountOf).sort());
  await hospital.owner("UPDATE private.installation SET demo = false");
  expect(await direct.rows("SELECT * FROM api.demo_accounts()")).toEqual([]);
  await hospital.owner("UPDATE private.installation SET demo = true");
});

test("a lock that the network delivers after the unlock does not close what the nurse has unlocked", async () => {
  const before = await signInDirectly(direct, "demo_nurse");
  const slow = await connectDirectly(hospital);
  const [begun] = await direct.rows("SELECT api.begin_sign_in('demo_nurse', $1) AS attempt", [
    await proofOf(direct, "demo_nurse"),
  ]);
  await direct.rows("BEGIN");
  const [after] = await direct.rows("SELECT * FROM api.finish_sign_in($1, NULL, $2)", [begun?.["attempt"], before.id]);
  // It still sees the old token, waits for the session's rows, and wakes up when they are another's.
  const late = slow.rows("SELECT api.lock_session($1, 'idle')", [before.token]);
  await pause(100);
  await direct.rows("COMMIT");
  await late;
  expect(await works({ ...before, token: String(after?.["token"]) })).toBe(true);
  await slow.end();
});
