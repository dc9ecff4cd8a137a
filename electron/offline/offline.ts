import { join } from "node:path";
import { Refusal } from "../../shared/failure";
import type { LocalAttention, OfflineState, SavedSet, WaitingSet } from "../../shared/offline/offline-state";
import type { SnapshotPatient, WardSnapshot } from "../../shared/offline/ward-snapshot";
import type { SessionView } from "../../shared/session/session-state";
import type { Clock } from "../clock";
import type { Database } from "../database/pool";
import type { OfflineEntry, OfflinePort, OfflineSeed, ProvedSession } from "../session/offline-port";
import { forgetKeys } from "../session/password-keys";
import { attentionWords } from "./attention-words";
import { ConnectionWatch, SHORT_PATIENCE } from "./connection-watch";
import { grantOffline } from "./grant";
import { OfflineAccess, type OpenedOffline } from "./offline-access";
import { forgetContent } from "./offline-blob";
import { forgetHold, holdOf, type OfflineHold } from "./offline-hold";
import { Outbox } from "./outbox";
import { replayOutbox } from "./outbox-replay";
import { saveInOutbox, type TypedSet } from "./save-in-outbox";
import { openSteadyClock, type SteadyClock } from "./steady-clock";
import { UsageLog } from "./usage-log";
import { deleteWard, type KeptWard, keepWard, readWard } from "./ward-copy";
import { type KeyStore, openWorkstationKey, type WorkstationKey } from "./workstation-key";

export interface OfflineOptions {
  /** Folder of all local state. */
  readonly home: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly store: KeyStore | undefined;
  readonly log: { info(line: string): void; unexpected(where: string, error: unknown): string };
  /** Whether what keeps the database from answering is that it cannot be reached, as far as its keeper knows. */
  readonly unreachable: () => boolean;
  /** Reads the own ward through the door, as the person who is signed in; undefined where they have no ward. */
  readonly readSnapshot: () => Promise<WardSnapshot | undefined>;
  readonly lastShift: () => SessionView["shift"];
  readonly onChange: (state: OfflineState) => void;
  /** The database answers again: the session comes first, what waits comes after it. */
  readonly onBack: () => Promise<void>;
  /** The time for which somebody may work without the database is over. */
  readonly onOver: () => void;
}

const MINUTE = 60_000;
const REFRESH = 5 * MINUTE;
/** A copy of the ward is read for twelve hours at most. */
const KEPT = 12 * 60 * MINUTE;
/** Milliseconds between two tries to go on with the database's session, when the first met trouble. */
const BETWEEN_RETURNS = 20_000;
/** The database is away, or takes nothing now: what waits goes on waiting. */
const notNow = new Set(["DATABASE_UNAVAILABLE", "DATABASE_BUSY", "DATABASE_REFUSED", "SCHEMA_MISMATCH"]);
const noStore =
  "This machine has no key store that Lamplight could use: what is kept for working without the network is protected by passwords alone.";

/** Everything that goes on while the database is away, and what has to be ready for it. */
export class Offline {
  #hold: OfflineHold | undefined;
  #started = false;
  /** Opened by a password without the database, rather than granted by it just now. */
  #opened = false;
  /** Grows with every hold that ends, so that what was on its way for it is dropped. */
  #turn = 0;
  #wardAsOf: string | null = null;
  #notedWard = false;
  #sent: OfflineState["sent"] = null;
  #figures = { waiting: 0, attention: 0, canSignIn: false };
  #notice: string | null = null;
  #replaying: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #returning: Promise<void> | undefined;
  /** Milliseconds of the monotonic clock before which the session is not renewed again. */
  #notBefore = 0;
  /** Whose keys were zeroed last. */
  #last: string | undefined;
  /** For whom it is being made ready; a copy of before may lie there already. */
  #granting: string | undefined;
  #soon: NodeJS.Timeout | undefined;
  #timers: NodeJS.Timeout[] = [];
  readonly #watch: ConnectionWatch;

  private constructor(
    private readonly options: OfflineOptions,
    private readonly workstation: WorkstationKey,
    private readonly clock: SteadyClock,
    private readonly access: OfflineAccess,
    private readonly outbox: Outbox,
    private readonly usage: UsageLog,
  ) {
    this.#notice = workstation.guarded ? null : noStore;
    this.#watch = new ConnectionWatch({
      database: options.database,
      clock: options.clock,
      unreachable: options.unreachable,
      onChange: () => this.#connectionChanged(),
    });
  }

  /** Opens what lies on this workstation. Rejects where its key cannot be opened: nothing is overwritten then. */
  static async open(options: OfflineOptions): Promise<Offline> {
    const folder = join(options.home, "offline");
    const workstation = await openWorkstationKey(folder, options.store);
    const clock = await openSteadyClock(folder, options.clock);
    const outbox = new Outbox(join(options.home, "outbox"), workstation.key);
    const usage = new UsageLog(join(folder, "used"), workstation.key, clock.now);
    await Promise.all([outbox.prepare(), usage.prepare()]);
    const access: OfflineAccess = new OfflineAccess({
      folder: join(folder, "people"),
      workstation: workstation.id,
      clock,
      store: options.store,
      onDeleted: async (username, why) => {
        if (why === "wrong-passwords") await usage.noteLockedOut(access.folderOf(username));
      },
    });
    await access.sweep();
    const offline = new Offline(options, workstation, clock, access, outbox, usage);
    await offline.#count();
    return offline;
  }

  start(): void {
    this.#started = true;
    this.#watch.start();
    const every = (milliseconds: number, work: () => unknown) => {
      const timer = setInterval(() => void work(), milliseconds);
      timer.unref();
      this.#timers.push(timer);
    };
    every(MINUTE, () => this.#minute().catch((error: unknown) => this.options.log.unexpected("offline", error)));
    every(REFRESH, () => this.refreshWard());
    // The database came and went again before the session could go on with it.
    every(5000, () => (this.#opened && !this.#watch.awaySince ? this.#back() : undefined));
    // What waited when the app ended, or was left by a replay that met trouble.
    every(MINUTE, () => (this.#watch.awaySince ? undefined : this.replay()));
    void this.#watch.look().then((away) => (away ? undefined : this.replay()));
  }

  stop(): void {
    this.#watch.stop();
    clearTimeout(this.#soon);
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Whether the database is away, asked now; takes at most as long as a person before the lock page does not notice. */
  isAway(): Promise<boolean> {
    return this.#watch.awaySince ? Promise.resolve(true) : this.#watch.look(SHORT_PATIENCE);
  }

  /** After each proof of identity by password: makes ready for the next twelve hours, behind the person's back. Never rejects. */
  async granted(proved: ProvedSession, seed: OfflineSeed): Promise<void> {
    const turn = this.#turn;
    const { token, sessionId, person, startedAt, expiresAt } = proved;
    this.#granting = person.username;
    if (!proved.draftsKey) return;
    const { id, key } = proved.draftsKey;
    // Copies: a lock in the middle zeroes what the session holds, and nothing must be sealed under zeros.
    const draftsKey = { id, key: Buffer.from(key) };
    const offlineKey = Buffer.from(seed.offlineKey);
    seed.offlineKey.fill(0);
    const { hashing } = seed;
    try {
      const { access, usage, clock } = this;
      const options = { database: this.options.database, access, usage, clock, workstation: this.workstation.id };
      const made = await grantOffline(options, {
        token,
        sessionId,
        person,
        startedAt,
        expiresAt,
        draftsKey,
        offlineKey,
        hashing,
      });
      made.content.draftsKey.key.fill(0);
      if (turn !== this.#turn) return forgetContent(made.content);
      this.#hold = holdOf(made.content, made.until);
      this.#opened = false;
      this.#notice = this.workstation.guarded ? null : noStore;
      await this.#count();
      await this.refreshWard();
    } catch (error) {
      if (!(error instanceof Refusal)) this.options.log.unexpected("offline access", error);
      if (turn !== this.#turn) return;
      this.#notice =
        "This workstation could not make ready for working without the network. It tries again at the next unlocking.";
      this.#tell();
    } finally {
      offlineKey.fill(0);
      draftsKey.key.fill(0);
    }
  }

  /** What the session asks of this room. */
  port(): OfflinePort {
    return {
      isAway: () => this.isAway(),
      holds: (username) => this.access.holds(username),
      unlock: (username, password) => this.unlock(username, password),
      granted: (credentials, seed) => this.granted(credentials, seed),
      isOver: () => this.#hold !== undefined && this.clock.now() >= this.#hold.until,
      online: () => {
        this.#opened = false;
        this.#tell();
      },
      forget: () => this.forget(),
      shift: () => this.shift(),
    };
  }

  /** Opens a person's work without the database. Refuses with OFFLINE_UNAVAILABLE, OFFLINE_EXPIRED or SIGN_IN_FAILED. */
  async unlock(username: string, password: string): Promise<OfflineEntry> {
    const opened = await this.access.open(username, password).finally(() => this.#count());
    const { content, keys, wrongBefore } = opened;
    const discard = () => {
      forgetContent(content);
      forgetKeys(keys);
    };
    try {
      await this.usage.note(content.usage, "unlock", wrongBefore > 0 ? { wrong_before: wrongBefore } : {});
    } catch (error) {
      discard();
      const reference = this.options.log.unexpected("offline use", error);
      throw new Refusal(
        "OFFLINE_UNAVAILABLE",
        `This workstation cannot write down that it is used without the network, so it does not open (reference ${reference}).`,
      );
    }
    const { person, sessionId, startedAt, expiresAt, draftsKey } = content;
    const begin = () =>
      this.#begin(opened).catch((error: unknown) => {
        // The session is open all the same; its pages say what could not be read.
        this.options.log.unexpected("ward copy", error);
      });
    return { person, sessionId, startedAt, expiresAt, draftsKey, keys, begin, discard };
  }

  /** What was opened becomes the work of whoever is signed in now. */
  async #begin({ content, until }: OpenedOffline): Promise<void> {
    this.forget();
    const hold = holdOf(content, until);
    this.#hold = hold;
    this.#opened = true;
    const kept = await this.#ward(hold);
    if (this.#hold !== hold) return;
    this.#wardAsOf = kept?.snapshot.as_of ?? null;
    this.#tell();
  }

  /** At every lock and sign-out: keys are zeroed, what is on its way for them is dropped. */
  forget(): void {
    this.#turn += 1;
    const hold = this.#hold;
    this.#hold = undefined;
    this.#wardAsOf = null;
    this.#notedWard = false;
    this.#sent = null;
    clearTimeout(this.#soon);
    // Whoever is here without a copy of their own, as after a badge, takes nobody else's away when they leave.
    this.#last = hold?.person.username ?? this.#granting;
    this.#granting = undefined;
    const opened = this.#opened;
    this.#opened = false;
    if (!hold) return;
    if (opened) {
      const usage = { grant: hold.usage.grant, key: Buffer.from(hold.usage.key) };
      void this.usage
        .note(usage, "lock")
        .catch((error: unknown) => this.options.log.unexpected("offline use", error))
        .finally(() => usage.key.fill(0));
    }
    forgetHold(hold);
    this.#tell();
  }

  /** Whoever was here last leaves this workstation: their copy of the ward goes with them. Never rejects. */
  async left(): Promise<void> {
    const username = this.#last;
    this.#last = undefined;
    if (username === undefined) return;
    await deleteWard(this.access.folderOf(username)).catch((error: unknown) =>
      this.options.log.unexpected("ward copy", error),
    );
  }

  /** Whether the database is known to be away. */
  get isKnownAway(): boolean {
    return this.#watch.awaySince !== null;
  }

  /** Whether the database is away for at least so many milliseconds now, or was until a moment ago. */
  wasAwayFor(milliseconds: number): boolean {
    return this.#watch.wasAwayFor(milliseconds);
  }

  state(): OfflineState {
    const away = this.#watch.awaySince;
    return {
      awaySince: away?.toISOString() ?? null,
      session: this.#hold !== undefined && this.#opened,
      canSignIn: this.#figures.canSignIn,
      until: this.#hold ? new Date(this.#hold.until).toISOString() : null,
      wardAsOf: this.#wardAsOf,
      waiting: this.#figures.waiting,
      attention: this.#figures.attention,
      sent: this.#sent,
      notice: this.#notice,
    };
  }

  /** The shift that was on when the ward was last read. */
  async shift(): Promise<SessionView["shift"]> {
    return this.#hold ? ((await this.#ward(this.#hold))?.shift ?? null) : null;
  }

  /** The copy of the own ward, while the database is away. */
  async ward(): Promise<WardSnapshot> {
    const hold = this.#held();
    const { snapshot } = await this.#readable(hold);
    if (!this.#notedWard) {
      await this.#note(hold, "ward");
      if (this.#hold === hold) this.#notedWard = true;
    }
    return snapshot;
  }

  async chart(patientId: string): Promise<{ as_of: string; patient: SnapshotPatient }> {
    const hold = this.#held();
    const { snapshot } = await this.#readable(hold);
    const patient = snapshot.patients.find((each) => each.patient_id === patientId);
    if (!patient)
      throw new Refusal("OFFLINE", "While the network is away, only the charts of the ward's last copy can be read.");
    await this.#note(hold, "chart", patientId);
    return { as_of: snapshot.as_of, patient };
  }

  /** The person's own sets for one patient that wait here to be sent: what they typed themselves, and nobody else's. */
  async ownWaiting(patientId: string): Promise<WaitingSet[]> {
    const hold = this.#held();
    const own = await this.outbox.waitingOf(hold.person.staffId, patientId);
    return own.map(({ id, recorded_at: recordedAt, entered_at: enteredAt, set }) => ({
      id,
      recordedAt,
      enteredAt,
      set,
    }));
  }

  /** Keeps one set of vital signs until the database is back. */
  async save(typed: TypedSet): Promise<SavedSet> {
    await saveInOutbox(this.outbox, this.#held(), typed, this.clock.now());
    await this.#count();
    if (!this.#watch.awaySince) this.#replaySoon();
    return { id: typed.id, where: "workstation" };
  }

  /** Reads the ward anew, now or when the reading that is on its way is done. Never rejects. */
  async refreshWard(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Something was written: the copy follows a few seconds later, once for several. */
  wrote(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.refreshWard(), 5000);
    this.#soon.unref();
  }

  /** Sends what waits. One replay at a time; never rejects. */
  replay(): Promise<void> {
    this.#replaying ??= this.#replay().finally(() => {
      this.#replaying = undefined;
    });
    return this.#replaying;
  }

  async attention(): Promise<LocalAttention[]> {
    const own = this.#hold?.person.staffId;
    const entries: LocalAttention[] = [];
    for (const id of await this.outbox.attention()) {
      const read = await this.outbox.readAttention(id);
      if (!read) continue;
      const { found, refusal } = read;
      const entry = found.state === "readable" ? found.entry : undefined;
      const mine = entry !== undefined && entry.staff === own;
      entries.push({
        id,
        kind: entry ? "refused" : "unreadable",
        own: mine,
        canSettle: mine || !entry,
        reason: mine || !entry ? attentionWords(entry ? refusal?.reason : "unreadable") : null,
        patient: mine ? entry.patient : null,
        recordedAt: mine ? entry.recorded_at : null,
        enteredAt: mine ? entry.entered_at : null,
      });
    }
    for (const id of await this.outbox.underOtherKeys())
      entries.push({
        id,
        kind: "unreadable",
        own: false,
        // It waits for its key.
        canSettle: false,
        reason: attentionWords("other-key"),
        patient: null,
        recordedAt: null,
        enteredAt: null,
      });
    return entries;
  }

  /** The own entry, or a file that nobody can read, was dealt with. */
  async settle(id: string): Promise<void> {
    const entry = (await this.attention()).find((each) => each.id === id);
    if (!entry || !(await this.outbox.attention()).includes(id)) return;
    if (!entry.canSettle) throw new Refusal("RBAC_DENIED", "Only who entered this set can take it off the list.");
    await this.outbox.settle(id);
    await this.#count();
  }

  /** What health tells: figures alone. */
  async figures(): Promise<{ waiting: number; attention: number; oldest: string | null; guarded: boolean }> {
    await this.#count();
    const waiting = await this.outbox.waiting();
    // A uuidv7 begins with the milliseconds of its making.
    const first = waiting[0]?.replaceAll("-", "").slice(0, 12);
    const oldest = first ? new Date(Number.parseInt(first, 16)).toISOString() : null;
    const { waiting: count, attention } = this.#figures;
    return { waiting: count, attention, oldest, guarded: this.workstation.guarded };
  }

  #held(): OfflineHold {
    if (!this.#hold) throw new Refusal("OFFLINE_UNAVAILABLE");
    if (this.clock.now() >= this.#hold.until) throw new Refusal("OFFLINE_EXPIRED");
    return this.#hold;
  }

  async #note(hold: OfflineHold, what: "ward" | "chart", patient?: string): Promise<void> {
    try {
      await this.usage.note(hold.usage, what, patient === undefined ? {} : { patient });
    } catch (error) {
      const reference = this.options.log.unexpected("offline use", error);
      throw new Refusal(
        "OFFLINE_UNAVAILABLE",
        `This reading could not be written down, so it is not shown (reference ${reference}).`,
      );
    }
  }

  async #ward(hold: OfflineHold): Promise<KeptWard | undefined> {
    const { person, dataKey } = hold;
    return readWard(
      this.access.folderOf(person.username),
      dataKey,
      person.staffId,
      this.workstation.id,
      this.clock.now(),
    );
  }

  async #readable(hold: OfflineHold): Promise<KeptWard> {
    // With the database there, there is a chart to read, and an audit that knows of it at once.
    if (!this.#opened && !this.#watch.awaySince)
      throw new Refusal("OFFLINE_UNAVAILABLE", "The network is there: read the ward itself.");
    const kept = await this.#ward(hold);
    // A lock while the copy was read: nobody read it, and whoever is here by then least of all.
    if (this.#hold !== hold) throw new Refusal("LOCKED");
    if (!kept)
      throw new Refusal(
        "OFFLINE_UNAVAILABLE",
        "This workstation holds no copy of a ward for you. It is made while the network is there and you are on shift.",
      );
    return kept;
  }

  async #refresh(): Promise<void> {
    const hold = this.#hold;
    if (!hold || this.#opened || this.#watch.awaySince) return;
    const turn = this.#turn;
    try {
      const snapshot = await this.options.readSnapshot();
      if (turn !== this.#turn) return;
      const folder = this.access.folderOf(hold.person.username);
      if (!snapshot || snapshot.wards.length === 0) {
        await deleteWard(folder);
        this.#wardAsOf = null;
        return this.#tell();
      }
      const deleteAfter = this.clock.now() + KEPT;
      const kept = { staffId: hold.person.staffId, snapshot, shift: this.options.lastShift(), deleteAfter };
      await keepWard(folder, hold.dataKey, this.workstation.id, kept);
      if (turn !== this.#turn) return;
      this.#wardAsOf = snapshot.as_of;
      this.#tell();
    } catch (error) {
      // The copy of before stays, and says how old it is.
      if (!(error instanceof Refusal)) this.options.log.unexpected("ward copy", error);
    }
  }

  async #replay(): Promise<void> {
    const { database, log } = this.options;
    try {
      await this.#tellUse();
      if ((await this.outbox.waiting()).length === 0) return;
      const { outbox } = this;
      const done = await replayOutbox({
        outbox,
        database,
        now: this.clock.now,
        logUnexpected: log.unexpected,
        onProgress: () => void this.#count(),
      });
      log.info(`outbox: ${done.sent} sent, ${done.setAside} set aside, ${done.left} wait on`);
      if (done.sent > 0) {
        this.#sent = { count: (this.#sent?.count ?? 0) + done.sent, at: new Date(this.clock.now()).toISOString() };
        this.wrote();
      }
    } catch (error) {
      if (!(error instanceof Refusal)) log.unexpected("outbox", error);
    } finally {
      await this.#count();
    }
  }

  /** A use that cannot be told, whatever is wrong with it, keeps no vital signs from the chart. */
  async #tellUse(): Promise<void> {
    const { database, log } = this.options;
    await this.usage.tell(database).catch((error: unknown) => {
      if (error instanceof Refusal && notNow.has(error.failure.code)) throw error;
      log.unexpected("offline use", error);
    });
  }

  #replaySoon(): void {
    setTimeout(() => void this.replay(), 1000).unref();
  }

  #connectionChanged(): void {
    this.#tell();
    if (this.#watch.awaySince) {
      this.#sent = null;
      this.#notedWard = false;
      return;
    }
    void this.#back();
  }

  /** The session first, then what waits, then the ward as it is now. Never rejects. */
  async #back(): Promise<void> {
    const now = this.options.clock.monotonic();
    // A proof on its way is counted as a wrong one until it is judged: a network that flaps must not lock the account.
    if (!this.#returning && now < this.#notBefore) return;
    this.#notBefore = now + BETWEEN_RETURNS;
    this.#returning ??= this.options
      .onBack()
      .then(
        () => {
          this.#notBefore = 0;
        },
        (error: unknown) => {
          if (!(error instanceof Refusal)) this.options.log.unexpected("back from offline", error);
        },
      )
      .then(() => this.replay())
      .then(() => this.refreshWard())
      .finally(() => {
        this.#returning = undefined;
      });
    return this.#returning;
  }

  async #minute(): Promise<void> {
    await this.clock.keep();
    await this.access.sweep();
    await this.#count();
    const hold = this.#hold;
    if (!hold || this.clock.now() < hold.until) return;
    if (this.#opened) this.options.onOver();
    else this.forget();
  }

  /** Counts what lies on the disk, and tells when it changed. Never rejects. */
  async #count(): Promise<void> {
    await this.#countFiles().catch((error: unknown) => {
      // A disk that does not answer: the figures of before stand.
      this.options.log.unexpected("outbox", error);
    });
  }

  async #countFiles(): Promise<void> {
    const [waiting, attention, others, canSignIn] = await Promise.all([
      this.outbox.waiting(),
      this.outbox.attention(),
      this.outbox.underOtherKeys(),
      this.access.anybody(),
    ]);
    const figures = {
      waiting: waiting.length - others.length,
      attention: attention.length + others.length,
      canSignIn,
    };
    if (JSON.stringify(figures) === JSON.stringify(this.#figures)) return;
    this.#figures = figures;
    this.#tell();
  }

  /** Nobody is there to be told before the start. */
  #tell(): void {
    if (this.#started) this.options.onChange(this.state());
  }
}
