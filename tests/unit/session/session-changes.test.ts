import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../electron/database/pool";
import { newSealingKey } from "../../../electron/sealing/seal";
import type { OfflineEntry, OfflinePort } from "../../../electron/session/offline-port";
import { renewOffline } from "../../../electron/session/offline-session";
import { derivePasswordKeys, forgetKeys } from "../../../electron/session/password-keys";
import { Session } from "../../../electron/session/session";
import { createAccessTokens } from "../../../electron/session/token";
import { handClock } from "./hand-clock";

/** What one person's change of state must not do to another's, with the database left out. */
const workstation = { name: "test workstation", address: "127.0.0.1", appVersion: "0.0.0" };
const cheap = { memoryKib: 64, iterations: 1, parallelism: 1, salt: randomBytes(16) };
const sessions: Session[] = [];
let ended: unknown[];
/** Shifts that the workstation is asked for, told when the test says so. */
let shifts: ((ward: string) => void)[];
beforeEach(() => {
  ended = [];
  shifts = [];
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.signOut();
});

const granted = (restricted: string | null) => ({
  outcome: "granted",
  token: "a token",
  refresh: "a refresh token",
  session_id: randomUUID(),
  staff_id: "STF002",
  username: "demo_nurse",
  name: "Sarah Johnson",
  role: "Nurse",
  department: "Internal Medicine",
  started_at: "2026-04-05T08:05:00.000Z",
  expires_at: "2026-04-05T20:05:00.000Z",
  second_factor: false,
  restricted,
});

const database: Database = {
  statement: async (text, values = []) => {
    if (text.includes("login_parameters")) return [{ salt: cheap.salt, memory_kib: 64, iterations: 1, parallelism: 1 }];
    if (text.includes("begin_sign_in")) return [{ attempt: randomUUID() }];
    if (text.includes("finish_sign_in")) return [granted("enrolment")];
    if (text.includes("sign_out")) ended.push(values[0]);
    if (text.includes("start_second_factor")) return [{ outcome: "started", secret: "JBSWY3DPEHPK3PXP" }];
    return [];
  },
  request: () => Promise.reject(new Error("not asked for here")),
  onConnectionChange: () => undefined,
  close: async () => undefined,
};

async function entryOf(username: string): Promise<OfflineEntry> {
  return {
    person: { staffId: `STF-${username}`, name: username, username, role: "Doctor", department: "Medicine" },
    sessionId: randomUUID(),
    startedAt: "2026-04-05T08:05:00.000Z",
    expiresAt: "2026-04-05T20:05:00.000Z",
    draftsKey: newSealingKey(),
    keys: await derivePasswordKeys("their password", cheap),
    begin: async () => undefined,
    discard: () => undefined,
  };
}

async function newSession() {
  let away = false;
  const clock = handClock();
  const port: OfflinePort = {
    isAway: async () => away,
    holds: async () => "yes",
    unlock: entryOf,
    granted: async () => undefined,
    isOver: () => false,
    online: () => undefined,
    forget: () => undefined,
    shift: () =>
      new Promise((resolve) =>
        shifts.push((ward) => resolve({ ward, wardName: ward, endsAt: "2026-04-05T15:30:00.000Z" })),
      ),
  };
  const session = new Session({
    database,
    clock,
    tokens: await createAccessTokens(clock),
    workstation,
    onClosed: () => undefined,
    onExpired: () => undefined,
    offline: () => port,
  });
  sessions.push(session);
  return {
    session,
    goAway: () => {
      away = true;
    },
  };
}
const refusal = (code: string) => ({ failure: { code } });

describe("a sign-in that somebody left in the middle", () => {
  test("is not gone on with from inside the session of who came next", async () => {
    const { session, goAway } = await newSession();
    expect(await session.signIn("demo_nurse", "the nurse's password")).toEqual({ step: "enrolment" });
    goAway();
    expect(await session.signIn("omar", "their password")).toEqual({ step: "done" });
    await expect(session.startEnrolment()).rejects.toMatchObject(refusal("LOCKED"));
    await expect(session.confirmEnrolment("123456")).rejects.toMatchObject(refusal("LOCKED"));
    expect(session.person().username).toBe("omar");
    // Its restricted session is over at the database as well, and a new password is not judged as that person's.
    expect(ended).toEqual(["a token"]);
    expect(session.personSigningIn).toBeNull();
  });
});

test("a shift that is told late is not the shift of who came meanwhile, nor kept with their ward's copy", async () => {
  const { session, goAway } = await newSession();
  goAway();
  await session.signIn("nora", "their password");
  const idle = { idleSeconds: 900, warningSeconds: 60 };
  const first = session.view(idle, false);
  shifts.shift()?.("5A");
  expect((await first).shift?.ward).toBe("5A");
  const late = session.view(idle, false);
  session.lock("person");
  session.switchUser();
  await session.signIn("omar", "their password");
  expect(session.lastShift()).toBeNull();
  shifts.shift()?.("5A");
  await expect(late).rejects.toMatchObject(refusal("LOCKED"));
  expect(session.lastShift()).toBeNull();
});

describe("the return from a time without the database", () => {
  test("proves the password, also when a lock zeroes the session's keys in the middle", async () => {
    const entry = await entryOf("nora");
    const right = Buffer.from(entry.keys.auth);
    const seen: Buffer[] = [];
    const slow: Database = {
      ...database,
      statement: async (text, values = []) => {
        if (!text.includes("begin_sign_in")) return database.statement(text, values);
        // The pool gives its connection only after the lock; what it sends then is what the buffer holds then.
        forgetKeys(entry.keys);
        seen.push(Buffer.from(values[1] as Buffer));
        return [{ attempt: randomUUID() }];
      },
    };
    expect(await renewOffline(slow, workstation, entry)).toBeUndefined();
    expect(seen).toEqual([right]);
  });
});
