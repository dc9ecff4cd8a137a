import type { DiskCopies } from "./disk-copies";

/** What was shredded here and of which the database has yet to hear. */
export class Shredding {
  /** Revision of the shredding by the draft's key. */
  readonly #revisions = new Map<string, number>();

  constructor(private readonly disk: DiskCopies) {}

  /** From the disk, as an earlier run of the app left it. */
  load(draftKey: string, revision: number): void {
    this.#revisions.set(draftKey, revision);
  }

  add(draftKey: string, revision: number): void {
    this.#revisions.set(draftKey, revision);
    this.disk.noteShredded(draftKey, revision);
  }

  typedAnew(draftKey: string): void {
    this.#revisions.delete(draftKey);
  }

  /** The database has heard of this one; of a later one it has not. */
  told(draftKey: string, revision: number): void {
    if (this.#revisions.get(draftKey) === revision) this.#revisions.delete(draftKey);
  }

  /** Whether this revision of a draft was shredded here. */
  covers(draftKey: string, revision: number): boolean {
    return (this.#revisions.get(draftKey) ?? 0) >= revision;
  }

  get isEmpty(): boolean {
    return this.#revisions.size === 0;
  }

  /** Draft's key and revision of each; what is added meanwhile comes in its turn. */
  all(): Iterable<[string, number]> {
    return this.#revisions;
  }
}
