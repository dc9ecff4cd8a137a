import { Refusal } from "../../shared/failure";
import type { SnapshotPatient, WardSnapshot } from "../../shared/offline/ward-snapshot";
import type { SessionView } from "../../shared/session/session-state";
import type { Holder } from "./holder";
import type { OfflineFiles } from "./offline-files";
import type { OfflineHold } from "./offline-hold";
import { deleteWard, type KeptWard, keepWard, readWard } from "./ward-copy";

export interface OwnWardOptions {
  readonly files: Pick<OfflineFiles, "access" | "usage" | "clock" | "workstation">;
  readonly holder: Holder;
  /** Whether the database is known to be away. */
  readonly isAway: () => boolean;
  /** Reads the own ward through the door, as the person who is signed in; undefined where they have no ward. */
  readonly readSnapshot: () => Promise<WardSnapshot | undefined>;
  readonly lastShift: () => SessionView["shift"];
  /** The copy is of another moment than before, or there is none any more. */
  readonly onChanged: () => void;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

/** Milliseconds for which a copy of the ward is read: twelve hours. */
const KEPT = 12 * 3_600_000;
/** Milliseconds by which the copy follows what was written, once for several. */
const BEHIND = 5000;

/** The copy of the ward of whoever is here: made while the database is there, read while it is away, written down when read. */
export class OwnWard {
  #asOf: string | null = null;
  /** That the ward was read is written down once an absence; a chart each time. */
  #noted = false;
  /** What is being read, and for which turn of the holder: a hold that ended keeps nobody waiting for its reading. */
  #refreshing: { readonly turn: number; readonly done: Promise<void> } | undefined;
  /** What is done to the file, one after the other, so that a copy which was deleted is not written after that. Never rejects. */
  #disk: Promise<void> = Promise.resolve();
  #soon: NodeJS.Timeout | undefined;

  constructor(private readonly options: OwnWardOptions) {}

  /** When the copy was read from the database, in ISO 8601; null where there is none for whoever is here. */
  get asOf(): string | null {
    return this.#asOf;
  }

  /** Looks what there is for a hold that was opened just now. */
  async begin(hold: OfflineHold): Promise<void> {
    const kept = await this.#read(hold);
    if (this.options.holder.hold !== hold) return;
    this.#asOf = kept?.snapshot.as_of ?? null;
    this.options.onChanged();
  }

  /** The database is away once more: the next reading is one to write down. */
  absence(): void {
    this.#noted = false;
  }

  forget(): void {
    this.#asOf = null;
    this.#noted = false;
    this.stop();
  }

  stop(): void {
    clearTimeout(this.#soon);
  }

  /** The shift that was on when the ward was last read. */
  async shift(): Promise<SessionView["shift"]> {
    const { hold } = this.options.holder;
    return hold ? ((await this.#read(hold))?.shift ?? null) : null;
  }

  /** The whole copy, while the database is away. */
  async snapshot(): Promise<WardSnapshot> {
    const hold = this.options.holder.held();
    const { snapshot } = await this.#readable(hold);
    if (!this.#noted) {
      await this.#note(hold, "ward");
      if (this.options.holder.hold === hold) this.#noted = true;
    }
    return snapshot;
  }

  async chart(patientId: string): Promise<{ as_of: string; patient: SnapshotPatient }> {
    const hold = this.options.holder.held();
    const { snapshot } = await this.#readable(hold);
    const patient = snapshot.patients.find((each) => each.patient_id === patientId);
    if (!patient)
      throw new Refusal("OFFLINE", "While the network is away, only the charts of the ward's last copy can be read.");
    await this.#note(hold, "chart", patientId);
    return { as_of: snapshot.as_of, patient };
  }

  /** Reads the ward anew, or waits for the reading that is on its way for the same hold. Never rejects. */
  async refresh(): Promise<void> {
    const { turn } = this.options.holder;
    if (this.#refreshing?.turn === turn) return this.#refreshing.done;
    const reading = {
      turn,
      done: this.#refresh().finally(() => {
        if (this.#refreshing === reading) this.#refreshing = undefined;
      }),
    };
    this.#refreshing = reading;
    return reading.done;
  }

  /** Something was written: the copy follows a few seconds later, once for several. */
  wrote(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.refresh(), BEHIND);
    this.#soon.unref();
  }

  /** Deletes a person's copy. Never rejects. */
  async remove(username: string): Promise<void> {
    const folder = this.options.files.access.folderOf(username);
    await this.#onDisk(() => deleteWard(folder)).catch((error: unknown) =>
      this.options.logUnexpected("ward copy", error),
    );
  }

  #onDisk(work: () => Promise<void>): Promise<void> {
    const done = this.#disk.then(work);
    this.#disk = done.catch(() => undefined);
    return done;
  }

  async #refresh(): Promise<void> {
    const { files, holder, isAway, readSnapshot, lastShift, onChanged, logUnexpected } = this.options;
    const { hold, opened, turn } = holder;
    if (!hold || opened || isAway()) return;
    try {
      const snapshot = await readSnapshot();
      if (turn !== holder.turn) return;
      const folder = files.access.folderOf(hold.person.username);
      const kept =
        snapshot && snapshot.wards.length > 0
          ? { staffId: hold.person.staffId, snapshot, shift: lastShift(), deleteAfter: files.clock.now() + KEPT }
          : undefined;
      await this.#onDisk(async () => {
        // A lock while others wrote: the key is zeroed, and nothing is sealed under zeros.
        if (turn !== holder.turn) return;
        await (kept ? keepWard(folder, hold.dataKey, files.workstation.id, kept) : deleteWard(folder));
      });
      if (turn !== holder.turn) return;
      this.#asOf = kept?.snapshot.as_of ?? null;
      onChanged();
    } catch (error) {
      // The copy of before stays, and says how old it is.
      if (!(error instanceof Refusal)) logUnexpected("ward copy", error);
    }
  }

  async #read({ person, dataKey }: OfflineHold): Promise<KeptWard | undefined> {
    const { access, workstation, clock } = this.options.files;
    return readWard(access.folderOf(person.username), dataKey, person.staffId, workstation.id, clock.now());
  }

  async #readable(hold: OfflineHold): Promise<KeptWard> {
    const { holder, isAway } = this.options;
    // With the database there, there is a chart to read, and an audit that knows of it at once.
    if (!holder.opened && !isAway())
      throw new Refusal("OFFLINE_UNAVAILABLE", "The network is there: read the ward itself.");
    const kept = await this.#read(hold);
    // A lock while the copy was read: nobody read it, and whoever is here by then least of all.
    if (holder.hold !== hold) throw new Refusal("LOCKED");
    if (!kept)
      throw new Refusal(
        "OFFLINE_UNAVAILABLE",
        "This workstation holds no copy of a ward for you. It is made while the network is there and you are on shift.",
      );
    return kept;
  }

  async #note(hold: OfflineHold, what: "ward" | "chart", patient?: string): Promise<void> {
    try {
      await this.options.files.usage.note(hold.usage, what, patient === undefined ? {} : { patient });
    } catch (error) {
      const reference = this.options.logUnexpected("offline use", error);
      throw new Refusal(
        "OFFLINE_UNAVAILABLE",
        `This reading could not be written down, so it is not shown (reference ${reference}).`,
      );
    }
  }
}
