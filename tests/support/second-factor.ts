import { createHash, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Secret, TOTP } from "otpauth";
import { type Direct, proofOf, type RawSession } from "./direct";

/** Milliseconds that a code is shown. */
const STEP = 30_000;
const stepNow = () => Math.floor(Date.now() / STEP);

/** A person's authenticator app, by a library that shares no code with what is tested. */
export interface Authenticator {
  /** The code of the step that is `steps` away from this one. */
  code(steps?: number): string;
}

export function authenticatorOf(secret: Uint8Array | string): Authenticator {
  const key =
    typeof secret === "string" ? Secret.fromBase32(secret) : new Secret({ buffer: new Uint8Array(secret).buffer });
  const totp = new TOTP({ secret: key, algorithm: "SHA1", digits: 6, period: 30 });
  return { code: (steps = 0) => totp.generate({ timestamp: Date.now() + steps * STEP }) };
}

export const hashOf = (text: string) => createHash("sha256").update(text, "utf8").digest();

export async function beginAs(direct: Direct, username: string, password?: string): Promise<string> {
  const [row] = await direct.rows("SELECT api.begin_sign_in($1, $2, 'a bare client', '127.0.0.1', '0') AS attempt", [
    username,
    await proofOf(direct, username, password),
  ]);
  return String(row?.["attempt"]);
}

/** Waits out the last seconds of a step: what is tested of it must not fall into the next. */
export async function awayFromTheEdge(): Promise<void> {
  const left = STEP - (Date.now() % STEP);
  if (left < 4000) await pause(left + 50);
}

/** What `work` answers where it began and ended in one time step. On a busy machine it may have to be done again. */
export async function withinOneStep<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    await awayFromTheEdge();
    const step = stepNow();
    const answer = await work();
    if (stepNow() === step) return answer;
  }
}

/**
 * Sets up a second factor for who is signed in, as the app does; answers the authenticator and the recovery codes. `code`: of
 * the one whose place it takes.
 */
export async function enrol(direct: Direct, session: RawSession, username: string, password?: string, code?: string) {
  const attempt = await beginAs(direct, username, password);
  const [row] = await direct.rows("SELECT * FROM api.start_second_factor($1, $2, $3)", [
    session.token,
    attempt,
    code ?? null,
  ]);
  if (row?.["outcome"] !== "granted") throw new Error(`enrolment: ${String(row?.["outcome"])}`);
  const authenticator = authenticatorOf(row["secret"] as Buffer);
  const recoveryCodes = Array.from({ length: 10 }, () => randomBytes(10).toString("hex").toUpperCase());
  // The code of the step before: the one of now is left for what follows.
  const confirm = async () => {
    const [done] = await direct.rows("SELECT api.confirm_second_factor($1, $2, $3) AS outcome", [
      session.token,
      authenticator.code(-1),
      recoveryCodes.map(hashOf),
    ]);
    return done?.["outcome"];
  };
  for (;;) {
    await awayFromTheEdge();
    const step = stepNow();
    const outcome = await confirm();
    if (outcome === "confirmed") return { authenticator, recoveryCodes };
    // A step that went by meanwhile made the code too old: nobody's fault.
    if (stepNow() === step) throw new Error(`enrolment: ${String(outcome)}`);
  }
}
