import { Refusal } from "../../shared/failure";
import type { LockReason, LockView, Person, Place, SessionView } from "../../shared/session/session-state";
import type { Clock } from "../clock";
import type { Database, Query } from "../database/pool";
import type { KeyRing } from "../sealing/key-ring";
import type { SealingKey } from "../sealing/seal";
import { type Credentials, proveIdentity, type Workstation } from "./credentials";
import { readKeyLinks } from "./field-keys";
import type { AccessTokens, Bearer } from "./token";

type State =
  | { readonly kind: "signed-out" }
  | { readonly kind: "active"; readonly credentials: Credentials }
  | { readonly kind: "locked"; readonly view: LockView; readonly sessionId: string };

export interface SessionOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly tokens: AccessTokens;
  readonly workstation: Workstation;
  /** Aborts streams and closes what reads for the person; called with the state already closed. */
  readonly onClosed: () => void;
  /** A server answer that this person's session is over, not a wish of theirs. */
  readonly onExpired: () => void;
}

/** The one writer of who is signed in. Everything that needs a session asks here, and is refused unless it is active. */
export class Session {
  #state: State = { kind: "signed-out" };
  /** By staff id: after a switch of user each person comes back to their own place. */
  readonly #places = new Map<string, Place>();
  #access: { readonly token: string; readonly until: number } | null = null;
  /** A second sign-in while one is on its way would leave a session behind that nobody ends. */
  #proving = false;
  /** The last lock on its way to the database; never rejects. */
  #leaving: Promise<void> = Promise.resolve();

  constructor(private readonly options: SessionOptions) {}

  get kind(): State["kind"] {
    return this.#state.kind;
  }

  /** Nobody is signed in, and nobody is about to be: what is changed now is nobody's to lose. */
  get isFree(): boolean {
    return this.#state.kind === "signed-out" && !this.#proving;
  }

  async signIn(username: string, password: string): Promise<void> {
    if (this.#state.kind !== "signed-out") throw new Refusal("LOCKED");
    this.#open(await this.#prove(username, password));
  }

  async unlock(password: string): Promise<void> {
    const locked = this.#state;
    if (locked.kind !== "locked") throw new Refusal("NOT_SIGNED_IN");
    // The audit tells of the lock before the unlock, also when the person was quicker than the network.
    await this.#leaving;
    const credentials = await this.#prove(locked.view.person.username, password, locked.sessionId);
    if (this.#state !== locked) {
      // Somebody chose "Switch user" meanwhile: the session that was just renewed must not stay open unseen.
      await this.#tell("SELECT api.sign_out($1)", [credentials.token]);
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
    try {
      this.#forget(credentials);
    } finally {
      this.#leaving = this.#tell("SELECT api.lock_session($1, $2)", [credentials.token, reason]);
    }
    return true;
  }

  async signOut(): Promise<void> {
    const active = this.#state;
    this.#state = { kind: "signed-out" };
    if (active.kind !== "active") return;
    this.#places.delete(active.credentials.person.staffId);
    this.#forget(active.credentials);
    await this.#tell("SELECT api.sign_out($1)", [active.credentials.token]);
  }

  /** From the lock page: somebody else wants to sign in. The first person's place waits for them. */
  switchUser(): void {
    if (this.#state.kind !== "locked") throw new Refusal("NOT_SIGNED_IN");
    this.#state = { kind: "signed-out" };
  }

  remember(place: Place): void {
    this.#places.set(this.#active().person.staffId, place);
  }

  lockView(): LockView {
    if (this.#state.kind !== "locked") throw new Refusal("NOT_SIGNED_IN");
    return this.#state.view;
  }

  async view(idle: { idleSeconds: number; warningSeconds: number }, demo: boolean): Promise<SessionView> {
    const { person, startedAt, token } = this.#active();
    const [row] = await this.guarded(() => this.options.database.statement("SELECT * FROM api.whoami($1)", [token]));
    const ward = row?.["shift_ward"];
    return {
      person,
      signedInAt: startedAt,
      shift:
        typeof ward === "string"
          ? { ward, wardName: String(row?.["shift_ward_name"]), endsAt: String(row?.["shift_ends_at"]) }
          : null,
      ...idle,
      demo,
      workstation: this.options.workstation.name,
      place: this.#places.get(person.staffId) ?? null,
    };
  }

  person(): Person {
    return this.#active().person;
  }

  databaseToken(): string {
    return this.#active().token;
  }

  /** The key that seals identity data from now on. */
  fieldKey(): SealingKey | undefined {
    return this.#active().fieldKeys?.current;
  }

  /**
   * The keys that open these ids. A key that came into use since the sign-in is fetched by its link, with `query`, which may
   * be that of the request that met it.
   */
  async fieldKeys(ids: readonly string[], query: Query): Promise<KeyRing | undefined> {
    const { fieldKeys, token } = this.#active();
    if (fieldKeys && ids.some((id) => !fieldKeys.has(id))) {
      const links = await readKeyLinks(query, token);
      if (this.#active().fieldKeys === fieldKeys) fieldKeys.follow(links);
    }
    return fieldKeys;
  }

  personalKey(): SealingKey {
    const { personalKey } = this.#active();
    if (!personalKey) throw new Refusal("UNEXPECTED");
    return personalKey;
  }

  /** The access JWT of the active session, minted anew a minute before it would expire. */
  async accessToken(): Promise<string> {
    const { person, sessionId } = this.#active();
    const now = this.options.clock.monotonic();
    if (!this.#access || this.#access.until < now) {
      const token = await this.options.tokens.mint({ staffId: person.staffId, role: person.role, sessionId });
      this.#access = { token, until: now + 14 * 60_000 };
    }
    // Minting took a moment: a lock in between wins.
    this.#active();
    return this.#access.token;
  }

  /** Checks an access token against the session that is active now. */
  async verify(token: string): Promise<Bearer> {
    const bearer = await this.options.tokens.verify(token);
    if (this.#active().sessionId !== bearer.sessionId) throw new Refusal("SESSION_EXPIRED");
    return bearer;
  }

  /** Keeps the database's session alive; called after trusted input only, at most once a minute. */
  async heartbeat(): Promise<void> {
    if (this.#state.kind !== "active") return;
    const { token } = this.#state.credentials;
    await this.guarded(() => this.options.database.statement("SELECT api.heartbeat($1)", [token])).catch(
      () => undefined,
    );
  }

  /** Runs what asks the database as this person, and notices when the server has ended the session. */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#state;
    try {
      return await work();
    } catch (error) {
      if (
        error instanceof Refusal &&
        error.failure.code === "SESSION_EXPIRED" &&
        this.#state === before &&
        before.kind === "active"
      )
        this.options.onExpired();
      throw error;
    }
  }

  async #prove(username: string, password: string, renews?: string): Promise<Credentials> {
    if (this.#proving) throw new Refusal("TOO_MANY_REQUESTS");
    this.#proving = true;
    try {
      return await proveIdentity(this.options.database, this.options.workstation, username, password, renews);
    } finally {
      this.#proving = false;
    }
  }

  #open(credentials: Credentials): void {
    this.#access = null;
    this.#state = { kind: "active", credentials };
  }

  #active(): Credentials {
    if (this.#state.kind === "active") return this.#state.credentials;
    throw new Refusal(this.#state.kind === "locked" ? "LOCKED" : "NOT_SIGNED_IN");
  }

  #forget(credentials: Credentials): void {
    this.#access = null;
    try {
      this.options.onClosed();
    } finally {
      credentials.fieldKeys?.forget();
      credentials.personalKey?.key.fill(0);
    }
  }

  /** The lock does not wait for the database; a session that it never heard of again idles out there by itself. */
  async #tell(statement: string, values: readonly unknown[]): Promise<void> {
    await this.options.database.statement(statement, values).catch(() => undefined);
  }
}
