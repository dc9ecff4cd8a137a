import { Refusal } from "../../shared/failure";
import type { Enrolment } from "../../shared/session/sign-in";
import type { Database } from "../database/pool";
import { attemptSignIn, beginAttempt, deriveKeysOf, type Granted, type Secret, type Workstation } from "./attempt";
import { commonPasswords } from "./common-passwords";
import { abandon, type Credentials, openCredentials } from "./credentials";
import { changeOwnPassword } from "./password-change";
import { forgetKeys, type PasswordKeys } from "./password-keys";
import { faultOfNewPassword } from "./password-rules";
import { confirmSecondFactor, startSecondFactor } from "./second-factor";

/** How far a sign-in is, inside the main process. */
export type SignInProgress =
  | { readonly step: "done"; readonly credentials: Credentials }
  | { readonly step: "code" }
  | { readonly step: "password-change"; readonly username: string }
  | { readonly step: "enrolment" };

interface Pending {
  readonly username: string;
  keys: PasswordKeys;
  /** Absent while the code is wanted. */
  readonly granted: Granted | undefined;
  readonly timer: NodeJS.Timeout;
}

/** Milliseconds that a derived proof is kept for a code, and for choosing a password or setting up a second factor. */
const PATIENCE_FOR_CODE = 2 * 60_000;
const PATIENCE_FOR_CHOICE = 10 * 60_000;

const endsStep: ReadonlySet<string> = new Set(["ACCOUNT_LOCKED", "SIGN_IN_FAILED"]);

const tooLate = () => new Refusal("NOT_SIGNED_IN", "Too much time has passed. Sign in again.");

/**
 * A sign-in in several steps. What the password derived is kept between them, for minutes and in this process alone; a step
 * that is left, or comes too late, is a sign-in that did not happen.
 */
export class SignInFlow {
  #pending: Pending | null = null;

  constructor(
    private readonly database: Database,
    private readonly workstation: Workstation,
  ) {}

  /** Somebody is in the middle of it. */
  get isOpen(): boolean {
    return this.#pending !== null;
  }

  /** Who is signing in, as far as a restricted session tells: for judging a password that is chosen now. */
  get person(): { readonly username: string; readonly name: string; readonly secondFactor: boolean } | null {
    const pending = this.#pending;
    if (!pending?.granted) return null;
    return { username: pending.username, name: pending.granted.name, secondFactor: pending.granted.second_factor };
  }

  /** `renews`: the locked session of this name that waits on this workstation. */
  async begin(username: string, secret: Secret, renews?: string): Promise<SignInProgress> {
    await this.cancel();
    const keys = await deriveKeysOf(this.database.statement, username, secret);
    return this.#attempt(username, keys, undefined, renews);
  }

  /** The code that step `code` wants. A wrong one leaves the step open, for a new attempt with the next one. */
  async verifyCode(code: string): Promise<SignInProgress> {
    const pending = this.#pending;
    if (!pending || pending.granted) throw tooLate();
    return this.#attempt(pending.username, pending.keys, code);
  }

  async choosePassword(password: string): Promise<SignInProgress> {
    const { pending, granted } = this.#restricted("password-change");
    const { username, keys: before } = pending;
    const context = { username, name: granted.name, secondFactor: granted.second_factor };
    const fault = faultOfNewPassword(password, { ...context, common: await commonPasswords() });
    if (fault) throw new Refusal("PASSWORD_REFUSED", fault);
    const again = await deriveKeysOf(this.database.statement, username, password);
    const same = again.auth.equals(before.auth);
    forgetKeys(again);
    if (same)
      throw new Refusal("PASSWORD_REFUSED", "This is the password that was given to you. Choose one of your own.");
    const after = await changeOwnPassword(this.database, this.workstation, {
      token: granted.token,
      staffId: granted.staff_id,
      username,
      before,
      next: password,
    });
    if (this.#pending !== pending) {
      forgetKeys(after);
      throw tooLate();
    }
    forgetKeys(before);
    pending.keys = after;
    const [row] = await this.database.statement("SELECT api.sign_in_restriction($1) AS left", [granted.token]);
    return this.#goOn(username, after, { ...granted, restricted: row?.["left"] === "enrolment" ? "enrolment" : null });
  }

  async startEnrolment(): Promise<Enrolment> {
    const { pending, granted } = this.#restricted("enrolment");
    const attempt = await beginAttempt(this.database, this.workstation, pending.username, pending.keys.auth);
    return startSecondFactor(this.database, granted.token, attempt, pending.username);
  }

  async confirmEnrolment(code: string): Promise<{ recoveryCodes: string[]; credentials: Credentials }> {
    const { pending, granted } = this.#restricted("enrolment");
    const recoveryCodes = await confirmSecondFactor(this.database, granted.token, code);
    const done = await this.#goOn(pending.username, pending.keys, {
      ...granted,
      restricted: null,
      second_factor: true,
    });
    if (done.step !== "done") throw new Refusal("UNEXPECTED");
    return { recoveryCodes, credentials: done.credentials };
  }

  /** Leaves an unfinished sign-in: keys zeroed, the restricted session ended. */
  async cancel(): Promise<void> {
    const pending = this.#pending;
    if (!pending) return;
    this.#close(pending);
    forgetKeys(pending.keys);
    if (pending.granted) await abandon(this.database, pending.granted.token);
  }

  async #attempt(
    username: string,
    keys: PasswordKeys,
    code: string | undefined,
    renews?: string,
  ): Promise<SignInProgress> {
    const before = this.#pending;
    let granted: Granted;
    try {
      const answer = await attemptSignIn(this.database, this.workstation, { username, proof: keys.auth, code, renews });
      if (answer.outcome === "code_required") {
        this.#keep(username, keys, undefined, PATIENCE_FOR_CODE);
        return { step: "code" };
      }
      granted = answer;
    } catch (error) {
      // A wrong code, or a network that is away, may be followed by the next; a lockout asks for the password again.
      if (before === null || (error instanceof Refusal && endsStep.has(error.failure.code))) {
        if (before) this.#close(before);
        forgetKeys(keys);
      }
      throw error;
    }
    if (this.#pending !== before) {
      // Cancelled, or too late, while the answer was on its way: a session that nobody waits for any more.
      forgetKeys(keys);
      await abandon(this.database, granted.token);
      throw tooLate();
    }
    return this.#goOn(username, keys, granted);
  }

  /** What a granted session still asks for, or its credentials; the keys are forgotten with the last step. */
  async #goOn(username: string, keys: PasswordKeys, granted: Granted): Promise<SignInProgress> {
    if (granted.restricted) {
      this.#keep(username, keys, granted, PATIENCE_FOR_CHOICE);
      return granted.restricted === "enrolment"
        ? { step: "enrolment" }
        : { step: "password-change", username: granted.username };
    }
    if (this.#pending) this.#close(this.#pending);
    try {
      return { step: "done", credentials: await openCredentials(this.database, granted, keys) };
    } finally {
      forgetKeys(keys);
    }
  }

  #restricted(step: Granted["restricted"]): { pending: Pending; granted: Granted } {
    const pending = this.#pending;
    if (!pending?.granted || pending.granted.restricted !== step) throw tooLate();
    return { pending, granted: pending.granted };
  }

  #keep(username: string, keys: PasswordKeys, granted: Granted | undefined, patience: number): void {
    if (this.#pending) this.#close(this.#pending);
    const timer = setTimeout(() => void this.cancel(), patience);
    timer.unref();
    this.#pending = { username, keys, granted, timer };
  }

  #close(pending: Pending): void {
    clearTimeout(pending.timer);
    if (this.#pending === pending) this.#pending = null;
  }
}
