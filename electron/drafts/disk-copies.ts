import type { Entries, Entry } from "./entries";
import type { LocalCopies, LocalCopy } from "./local-copies";
import type { PersonSeal } from "./person-seal";

export interface DiskCopiesOptions {
  readonly seal: PersonSeal;
  readonly entries: Entries;
  readonly copies: LocalCopies;
  /** Wall clock, milliseconds. */
  readonly now: () => number;
  /** Milliseconds for which a shredding of which the database has not heard is remembered. */
  readonly lifetime: number;
  readonly logUnexpected: (where: string, error: unknown) => void;
}

/** What this workstation's disk holds of one person's drafts, and the writing of what it does not hold yet. */
export class DiskCopies {
  #writing = false;

  constructor(private readonly options: DiskCopiesOptions) {}

  /** Every copy whose time is not over; those others are taken away. Throws what the disk throws. */
  readAll(): LocalCopy[] {
    const { copies, seal, entries, now } = this.options;
    return copies.readAll(seal.staffId).filter((copy) => {
      entries.sawRevision(copy.revision);
      const isOver = copy.expiresAt <= now();
      if (isOver) copies.remove(seal.staffId, copy.draftKey);
      return !isOver;
    });
  }

  /** To the disk as fast as it takes it, one after the other, of each draft the newest. */
  write(): void {
    // One that is under way goes on until there is nothing left.
    if (this.#writing) return;
    this.#writing = true;
    void this.#writeAll()
      .catch((error: unknown) => this.options.logUnexpected("drafts", error))
      .finally(() => {
        this.#writing = false;
      });
  }

  /** On the disk before this returns, or logged. */
  writeNow(entry: Entry, sealed: Buffer): void {
    const { copies, seal } = this.options;
    this.#attempt(() => {
      copies.writeNow(seal.staffId, copyOf(entry, sealed));
      entry.onDisk = entry.revision;
    });
  }

  /** What the database has taken: else it would be sent again, after it was shredded elsewhere. Rejects with what the disk throws. */
  async writeConfirmed(entry: Entry, sealed: Buffer): Promise<void> {
    const { copies, seal } = this.options;
    const { revision } = entry;
    const isNewest = () => this.#isWanted(entry) && entry.revision === revision;
    await copies.write(seal.staffId, copyOf(entry, sealed), isNewest);
  }

  /** So that a draft that was sent does not come back after a crash, before the database has heard of its end. */
  noteShredded(draftKey: string, revision: number): void {
    const { copies, seal, now, lifetime } = this.options;
    const expiresAt = now() + lifetime;
    this.#attempt(() => copies.writeNow(seal.staffId, { draftKey, revision, confirmed: 0, expiresAt, sealed: null }));
  }

  /** Throws what the disk throws. */
  remove(draftKey: string): void {
    this.options.copies.remove(this.options.seal.staffId, draftKey);
  }

  /** Of a draft that is nowhere else any more. */
  forget(entry: Entry): void {
    this.options.entries.remove(entry);
    this.#attempt(() => this.remove(entry.draftKey));
  }

  async #writeAll(): Promise<void> {
    const { entries, seal, copies } = this.options;
    // What changes in the same moment is written once.
    await Promise.resolve();
    for (;;) {
      const entry = entries.all().find(({ revision, onDisk, confirmed }) => revision > Math.max(onDisk, confirmed));
      if (!entry || seal.isOver) return;
      const { revision } = entry;
      const sealed = seal.seal(entry);
      // Known to be on the disk only when it is: a lock in the middle of it writes it again, and so does the next change.
      if (sealed) await copies.write(seal.staffId, copyOf(entry, sealed), () => this.#isWanted(entry));
      entry.onDisk = Math.max(entry.onDisk, revision);
    }
  }

  #isWanted(entry: Entry): boolean {
    const { seal, entries } = this.options;
    return !seal.isOver && entries.of(entry.draftKey) === entry;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.logUnexpected("drafts", error);
    }
  }
}

function copyOf({ draftKey, revision, confirmed, expiresAt }: Entry, sealed: Buffer): LocalCopy {
  return { draftKey, revision, confirmed: Math.min(confirmed, revision), expiresAt, sealed };
}
