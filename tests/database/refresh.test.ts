import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Query } from "../../electron/database/pool";
import { SessionTokens } from "../../electron/session/session-tokens";
import { announce, connectDirectly, type Direct, read } from "../support/direct";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { beginAs } from "../support/second-factor";

let hospital: TestHospital;
let direct: Direct;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
beforeEach(async () => {
  await hospital.owner(
    "UPDATE private.session SET ended_at = clock_timestamp(), token_hash = NULL WHERE ended_at IS NULL",
  );
  await hospital.owner("UPDATE private.alert SET handled_at = clock_timestamp()");
  await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

interface Tokens {
  readonly token: string;
  readonly refresh: string;
  readonly id: string;
}
const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest();
const invented = () => ({ token: randomBytes(32).toString("hex"), refresh: randomBytes(32).toString("hex") });

async function signIn(username = "demo_nurse", renews: string | null = null): Promise<Tokens> {
  const attempt = await beginAs(direct, username);
  const [row] = await direct.rows("SELECT * FROM api.finish_sign_in($1, NULL, $2)", [attempt, renews]);
  return { token: String(row?.["token"]), refresh: String(row?.["refresh"]), id: String(row?.["session_id"]) };
}
const values = (refresh: string, next: { token: string; refresh: string }) => [
  refresh,
  sha256(next.token),
  sha256(next.refresh),
];
const refreshing = "SELECT * FROM api.refresh_session($1, $2, $3)";
async function refresh(from: Tokens): Promise<Tokens> {
  const next = invented();
  const [row] = await direct.rows(refreshing, values(from.refresh, next));
  expect(row?.["outcome"]).toBe("refreshed");
  return { ...next, id: from.id };
}
const opens = async (token: string) => (await direct.refusal("SELECT * FROM api.whoami($1)", [token])) === "none";
const age = (id: string, by: string) =>
  hospital.owner(
    "UPDATE private.session SET token_expires_at = token_expires_at - $2::interval, previous_until = previous_until - $2::interval WHERE id = $1",
    [id, by],
  );
const leah = { patient: "FCE57" };
const countVitals = "SELECT count(*)::int AS n FROM api.vital_signs";

test("a token lives fifteen minutes, also while its person is at work", async () => {
  const nurse = await signIn();
  const { rows } = await hospital.owner(
    "SELECT round(extract(epoch FROM token_expires_at - clock_timestamp()) / 60) AS minutes FROM private.session WHERE id = $1",
    [nurse.id],
  );
  expect(Number(rows[0]?.["minutes"])).toBe(15);
  await age(nurse.id, "14 minutes 30 seconds");
  expect(await opens(nurse.token)).toBe(true);
  await age(nurse.id, "30 seconds");
  expect(await opens(nurse.token)).toBe(false);
  // What asks for the next one still does, as long as the person is not idle.
  expect(await opens((await refresh(nurse)).token)).toBe(true);
});

test("the next token goes on with the same session, and the one before it for thirty seconds", async () => {
  const first = await signIn();
  const second = await refresh(first);
  expect(await Promise.all([first, second].map(({ token }) => opens(token)))).toEqual([true, true]);
  const third = await refresh(second);
  expect(await opens(first.token)).toBe(false);
  expect(await opens(second.token)).toBe(true);
  await age(first.id, "31 seconds");
  expect(await opens(second.token)).toBe(false);
  expect(await opens(third.token)).toBe(true);
  const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM private.session WHERE ended_at IS NULL");
  expect(rows[0]?.["n"]).toBe(1);
});

test("a request that is open when the token is replaced is read to its end, and one that was announced before it opens", async () => {
  const first = await signIn();
  const other = await connectDirectly(hospital);
  const { announcement } = await announce(direct, first.token, "get_vital_signs", leah);
  await other.rows("BEGIN READ ONLY");
  await other.rows("SELECT api.open_request($1, $2)", [first.token, announcement]);
  const before = (await other.rows(countVitals))[0]?.["n"];
  const second = await refresh(first);
  expect((await other.rows(countVitals))[0]?.["n"]).toBe(before);
  expect(before).toBeGreaterThan(5);
  // The thirty seconds hold for it as well.
  await age(first.id, "31 seconds");
  expect((await other.rows(countVitals))[0]?.["n"]).toBe(0);
  await other.rows("COMMIT");
  expect((await read(direct, second.token, announcement, countVitals))[0]?.["n"]).toBe(before);
  await other.end();
});

test("asked again with the same hashes it is the same success, as often as the answer is lost", async () => {
  const first = await signIn();
  const next = invented();
  for (let times = 0; times < 3; times += 1)
    expect((await direct.rows(refreshing, values(first.refresh, next)))[0]).toMatchObject({ outcome: "refreshed" });
  expect(await opens(next.token)).toBe(true);
  const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM private.refresh_token WHERE session_id = $1", [
    first.id,
  ]);
  expect(rows[0]?.["n"]).toBe(2);
  // Eight at the same moment: one token, and nobody takes them for a thief.
  const again = invented();
  const clients = await Promise.all(Array.from({ length: 8 }, () => connectDirectly(hospital)));
  const outcomes = await Promise.all(clients.map((client) => client.rows(refreshing, values(next.refresh, again))));
  expect(outcomes.flat().map((row) => row["outcome"])).toEqual(Array(8).fill("refreshed"));
  expect(await opens(again.token)).toBe(true);
  await Promise.all(clients.map((client) => client.end()));
});

test("an old refresh token with other hashes ends every session of that person, is in the audit, and raises an alert", async () => {
  const elsewhere = await signIn();
  const doctor = await signIn("demo_doctor");
  const first = await signIn();
  const second = await refresh(first);
  const third = await refresh(second);
  const thief = invented();
  expect((await direct.rows(refreshing, values(first.refresh, thief)))[0]).toMatchObject({
    outcome: "reused",
    token_expires_at: null,
  });
  for (const token of [elsewhere.token, second.token, third.token, thief.token]) expect(await opens(token)).toBe(false);
  expect(await opens(doctor.token)).toBe(true);
  expect(await direct.refusal(refreshing, values(third.refresh, invented()))).toBe("28000");
  const { rows } = await hospital.owner(
    "SELECT action, outcome, detail ->> 'because' AS because FROM private.audit_entry WHERE chain_id = $1 AND action IN ('TOKEN_REUSE', 'SESSION_REVOKED') ORDER BY sequence",
    [first.id],
  );
  expect(rows).toEqual([
    { action: "TOKEN_REUSE", outcome: "denied", because: null },
    { action: "SESSION_REVOKED", outcome: "granted", because: "an old token was used again" },
  ]);
  const { rows: alerts } = await hospital.owner(
    "SELECT rule, severity, staff_id FROM private.alert WHERE handled_at IS NULL AND session_id = $1",
    [first.id],
  );
  expect(alerts).toEqual([{ rule: "token-reuse", severity: "urgent", staff_id: "STF002" }]);
  expect((await hospital.owner("SELECT faults FROM private.verify_audit()")).rows[0]?.["faults"]).toEqual([]);
});

test("whoever is first with a stolen refresh token is found out by the one who comes second", async () => {
  const nurse = await signIn();
  const thief = invented();
  expect((await direct.rows(refreshing, values(nurse.refresh, thief)))[0]).toMatchObject({ outcome: "refreshed" });
  expect((await direct.rows(refreshing, values(nurse.refresh, invented())))[0]).toMatchObject({ outcome: "reused" });
  expect(await opens(thief.token)).toBe(false);
});

test("what is no refresh token, or one of a session that is over, locked, idle or shut, opens nothing and harms nobody", async () => {
  const bystander = await signIn();
  for (const worthless of [null, "", "0".repeat(64), bystander.token])
    expect(await direct.refusal(refreshing, [worthless, randomBytes(32), randomBytes(32)])).toBe("28000");
  const same = randomBytes(32);
  for (const [token, next] of [
    [null, null],
    [randomBytes(31), randomBytes(32)],
    [same, same],
  ])
    expect(await direct.refusal(refreshing, [bystander.refresh, token, next])).toBe("28000");
  const ends: ((session: Tokens) => Promise<unknown>)[] = [
    (session) => direct.rows("SELECT api.sign_out($1)", [session.token]),
    (session) => direct.rows("SELECT api.lock_session($1, 'idle')", [session.token]),
    (session) =>
      hospital.owner("UPDATE private.session SET last_seen = clock_timestamp() - interval '15 minutes' WHERE id = $1", [
        session.id,
      ]),
    (session) =>
      hospital.owner("UPDATE private.session SET expires_at = clock_timestamp() WHERE id = $1", [session.id]),
    () => hospital.owner("UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE id = 'STF002'"),
  ];
  for (const end of ends) {
    const session = await signIn();
    await end(session);
    expect(await direct.refusal(refreshing, values(session.refresh, invented())), String(end)).toBe("28000");
  }
  await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL");
  expect(
    (await hospital.owner("SELECT FROM private.alert WHERE handled_at IS NULL AND rule = 'token-reuse'")).rows,
  ).toEqual([]);
});

test("a lock makes both tokens and the one before worthless; unlocking gives new ones, and a late refresh is no theft", async () => {
  const first = await signIn();
  const second = await refresh(first);
  await direct.rows("SELECT api.lock_session($1, 'person')", [second.token]);
  for (const token of [first.token, second.token]) expect(await opens(token)).toBe(false);
  const unlocked = await signIn("demo_nurse", first.id);
  expect(unlocked.id).toBe(first.id);
  expect(await direct.refusal(refreshing, values(second.refresh, invented()))).toBe("28000");
  expect(await opens(unlocked.token)).toBe(true);
  expect(await opens((await refresh(unlocked)).token)).toBe(true);
});

test("who locks while the next token is on its way locks with the one before it", async () => {
  const first = await signIn();
  const second = await refresh(first);
  await direct.rows("SELECT api.lock_session($1, 'person')", [first.token]);
  expect(await opens(second.token)).toBe(false);
});

test("a refresh is no sign of a person", async () => {
  const nurse = await signIn();
  await hospital.owner(
    "UPDATE private.session SET last_seen = clock_timestamp() - interval '10 minutes' WHERE id = $1",
    [nurse.id],
  );
  const seen = async () =>
    (await hospital.owner("SELECT last_seen FROM private.session WHERE id = $1", [nurse.id])).rows[0]?.["last_seen"];
  const before = await seen();
  await refresh(nurse);
  expect(await seen()).toEqual(before);
});

test("twelve hours are the end, whatever is refreshed", async () => {
  const nurse = await signIn();
  await hospital.owner(
    "UPDATE private.session SET expires_at = clock_timestamp() + interval '5 minutes' WHERE id = $1",
    [nurse.id],
  );
  await refresh(nurse);
  const { rows } = await hospital.owner(
    "SELECT token_expires_at = expires_at AS bound FROM private.session WHERE id = $1",
    [nurse.id],
  );
  expect(rows[0]?.["bound"]).toBe(true);
});

test("the app's own tokens survive answers that are lost before and after the commit", async () => {
  const tokens = new SessionTokens(await signIn());
  const before = tokens.token;
  const lost = new Error("connection lost");
  const never: Query = () => Promise.reject(lost);
  const afterwards: Query = async (text, given) => {
    await direct.rows(text, given);
    throw lost;
  };
  await expect(tokens.renew(never)).rejects.toBe(lost);
  expect(tokens.all).toHaveLength(2);
  await expect(tokens.renew(afterwards)).rejects.toBe(lost);
  expect(tokens.token).toBe(before);
  // Locked at this moment, both would be told; asked once more, it is the pair that PostgreSQL has already.
  await Promise.all([tokens.renew(direct.rows), tokens.renew(direct.rows)]);
  expect(tokens.token).not.toBe(before);
  expect(tokens.all).toEqual([tokens.token]);
  expect(await opens(tokens.token)).toBe(true);
});

test("the app asks for its next token without its person, and works on with it", async () => {
  const { session, call } = await signedIn(hospital, "demo_nurse");
  const before = session.databaseToken();
  await session.renewTokens();
  expect(session.databaseToken()).not.toBe(before);
  await hospital.owner("UPDATE private.session SET previous_until = clock_timestamp() WHERE ended_at IS NULL");
  expect((await call("list_ward")).ok).toBe(true);
  session.lock("person");
  await expect.poll(() => opens(before)).toBe(false);
});

test("a thief of a refresh token is found out by the victim's app: their sessions end, and an alert says so", async () => {
  const person = await signedIn(hospital, "demo_nurse");
  const { rows } = await hospital.owner(
    "SELECT session_id AS id, hash FROM private.refresh_token WHERE replaced_at IS NULL AND withdrawn_at IS NULL",
  );
  expect(rows).toHaveLength(1);
  // The thief was quicker, and half a minute has gone by since.
  const thief = invented();
  await hospital.owner(
    "UPDATE private.refresh_token SET replaced_at = clock_timestamp(), next_token_hash = $2, next_refresh_hash = $3 WHERE hash = $1",
    [rows[0]?.["hash"], sha256(thief.token), sha256(thief.refresh)],
  );
  await hospital.owner("UPDATE private.session SET token_hash = $2 WHERE id = $1", [
    rows[0]?.["id"],
    sha256(thief.token),
  ]);
  expect(await opens(thief.token)).toBe(true);
  const beat = person.session.guarded(() =>
    hospital.database.statement("SELECT api.pulse($1)", [person.session.databaseToken()]),
  );
  await expect(beat).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });
  expect(person.expired()).toBe(true);
  expect(await opens(thief.token)).toBe(false);
  expect(
    (
      await hospital.owner(
        "SELECT rule FROM private.alert WHERE handled_at IS NULL AND session_id = $1 AND rule = 'token-reuse'",
        [rows[0]?.["id"]],
      )
    ).rows,
  ).toHaveLength(1);
});

test("a network that was away for longer than a token lives ends no session whose person is there", async () => {
  const { session, expired, call } = await signedIn(hospital, "demo_nurse");
  await hospital.owner(
    "UPDATE private.session SET token_expires_at = clock_timestamp() - interval '1 second' WHERE ended_at IS NULL",
  );
  const asked = session.guarded(() => hospital.database.statement("SELECT api.pulse($1)", [session.databaseToken()]));
  await expect(asked).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });
  expect([expired(), session.kind]).toEqual([false, "active"]);
  expect((await call("list_ward")).ok).toBe(true);
});

test("a session that was left alone for longer than its workstation's limit is not refreshed, and an open request reads nothing", async () => {
  const tokens = await signIn();
  await direct.rows("SELECT api.shorten_idle($1, 60)", [tokens.token]);
  const { announcement } = await announce(direct, tokens.token, "list_ward");
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [tokens.token, announcement]);
  const seen = "SELECT guard.has_request() AS open, (SELECT count(*)::int FROM api.patient_overview) > 0 AS rows";
  expect(await direct.rows(seen)).toEqual([{ open: true, rows: true }]);
  await hospital.owner("UPDATE private.session SET last_seen = last_seen - interval '61 seconds' WHERE id = $1", [
    tokens.id,
  ]);
  expect(await direct.rows(seen)).toEqual([{ open: false, rows: false }]);
  await direct.rows("COMMIT");
  expect(await direct.refusal(refreshing, values(tokens.refresh, invented()))).toBe("28000");
});

test("an app whose refresh token was used by somebody else locks", async () => {
  const person = await signedIn(hospital, "demo_nurse");
  await hospital.owner(
    "UPDATE private.refresh_token SET replaced_at = clock_timestamp(), next_token_hash = $1, next_refresh_hash = $2 WHERE replaced_at IS NULL AND withdrawn_at IS NULL",
    [randomBytes(32), randomBytes(32)],
  );
  await expect(person.session.renewTokens()).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });
  expect(person.expired()).toBe(true);
});
