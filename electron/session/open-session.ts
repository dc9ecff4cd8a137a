import { Refusal } from "../../shared/failure";
import type { LockedSession, Person, Place, SessionView } from "../../shared/session/session-state";
import type { Clock } from "../clock";
import type { Database, Query } from "../database/pool";
import type { KeyRing } from "../sealing/key-ring";
import type { SealingKey } from "../sealing/seal";
import { AccessToken } from "./access-token";
import type { Credentials, Workstation } from "./credentials";
import { whyEnded } from "./ending";
import { readKeyLinks } from "./field-keys";
import type { OfflinePort } from "./offline-port";
import type { AccessTokens, Bearer } from "./token";

export type State =
  | { readonly kind: "signed-out" }
  | { readonly kind: "active"; readonly credentials: Credentials }
  | { readonly kind: "locked"; readonly view: LockedSession; readonly sessionId: string };

export interface SessionOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly tokens: AccessTokens;
  readonly workstation: Workstation;
  /** Aborts streams and closes what reads for the person; called with the state already closed. */
  readonly onClosed: () => void;
  /**
   * What is still to be told under the session's token, before the database hears that it is over. Called first of all when
   * a session closes; the keys still hold while it runs. Its promise has an end in any case.
   */
  readonly lastWords?: (token: string) => Promise<void>;
  /**
   * This person's session is over, not by a wish of theirs. `revoked`: an administrator ended it; `offline-over`: the time
   * without the database is over.
   */
  readonly onExpired: (reason: "expired" | "revoked" | "offline-over") => void;
  /** Work without the database; where it is absent, nobody works without it. */
  readonly offline?: () => OfflinePort;
}

/**
 * What a session gives while it is active: its person, its tokens and its keys. Everything that needs one asks here, and is
 * refused unless it is active. Who is signed in is written by `Session` alone; here it is only read.
 */
export abstract class OpenSession {
  protected abstract readonly state: State;
  /** By staff id: after a switch of user each person comes back to their own place. */
  protected readonly places = new Map<string, Place>();
  protected readonly access: AccessToken;
  #shift: SessionView["shift"] = null;
  /** Whose that is, by staff id. */
  #shiftOf: string | undefined;

  constructor(protected readonly options: SessionOptions) {
    this.access = new AccessToken(options.tokens, options.clock);
  }

  get kind(): State["kind"] {
    return this.state.kind;
  }

  lockView(): LockedSession {
    if (this.state.kind !== "locked") throw new Refusal("NOT_SIGNED_IN");
    return this.state.view;
  }

  /** A badge opened this session: it holds none of the keys that only a password derives. */
  get isSealed(): boolean {
    return this.state.kind === "active" && this.state.credentials.draftsKey === undefined;
  }

  /** Whether this session goes without the database. */
  get isOffline(): boolean {
    return this.state.kind === "active" && this.state.credentials.offline !== undefined;
  }

  remember(place: Place): void {
    this.places.set(this.active().person.staffId, place);
  }

  async view(idle: { idleSeconds: number; warningSeconds: number }, demo: boolean): Promise<SessionView> {
    const { person, startedAt, offline } = this.active();
    const shift = offline ? ((await this.options.offline?.().shift()) ?? null) : await this.#askShift();
    // An answer that comes late is not of whoever is here by then.
    if (this.active().person.staffId !== person.staffId) throw new Refusal("LOCKED");
    this.#shift = shift;
    this.#shiftOf = person.staffId;
    return {
      person,
      signedInAt: startedAt,
      shift,
      ...(offline ? { offline: true } : {}),
      ...idle,
      demo,
      workstation: this.options.workstation.name,
      place: this.places.get(person.staffId) ?? null,
      ...(this.isSealed ? { sealed: true } : {}),
    };
  }

  async #askShift(): Promise<SessionView["shift"]> {
    const { token } = this.active();
    const [row] = await this.guarded(() => this.options.database.statement("SELECT * FROM api.whoami($1)", [token]));
    const ward = row?.["shift_ward"];
    return typeof ward === "string"
      ? { ward, wardName: String(row?.["shift_ward_name"]), endsAt: String(row?.["shift_ends_at"]) }
      : null;
  }

  /** The shift that was on when the database was last asked. */
  lastShift(): SessionView["shift"] {
    return this.#shift;
  }

  person(): Person {
    return this.active().person;
  }

  databaseToken(): string {
    const { token, offline } = this.active();
    if (offline) throw new Refusal("OFFLINE");
    return token;
  }

  /** A second factor was confirmed in this session: the next access token says so. */
  provedSecondFactor(): void {
    this.active().secondFactor = true;
    this.access.forget();
  }

  /** Every field key of this person; for sealing it for somebody else. */
  heldFieldKeys(): KeyRing | undefined {
    return this.active().fieldKeys;
  }

  /** The key that seals identity data from now on. */
  fieldKey(): SealingKey | undefined {
    return this.active().fieldKeys?.current;
  }

  /**
   * The keys that open these ids. A key that came into use since the sign-in is fetched by its link, with `query`, which may
   * be that of the request that met it.
   */
  async fieldKeys(ids: readonly string[], query: Query): Promise<KeyRing | undefined> {
    const { fieldKeys, token } = this.active();
    if (fieldKeys && ids.some((id) => !fieldKeys.has(id))) {
      const links = await readKeyLinks(query, token);
      if (this.active().fieldKeys === fieldKeys) fieldKeys.follow(links);
    }
    return fieldKeys;
  }

  personalKey(): SealingKey {
    const { personalKey } = this.active();
    if (!personalKey && this.isOffline) throw new Refusal("OFFLINE");
    if (!personalKey) throw new Refusal(this.isSealed ? "BADGE_NOT_ENOUGH" : "UNEXPECTED");
    return personalKey;
  }

  /** The key that seals what this person typed and did not save. Zeroed by the lock: take it anew for each use. */
  draftsKey(): SealingKey {
    const { draftsKey } = this.active();
    if (!draftsKey) throw new Refusal("BADGE_NOT_ENOUGH");
    return draftsKey;
  }

  /** The access JWT of the active session, minted anew a minute before it would expire. */
  async accessToken(): Promise<string> {
    const credentials = this.active();
    if (credentials.offline && this.options.offline?.().isOver()) {
      this.options.onExpired("offline-over");
      throw new Refusal("OFFLINE_EXPIRED");
    }
    const token = await this.access.of(credentials);
    // Minting took a moment: a lock in between wins, and another session has a token of its own.
    return this.active() === credentials ? token : this.accessToken();
  }

  /** Checks an access token against the session that is active now. */
  async verify(token: string): Promise<Bearer> {
    const bearer = await this.options.tokens.verify(token);
    const { sessionId, offline } = this.active();
    // A token of the time without the database is none of the session that goes on with it, nor the other way round.
    if (sessionId !== bearer.sessionId || (bearer.scope === "offline") !== (offline !== undefined))
      throw new Refusal("SESSION_EXPIRED");
    return bearer;
  }

  /** Keeps the database's session alive; called after trusted input only, at most once a minute. */
  async heartbeat(): Promise<void> {
    if (this.state.kind !== "active" || this.isOffline) return;
    const { token } = this.state.credentials;
    await this.guarded(() => this.options.database.statement("SELECT api.heartbeat($1)", [token])).catch(
      () => undefined,
    );
  }

  /** Runs what asks the database as this person, and notices when the server has ended the session. */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    const before = this.state;
    try {
      return await work();
    } catch (error) {
      if (
        error instanceof Refusal &&
        error.failure.code === "SESSION_EXPIRED" &&
        this.state === before &&
        before.kind === "active"
      ) {
        const why = await whyEnded(this.options.database, before.credentials.tokens);
        if (why !== "alive" && this.state === before) this.options.onExpired(why);
      }
      throw error;
    }
  }

  /** Takes the next token before this one ends. A network that is away is tried again by whoever calls. */
  async renewTokens(): Promise<void> {
    const { tokens } = this.active();
    if (this.isOffline) return;
    await this.guarded(() => tokens.renew(this.options.database.statement));
  }

  /** The shift that was on is nobody's business but its person's. */
  protected forgetShiftOfOthers(staffId: string): void {
    if (this.#shiftOf !== staffId) this.#shift = null;
  }

  protected active(): Credentials {
    if (this.state.kind === "active") return this.state.credentials;
    throw new Refusal(this.state.kind === "locked" ? "LOCKED" : "NOT_SIGNED_IN");
  }
}
