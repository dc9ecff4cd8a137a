import type { OfflineFiles } from "./offline-files";

export interface FileFiguresOptions {
  readonly files: Pick<OfflineFiles, "outbox" | "access" | "workstation">;
  readonly onChanged: () => void;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

/** How much lies on the disk: figures alone, as they were when it was counted last. */
export class FileFigures {
  #counted = { waiting: 0, attention: 0, canSignIn: false };

  constructor(private readonly options: FileFiguresOptions) {}

  get counted(): { readonly waiting: number; readonly attention: number; readonly canSignIn: boolean } {
    return this.#counted;
  }

  /** Counts, and tells when it changed. Never rejects. */
  async count(): Promise<void> {
    await this.#count().catch((error: unknown) => {
      // A disk that does not answer: the figures of before stand.
      this.options.logUnexpected("outbox", error);
    });
  }

  /** What health tells; `oldest` is the moment at which the first set that waits was typed, in ISO 8601. */
  async forHealth(): Promise<{ waiting: number; attention: number; oldest: string | null; guarded: boolean }> {
    await this.count();
    const { outbox, workstation } = this.options.files;
    const ids = await outbox.waiting();
    // A uuidv7 begins with the milliseconds of its making.
    const first = ids[0]?.replaceAll("-", "").slice(0, 12);
    const oldest = first ? new Date(Number.parseInt(first, 16)).toISOString() : null;
    const { waiting, attention } = this.#counted;
    return { waiting, attention, oldest, guarded: workstation.guarded };
  }

  async #count(): Promise<void> {
    const { outbox, access } = this.options.files;
    const [waiting, attention, others, canSignIn] = await Promise.all([
      outbox.waiting(),
      outbox.attention(),
      outbox.underOtherKeys(),
      access.anybody(),
    ]);
    const figures = {
      waiting: waiting.length - others.length,
      attention: attention.length + others.length,
      canSignIn,
    };
    if (JSON.stringify(figures) === JSON.stringify(this.#counted)) return;
    this.#counted = figures;
    this.options.onChanged();
  }
}
