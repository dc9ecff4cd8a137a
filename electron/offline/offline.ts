import type { LocalAttention, OfflineState, SavedSet, WaitingSet } from "../../shared/offline/offline-state";
import type { SnapshotPatient, WardSnapshot } from "../../shared/offline/ward-snapshot";
import type { OfflinePort } from "../session/offline-port";
import { listAttention, settleAttention } from "./attention-list";
import { SHORT_PATIENCE } from "./connection-watch";
import { enterOffline } from "./entrance";
import type { FileFigures } from "./file-figures";
import type { OpenedOffline } from "./offline-access";
import { type OfflineFiles, type OfflineFilesOptions, openOfflineFiles } from "./offline-files";
import { holdOf, type OfflineHold } from "./offline-hold";
import { buildParts, type OfflineParts, type PartsOptions } from "./offline-parts";
import { saveInOutbox, type TypedSet } from "./save-in-outbox";

export interface OfflineOptions extends OfflineFilesOptions, PartsOptions {
  readonly onChange: (state: OfflineState) => void;
  /** The time for which somebody may work without the database is over. */
  readonly onOver: () => void;
}

/**
 * Everything that goes on while the database is away, and what has to be ready for it: what the session and the pages ask of
 * this room, and what an absence, a return and the end of a hold mean to all of its parts.
 */
export class Offline {
  #started = false;
  readonly #parts: OfflineParts;

  private constructor(
    private readonly options: OfflineOptions,
    files: OfflineFiles,
  ) {
    this.#parts = buildParts(options, files, {
      changed: () => this.#tell(),
      connectionChanged: () => this.#connectionChanged(),
      tidied: () => this.#lookAtEnd(),
    });
  }

  /** Opens what lies on this workstation. Rejects where its key cannot be opened: nothing is overwritten then. */
  static async open(options: OfflineOptions): Promise<Offline> {
    const offline = new Offline(options, await openOfflineFiles(options));
    await offline.#parts.figures.count();
    return offline;
  }

  start(): void {
    const { watch, rounds, sending } = this.#parts;
    this.#started = true;
    watch.start();
    rounds.start();
    void watch.look().then((away) => (away ? undefined : sending.send()));
  }

  stop(): void {
    const { watch, ward, rounds } = this.#parts;
    watch.stop();
    ward.stop();
    rounds.stop();
  }

  /** What the session asks of this room. */
  port(): OfflinePort {
    const { files, watch, holder, readiness, ward } = this.#parts;
    return {
      // At most as long as a person before the lock page does not notice.
      isAway: () => (this.isKnownAway ? Promise.resolve(true) : watch.look(SHORT_PATIENCE)),
      holds: (username) => files.access.holds(username),
      unlock: (username, password) => {
        const begin = (opened: OpenedOffline) => this.#begin(opened);
        const { figures } = this.#parts;
        const logUnexpected = this.options.log.unexpected;
        return enterOffline({ files, count: () => figures.count(), begin, logUnexpected }, username, password);
      },
      granted: (proved, seed) => readiness.granted(proved, seed),
      isOver: () => holder.isOver(),
      online: () => {
        holder.online();
        this.#tell();
      },
      forget: () => this.#forget(),
      shift: () => ward.shift(),
    };
  }

  /** Whether the database is known to be away. */
  get isKnownAway(): boolean {
    return this.#parts.watch.awaySince !== null;
  }

  /** Whether the database is away for at least so many milliseconds now, or was until a moment ago. */
  wasAwayFor(milliseconds: number): boolean {
    return this.#parts.watch.wasAwayFor(milliseconds);
  }

  state(): OfflineState {
    const { watch, holder, figures, ward, sending, readiness } = this.#parts;
    const { waiting, attention, canSignIn } = figures.counted;
    return {
      awaySince: watch.awaySince?.toISOString() ?? null,
      session: holder.opened,
      canSignIn,
      until: holder.hold ? new Date(holder.hold.until).toISOString() : null,
      wardAsOf: ward.asOf,
      waiting,
      attention,
      sent: sending.sent,
      notice: readiness.notice,
    };
  }

  /** The copy of the own ward, while the database is away. */
  ward(): Promise<WardSnapshot> {
    return this.#parts.ward.snapshot();
  }

  chart(patientId: string): Promise<{ as_of: string; patient: SnapshotPatient }> {
    return this.#parts.ward.chart(patientId);
  }

  /** The person's own sets for one patient that wait here to be sent: what they typed themselves, and nobody else's. */
  async ownWaiting(patientId: string): Promise<WaitingSet[]> {
    const { files, holder } = this.#parts;
    const own = await files.outbox.waitingOf(holder.held().person.staffId, patientId);
    return own.map(({ id, recorded_at: recordedAt, entered_at: enteredAt, set }) => ({
      id,
      recordedAt,
      enteredAt,
      set,
    }));
  }

  /** Keeps one set of vital signs until the database is back. */
  async save(typed: TypedSet): Promise<SavedSet> {
    const { files, holder, figures, sending } = this.#parts;
    await saveInOutbox(files.outbox, holder.held(), typed, files.clock.now());
    await figures.count();
    if (!this.isKnownAway) sending.soon();
    return { id: typed.id, where: "workstation" };
  }

  /** Something was written: the ward's copy follows. */
  wrote(): void {
    this.#parts.ward.wrote();
  }

  /** What of this workstation needs attention, for whoever is here. */
  attention(): Promise<LocalAttention[]> {
    const { files, holder } = this.#parts;
    return listAttention(files.outbox, holder.hold?.person.staffId);
  }

  /** The own entry, or a file that nobody can read, was dealt with. */
  async settle(id: string): Promise<void> {
    const { files, holder, figures } = this.#parts;
    await settleAttention(files.outbox, holder.hold?.person.staffId, id);
    await figures.count();
  }

  /** What health tells: figures alone. */
  figures(): ReturnType<FileFigures["forHealth"]> {
    return this.#parts.figures.forHealth();
  }

  /** Whoever was here last leaves this workstation: their copy of the ward goes with them. Never rejects. */
  async left(): Promise<void> {
    const { holder, ward } = this.#parts;
    const username = holder.takeLast();
    if (username !== undefined) await ward.remove(username);
  }

  /** What was opened becomes the work of whoever is signed in now. */
  async #begin({ content, until }: OpenedOffline): Promise<void> {
    const { holder, ward } = this.#parts;
    this.#forget();
    const hold = holdOf(content, until);
    holder.open(hold);
    await ward.begin(hold);
  }

  /** At every lock and sign-out: keys are zeroed, what is on its way for them is dropped. */
  #forget(): void {
    const { holder, ward, sending } = this.#parts;
    ward.forget();
    sending.forgetSent();
    if (holder.forget((hold) => this.#noteLock(hold))) this.#tell();
  }

  #noteLock({ usage: { grant, key } }: OfflineHold): void {
    // A copy: the hold's own key is zeroed before the note is on the disk.
    const usage = { grant, key: Buffer.from(key) };
    void this.#parts.files.usage
      .note(usage, "lock")
      .catch((error: unknown) => this.options.log.unexpected("offline use", error))
      .finally(() => usage.key.fill(0));
  }

  #connectionChanged(): void {
    const { back, ward, sending } = this.#parts;
    this.#tell();
    if (!this.isKnownAway) return void back.begin();
    sending.forgetSent();
    ward.absence();
  }

  /** The twelve hours may be over. */
  #lookAtEnd(): void {
    const { holder } = this.#parts;
    if (!holder.isOver()) return;
    if (holder.opened) this.options.onOver();
    else this.#forget();
  }

  /** Nobody is there to be told before the start. */
  #tell(): void {
    if (this.#started) this.options.onChange(this.state());
  }
}
