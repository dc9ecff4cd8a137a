import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDirectly, type Direct, proofOf, sqlState } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/**
 * Everything that takes more than one lock, all at once and over the same four people: whatever order it comes in, PostgreSQL
 * must find no deadlock and the audit must not break. Each client is a workstation that does one thing after the other.
 */
const CLIENTS = 14;
/** At the least; on a slow machine until everything was done that must be, but not for ever. */
const SECONDS = 20;
const SECONDS_AT_MOST = 240;

const people = ["demo_nurse", "demo_doctor", "demo_admin", "demo_auditor"] as const;
type Username = (typeof people)[number];
interface Opened {
  token: string;
  refresh: string;
  readonly id: string;
}

let hospital: TestHospital;
let scene: Scene;
let clients: Direct[];
const proofs = new Map<Username, Buffer>();
const staffIds = new Map<Username, string>();
const open = new Map<Username, Opened[]>();
let openAlerts: readonly string[] = [];
/** How often each act went through, and by which SQLSTATE it was refused. */
const done = new Map<string, number>();
const refused = new Map<string, number>();

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  clients = await Promise.all(Array.from({ length: CLIENTS }, () => connectDirectly(hospital)));
  const [first] = clients as [Direct];
  for (const username of people) {
    proofs.set(username, await proofOf(first, username));
    const { rows } = await hospital.owner("SELECT id FROM hospital.staff WHERE username = $1", [username]);
    staffIds.set(username, String(rows[0]?.["id"]));
    open.set(username, []);
  }
  // What asks for an alert now and then in a hospital asks for one with nearly every act here.
  await hospital.owner(
    "UPDATE private.watch_rule SET threshold = least(threshold, 2), within = least(within, interval '2 seconds')",
  );
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await hospital.close();
});

const pick = <T>(from: readonly T[]): T => from[randomInt(Math.max(1, from.length))] as T;
const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest();
const secret = () => randomBytes(32).toString("hex");
const sessionOf = (username: Username): Opened =>
  pick(open.get(username) ?? []) ?? { token: "", refresh: "", id: randomUUID() };

async function begin(client: Direct, username: string, proof: Buffer | undefined): Promise<string> {
  const [row] = await client.rows("SELECT api.begin_sign_in($1, $2, 'ward 5A', '127.0.0.1', '0') AS id", [
    username,
    proof ?? randomBytes(32),
  ]);
  return String(row?.["id"]);
}

async function signIn(client: Direct, username: Username, renews: string | null): Promise<void> {
  const attempt = await begin(client, username, proofs.get(username));
  const [row] = await client.rows("SELECT * FROM api.finish_sign_in($1, NULL, $2)", [attempt, renews]);
  if (row?.["outcome"] !== "granted") return;
  const made = { token: String(row["token"]), refresh: String(row["refresh"]), id: String(row["session_id"]) };
  const kept = (open.get(username) ?? []).filter(({ id }) => id !== made.id);
  open.set(username, [...kept.slice(-3), made]);
}

type Act = (client: Direct, username: Username, session: Opened) => Promise<unknown>;
const clinicians = ["demo_nurse", "demo_doctor"] as const;

const acts: Readonly<Record<string, Act>> = {
  "sign in": (client, username) => signIn(client, username, null),
  unlock: (client, username, { id }) => signIn(client, username, id),
  "sign in with a wrong password": async (client, username) => {
    const attempt = await begin(client, pick([username, "nobody at all"]), undefined);
    await client.rows("SELECT * FROM api.finish_sign_in($1)", [attempt]);
  },
  refresh: async (client, _username, session) => {
    const next = { token: secret(), refresh: secret() };
    await client.rows("SELECT * FROM api.refresh_session($1, $2, $3)", [
      session.refresh,
      sha256(next.token),
      sha256(next.refresh),
    ]);
    // One time in ten the client forgets what it was given, and comes with the old one again: that is a theft.
    if (randomInt(10) > 0) Object.assign(session, next);
  },
  lock: (client, _username, { token }) => client.rows("SELECT api.lock_session($1, 'person')", [token]),
  "sign out": (client, _username, { token }) => client.rows("SELECT api.sign_out($1)", [token]),
  pulse: (client, _username, { token }) => client.rows("SELECT api.pulse($1)", [token]),
  heartbeat: (client, _username, { token }) => client.rows("SELECT api.heartbeat($1)", [token]),
  announce: (client, _username, { token }) =>
    client.rows("SELECT * FROM api.announce($1, 'get_vital_signs', $2)", [
      token,
      JSON.stringify({ patient: pick([scene.ours.number, scene.theirs.number, "ZZ9Z9"]) }),
    ]),
  "record vital signs": (client, _username, { token }) =>
    client.rows("SELECT * FROM api.record_vital_signs($1, $2, $3, clock_timestamp(), $4)", [
      token,
      uuidv7(),
      scene.ours.number,
      JSON.stringify({ pulse: 80 }),
    ]),
  "be made ready for work offline": async (client, _username, { token }) => {
    await client.rows("SELECT * FROM api.grant_offline($1, $2, 'a workstation')", [token, randomUUID()]);
    await client.rows("SELECT * FROM api.outbox_key($1)", [token]);
  },
  "break the glass": async (client) => {
    const username = pick(clinicians);
    const { token } = sessionOf(username);
    const [asked] = await client.rows("SELECT * FROM api.announce_break_glass($1, $2, 'unconscious')", [
      token,
      scene.theirs.number,
    ]);
    if (asked?.["request"] === null) return;
    const attempt = await begin(client, username, randomInt(3) > 0 ? proofs.get(username) : undefined);
    await client.rows("SELECT * FROM api.open_break_glass($1, $2, $3)", [token, asked?.["request"], attempt]);
  },
  "end the emergency": (client) => client.rows("SELECT api.end_break_glass($1)", [sessionOf(pick(clinicians)).token]),
  "end an own session": (client, username, { token }) =>
    client.rows("SELECT api.end_own_session($1, $2)", [token, sessionOf(username).id]),
  "change the password": async (client, username, { token }) => {
    const attempt = await begin(client, username, proofs.get(username));
    // Without the keys it is refused, with every lock in hand.
    await client.rows("SELECT api.change_password($1, $2, '{}', '[]')", [token, attempt]);
  },
  "begin a second factor": async (client, username, { token }) => {
    const attempt = await begin(client, username, proofs.get(username));
    await client.rows("SELECT * FROM api.start_second_factor($1, $2)", [token, attempt]);
  },
  "set a badge": async (client, username, { token }) => {
    const attempt = await begin(client, username, proofs.get(username));
    await client.rows("SELECT api.set_badge($1, $2, $3)", [token, attempt, Buffer.from(pick(["badge 1", "badge 2"]))]);
  },
  "remove the badge": (client, _username, { token }) => client.rows("SELECT api.remove_badge($1)", [token]),
  "read a badge": async (client) => {
    const [row] = await client.rows("SELECT api.begin_badge_read($1, $2) AS id", [
      Buffer.from("badge 1"),
      randomUUID(),
    ]);
    await client.rows("SELECT * FROM api.badge_holder($1)", [row?.["id"]]);
  },
  "end somebody's sessions": (client) =>
    client.rows("SELECT api.end_sessions($1, $2, NULL, 'test')", [
      sessionOf("demo_admin").token,
      staffIds.get(pick(people)),
    ]),
  "disable and enable somebody": async (client) => {
    const { token } = sessionOf("demo_admin");
    const staff = staffIds.get(pick(people));
    await client.rows("SELECT api.disable_person($1, $2, 'test')", [token, staff]);
    await client.rows("SELECT api.enable_person($1, $2)", [token, staff]);
  },
  "reset a second factor": (client) =>
    client.rows("SELECT api.reset_second_factor($1, $2, 'test')", [
      sessionOf("demo_admin").token,
      staffIds.get(pick(clinicians)),
    ]),
  "reset a password": (client) =>
    client.rows("SELECT api.reset_password($1, $2, 'test', '{}', '[]')", [
      sessionOf("demo_admin").token,
      staffIds.get(pick(clinicians)),
    ]),
  "judge an alert": (client) =>
    client.rows("SELECT api.handle_alert($1, $2, 'expected', '')", [
      sessionOf(pick(["demo_auditor", "demo_admin"])).token,
      pick(openAlerts) ?? null,
    ]),
};
/** Those that are always refused with all their locks in hand: what they were given stands for nothing. */
const refusedOnPurpose = new Set(["change the password", "reset a password"]);

const count = (of: Map<string, number>, what: string) => of.set(what, (of.get(what) ?? 0) + 1);

/** How often an act was carried out: it went through, or was refused in the way that was meant. */
const carriedOut = (name: string) =>
  (done.get(name) ?? 0) +
  [...refused].filter(([what]) => refusedOnPurpose.has(name) && what.endsWith(name) && !what.startsWith("28000"))
    .length;
async function written(): Promise<{ entries: number; rules: number }> {
  const { rows } = await hospital.owner(
    "SELECT (SELECT count(*)::int FROM private.audit_entry) AS entries, (SELECT count(DISTINCT rule)::int FROM private.alert) AS rules",
  );
  return rows[0] as unknown as { entries: number; rules: number };
}
async function hasEnough(): Promise<boolean> {
  if (Object.keys(acts).some((name) => carriedOut(name) === 0)) return false;
  const { entries, rules } = await written();
  return entries > 1000 && rules > 3;
}

let finished = false;
async function finish(): Promise<void> {
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  while (passed() < SECONDS || (passed() < SECONDS_AT_MOST && !(await hasEnough()))) await pause(250);
  finished = true;
}

async function work(client: Direct): Promise<void> {
  while (!finished) {
    const name = pick(Object.keys(acts));
    const username = pick(people);
    try {
      // Half of what is done needs an open session, and half of the rest closes one.
      if ((open.get(username) ?? []).length === 0 || randomInt(4) === 0) await signIn(client, username, null);
      await acts[name]?.(client, username, sessionOf(username));
      count(done, name);
    } catch (error) {
      count(refused, `${sqlState(error)} ${name}`);
    }
  }
}

/** Rows that nobody holds just now: this hand of the test must not be what others wait for. */
const free = (table: string, key: string, where: string) =>
  `${key} IN (SELECT ${key} FROM ${table} WHERE ${where} FOR NO KEY UPDATE SKIP LOCKED)`;

/** Nobody stays locked out or has used up their emergencies, and some emergencies lapse while others are being ended. */
async function keepGoing(): Promise<void> {
  const recent = "opened_at > clock_timestamp() - interval '1 hour' AND random() < 0.5";
  while (!finished) {
    await hospital.owner(
      `DELETE FROM private.sign_in_counter WHERE ${free("private.sign_in_counter", "username", "true")}`,
    );
    await hospital.owner(
      `UPDATE hospital.staff SET disabled_at = NULL WHERE ${free("hospital.staff", "id", "disabled_at < clock_timestamp() - interval '1 second'")}`,
    );
    await hospital.owner(
      `UPDATE private.break_glass_request SET at = at - interval '13 hours' WHERE ${free("private.break_glass_request", "id", "used_at IS NOT NULL")}`,
    );
    await hospital.owner(
      `UPDATE private.break_glass_grant SET opened_at = opened_at - interval '13 hours', until = until - interval '13 hours',
         ended_at = ended_at - interval '13 hours' WHERE ${free("private.break_glass_grant", "id", recent)}`,
    );
    const { rows } = await hospital.owner("SELECT id FROM private.alert WHERE handled_at IS NULL");
    openAlerts = rows.map((row) => String(row["id"]));
    await pause(100);
  }
}

test("sign-ins, refreshes, locks, reads, emergencies, revocations and alerts at once: no deadlock, and the audit holds", {
  timeout: (SECONDS_AT_MOST + 90) * 1000,
}, async () => {
  await Promise.all([...clients.map(work), keepGoing(), finish()]);
  const codes = [...refused.keys()].map((what) => what.slice(0, 5));
  expect(codes, JSON.stringify([...refused])).not.toContain("40P01");
  // What else is refused is a session that is over, and what was refused on purpose.
  for (const what of refused.keys())
    expect(what.startsWith("28000 ") || refusedOnPurpose.has(what.slice(6)), `${what} ${refused.get(what)}`).toBe(true);
  // Nothing of it was left out.
  for (const name of Object.keys(acts)) expect(carriedOut(name), name).toBeGreaterThan(0);
  const { rows } = await hospital.owner("SELECT chains, entries, faults FROM private.verify_audit()");
  expect(rows[0]?.["faults"]).toEqual([]);
  expect(Number(rows[0]?.["entries"])).toBeGreaterThan(1000);
  expect((await written()).rules).toBeGreaterThan(3);
});
