import { Refusal } from "../../shared/failure";
import type { LockReason } from "../../shared/session/session-state";
import type { Enrolment } from "../../shared/session/sign-in";
import type { WaitingPerson } from "../../shared/session/waiting";
import type { Secret } from "./attempt";
import { proveBadge, unsealCredentials } from "./badge-unlock";
import { type Credentials, forgetCredentials, proveIdentity } from "./credentials";
import { Departure } from "./departure";
import { offlineCredentials, renewOffline, withoutDatabase } from "./offline-session";
import { OneAtATime } from "./one-at-a-time";
import { OpenSession, type SessionOptions, type State } from "./open-session";
import { SignInFlow, type SignInProgress } from "./sign-in-flow";
import { WaitingSessions } from "./waiting";

/** How far a sign-in is; with `done` the session is active. */
export type SignInTaken = Exclude<SignInProgress, { step: "done" }> | { readonly step: "done" };

/** The one writer of who is signed in: sign-in, lock, unlock, switch. What the open session gives is `OpenSession`'s. */
export class Session extends OpenSession {
  #state: State = { kind: "signed-out" };
  /** A second sign-in while one is on its way would leave a session behind that nobody ends. */
  readonly #proving = new OneAtATime();
  /** The last lock on its way to the database; never rejects. */
  #leaving: Promise<void> = Promise.resolve();
  /** A sign-in that wants another step. */
  readonly #flow: SignInFlow;
  /** Locked sessions whose people let somebody else sign in. */
  readonly #waiting: WaitingSessions;
  readonly #departure: Departure;

  constructor(options: SessionOptions) {
    super(options);
    this.#waiting = new WaitingSessions(options.clock);
    this.#flow = new SignInFlow(options.database, options.workstation);
    this.#departure = new Departure(options, this.access);
  }

  protected get state(): State {
    return this.#state;
  }

  /** Nobody is signed in, and nobody is about to be: what is changed now is nobody's to lose. */
  get isFree(): boolean {
    return this.#state.kind === "signed-out" && !this.#proving.isBusy && !this.#flow.isOpen;
  }

  /** Begins a sign-in; whatever is not `done` shows no data and goes on with one of the steps below. */
  signIn(username: string, secret: Secret): Promise<SignInTaken> {
    return this.#step(async () => {
      // Without the database it takes somebody who types.
      if (typeof secret !== "string") return this.#begin(username, secret);
      const entry = await withoutDatabase(this.options.offline?.(), username, secret, () =>
        this.#begin(username, secret),
      );
      return "step" in entry ? entry : { step: "done", credentials: offlineCredentials(entry) };
    });
  }

  async #begin(username: string, secret: Secret): Promise<SignInProgress> {
    const waiting = this.#waiting.of(username);
    if (waiting) await this.#leaving;
    return this.#flow.begin(username, secret, waiting?.sessionId);
  }

  /** Badge and code continue the session that its bearer locked here and left; it stays sealed. */
  signInByBadge(username: string, badge: Buffer, code: string): Promise<SignInTaken> {
    return this.#step(async () => {
      const waiting = this.#waiting.of(username);
      if (!waiting) throw new Refusal("BADGE_NOT_ENOUGH");
      await this.#leaving;
      const { database, workstation } = this.options;
      const credentials = await proveBadge(database, workstation, { badge, code, renews: waiting.sessionId });
      return { step: "done", credentials };
    });
  }

  /** The same on the lock page, for the session that is locked there. */
  unlockByBadge(badge: Buffer, code: string): Promise<void> {
    return this.#unlock(async ({ sessionId: renews }) => {
      await this.#leaving;
      return proveBadge(this.options.database, this.options.workstation, { badge, code, renews });
    });
  }

  /** The password opens what a badge could not. The session goes on with the same tokens. */
  async unseal(password: string): Promise<void> {
    const before = this.#state;
    if (before.kind !== "active" || !this.isSealed) return;
    const { database, workstation } = this.options;
    const credentials = await this.#proving.run(() =>
      this.guarded(() => unsealCredentials(database, workstation, before.credentials, password)),
    );
    if (this.#state !== before) {
      forgetCredentials(credentials);
      throw new Refusal(this.#state.kind === "locked" ? "LOCKED" : "NOT_SIGNED_IN");
    }
    this.#open(credentials);
  }

  /** Who waits on this workstation for coming back. */
  waiting(): WaitingPerson[] {
    return this.#waiting.list();
  }

  usernameOfWaiting(staffId: string): string | undefined {
    return this.#waiting.usernameOf(staffId);
  }

  isWaiting(username: string): boolean {
    return this.#waiting.of(username) !== undefined;
  }

  verifyCode(code: string): Promise<SignInTaken> {
    return this.#step(() => this.#flow.verifyCode(code));
  }

  choosePassword(password: string): Promise<SignInTaken> {
    return this.#step(() => this.#flow.choosePassword(password));
  }

  async startEnrolment(): Promise<Enrolment> {
    this.#checkFree();
    return this.#proving.run(() => this.#flow.startEnrolment());
  }

  /** Answers the recovery codes; from here on the session is active. */
  async confirmEnrolment(code: string): Promise<string[]> {
    this.#checkFree();
    const { recoveryCodes, credentials } = await this.#proving.run(() => this.#flow.confirmEnrolment(code));
    this.#open(credentials);
    return recoveryCodes;
  }

  cancelSignIn(): Promise<void> {
    return this.#flow.cancel();
  }

  /** Who is in the middle of signing in and must choose a password. */
  get personSigningIn(): SignInFlow["person"] {
    return this.#flow.person;
  }

  async unlock(password: string, code?: string): Promise<void> {
    return this.#unlock(async (locked) => {
      const { username } = locked.view.person;
      const entry = await withoutDatabase(this.options.offline?.(), username, password, async () => {
        // The audit tells of the lock before the unlock, also when the person was quicker than the network.
        await this.#leaving;
        const { database, workstation } = this.options;
        return proveIdentity(database, workstation, { username, password, code, renews: locked.sessionId });
      });
      return "tokens" in entry ? entry : offlineCredentials(entry);
    });
  }

  /**
   * The database is back: an offline session goes on as one of the database's, if that still lets its person in. Throws what the
   * database throws; the session stays as it is then.
   */
  async renewOffline(): Promise<"renewed" | "refused" | "not-offline"> {
    const before = this.#state;
    if (before.kind !== "active" || !before.credentials.offline) return "not-offline";
    const { database, workstation } = this.options;
    const credentials = await renewOffline(database, workstation, before.credentials.offline);
    if (!credentials) return this.#state === before ? "refused" : "not-offline";
    if (this.#state !== before) {
      // Locked meanwhile: what was just renewed waits for its person's password like any other.
      forgetCredentials(credentials);
      await this.#departure.tell("SELECT api.lock_session($1, $2)", credentials.tokens, ["person"]);
      return "not-offline";
    }
    this.access.forget();
    this.#state = { kind: "active", credentials };
    forgetCredentials(before.credentials);
    this.options.offline?.().online();
    return "renewed";
  }

  async #unlock(prove: (locked: State & { kind: "locked" }) => Promise<Credentials>): Promise<void> {
    const locked = this.#state;
    if (locked.kind !== "locked") throw new Refusal("NOT_SIGNED_IN");
    const credentials = await this.#proving.run(() => prove(locked));
    if (this.#state !== locked) {
      // Somebody chose "Switch user" meanwhile: the session that was just renewed must not stay open unseen.
      forgetCredentials(credentials);
      await this.#departure.tell("SELECT api.sign_out($1)", credentials.tokens);
      throw new Refusal("NOT_SIGNED_IN");
    }
    this.#open(credentials);
  }

  /** Closes first, then tidies: from the first line on every request is refused. */
  lock(reason: LockReason): boolean {
    const active = this.#state;
    if (active.kind !== "active") return false;
    const { credentials } = active;
    this.#state = {
      kind: "locked",
      sessionId: credentials.sessionId,
      view: {
        person: credentials.person,
        signedInAt: credentials.startedAt,
        lockedAt: this.options.clock.now().toISOString(),
        reason,
      },
    };
    const said = this.#departure.lastWords(credentials);
    try {
      this.#departure.forget(credentials);
    } finally {
      this.#leaving = credentials.offline
        ? said
        : said.then(() => this.#departure.tell("SELECT api.lock_session($1, $2)", credentials.tokens, [reason]));
    }
    return true;
  }

  async signOut(): Promise<void> {
    const active = this.#state;
    this.#state = { kind: "signed-out" };
    if (active.kind !== "active") return this.#flow.cancel();
    this.places.delete(active.credentials.person.staffId);
    const said = this.#departure.lastWords(active.credentials);
    this.#departure.forget(active.credentials);
    await said;
    if (!active.credentials.offline) await this.#departure.tell("SELECT api.sign_out($1)", active.credentials.tokens);
  }

  /** From the lock page: somebody else wants to sign in. The first person's session and place wait for them. */
  switchUser(): void {
    if (this.#state.kind !== "locked") throw new Refusal("NOT_SIGNED_IN");
    this.#waiting.keep({ locked: this.#state.view, sessionId: this.#state.sessionId });
    this.#state = { kind: "signed-out" };
  }

  async #step(work: () => Promise<SignInProgress>): Promise<SignInTaken> {
    this.#checkFree();
    const progress = await this.#proving.run(work);
    if (progress.step !== "done") return progress;
    this.#open(progress.credentials);
    return { step: "done" };
  }

  /** A step of a sign-in opens nothing beside a session that is there. */
  #checkFree(): void {
    if (this.#state.kind !== "signed-out") throw new Refusal("LOCKED");
  }

  #open(credentials: Credentials): void {
    this.access.forget();
    // What somebody else had begun and left is over: nobody goes on with it from inside this session.
    void this.#flow.cancel();
    this.forgetShiftOfOthers(credentials.person.staffId);
    this.#state = { kind: "active", credentials };
    this.#waiting.drop(credentials.person.staffId);
    const { offline, offlineSeed } = credentials;
    if (offline) void offline.begin();
    else if (offlineSeed) void this.options.offline?.().granted(credentials, offlineSeed);
  }
}
