import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../../../electron/database/pool";
import { SignInFlow } from "../../../electron/session/sign-in-flow";

/** How long what a password derives may wait: with the database left out, because nobody waits ten real minutes for it. */
const workstation = { name: "test workstation", address: "127.0.0.1", appVersion: "0.0.0" };
const salt = randomBytes(16);
let proofs: Buffer[];
let ended: unknown[];
let outcomes: Record<string, unknown>[];
let flow: SignInFlow;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  proofs = [];
  ended = [];
  outcomes = [];
  const statement: Database["statement"] = async (text, values = []) => {
    if (text.includes("login_parameters")) return [{ salt, memory_kib: 64, iterations: 1, parallelism: 1 }];
    if (text.includes("begin_sign_in")) {
      proofs.push(values[1] as Buffer);
      return [{ attempt: randomUUID() }];
    }
    if (text.includes("finish_sign_in")) return [outcomes.shift() ?? { outcome: "failed" }];
    if (text.includes("sign_out")) {
      ended.push(values[0]);
      return [];
    }
    throw new Error(`not asked for here: ${text}`);
  };
  const database: Database = {
    statement,
    request: () => Promise.reject(new Error("not asked for here")),
    onConnectionChange: () => undefined,
    close: async () => undefined,
  };
  flow = new SignInFlow(database, workstation);
});
afterEach(() => {
  vi.useRealTimers();
});

const restricted = (what: string) => ({
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
  restricted: what,
});
const zeroed = (key: Buffer | undefined) => key?.every((byte) => byte === 0);
const refusal = (code: string) => ({ failure: { code } });

test("the proof waits two minutes for its code, and is zeroed then", async () => {
  outcomes = [{ outcome: "code_required" }];
  expect(await flow.begin("demo_nurse", "a password")).toEqual({ step: "code" });
  vi.advanceTimersByTime(119_000);
  expect(flow.isOpen).toBe(true);
  expect(zeroed(proofs[0])).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(flow.isOpen).toBe(false);
  expect(zeroed(proofs[0])).toBe(true);
  await expect(flow.verifyCode("123456")).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  expect(proofs).toHaveLength(1);
});

test("every code is an attempt of its own; a wrong one leaves the step open, a lockout closes it", async () => {
  outcomes = [{ outcome: "code_required" }, { outcome: "failed" }, { outcome: "locked" }];
  await flow.begin("demo_nurse", "a password");
  await expect(flow.verifyCode("000000")).rejects.toMatchObject(refusal("CODE_WRONG"));
  expect(flow.isOpen).toBe(true);
  expect(zeroed(proofs[0])).toBe(false);
  await expect(flow.verifyCode("000001")).rejects.toMatchObject(refusal("ACCOUNT_LOCKED"));
  expect(proofs).toHaveLength(3);
  expect(flow.isOpen).toBe(false);
  expect(proofs.every(zeroed)).toBe(true);
});

test("a wrong password keeps nothing", async () => {
  outcomes = [{ outcome: "failed" }];
  await expect(flow.begin("demo_nurse", "a password")).rejects.toMatchObject(refusal("SIGN_IN_FAILED"));
  expect(flow.isOpen).toBe(false);
  expect(zeroed(proofs[0])).toBe(true);
});

test("a step that is left, or waits ten minutes, ends its session and zeroes what the password derived", async () => {
  for (const leave of [() => flow.cancel(), async () => void (await vi.advanceTimersByTimeAsync(600_000))]) {
    outcomes = [restricted("password-change")];
    expect(await flow.begin("demo_nurse", "a password")).toEqual({ step: "password-change", username: "demo_nurse" });
    expect(flow.person).toEqual({ username: "demo_nurse", name: "Sarah Johnson", secondFactor: false });
    await leave();
    expect(flow.isOpen).toBe(false);
    expect(flow.person).toBeNull();
    expect(ended.splice(0)).toEqual(["a token"]);
    expect(proofs.splice(0).every(zeroed)).toBe(true);
    await expect(flow.choosePassword("a red umbrella over the canal")).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  }
});

test("no step opens another: a password is not chosen while a factor is wanted, nor a factor before the code", async () => {
  outcomes = [restricted("enrolment")];
  expect(await flow.begin("demo_nurse", "a password")).toEqual({ step: "enrolment" });
  await expect(flow.choosePassword("a red umbrella over the canal")).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  await expect(flow.verifyCode("123456")).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  outcomes = [{ outcome: "code_required" }];
  await flow.begin("demo_nurse", "a password");
  // The first sign-in was left by beginning another.
  expect(ended).toEqual(["a token"]);
  await expect(flow.startEnrolment()).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  await expect(flow.confirmEnrolment("123456")).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  await flow.cancel();
});

test("a code whose answer comes after the step was left opens nothing, and its session is ended", async () => {
  outcomes = [{ outcome: "code_required" }];
  await flow.begin("demo_nurse", "a password");
  outcomes = [{ ...restricted("enrolment"), restricted: null }];
  const late = flow.verifyCode("123456");
  await flow.cancel();
  await expect(late).rejects.toMatchObject(refusal("NOT_SIGNED_IN"));
  expect(ended).toEqual(["a token"]);
});
