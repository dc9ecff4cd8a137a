import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "../../shared/failure";
import type { Query } from "../database/query";
import { loadCopies, meetRows } from "./bring-together";
import { readDraftRows } from "./draft-records";
import { UPLOAD_AGAIN, type Uploads } from "./uploads";
import type { VaultParts } from "./vault-parts";

export interface ReadingOptions {
  readonly parts: VaultParts;
  readonly uploads: Uploads;
  /** As the person; notices when the server has ended the session. */
  readonly query: Query;
  /** The session's token as it is now. */
  readonly token: () => string;
  /** The database had something that the page does not know of. */
  readonly onChanged: () => void;
  readonly logUnexpected: (where: string, error: unknown) => void;
}

/**
 * Milliseconds that the page waits for the database before it is told what this workstation holds. A database that is a little slow
 * is worth waiting for: what comes later is offered, but the place where its person was on another workstation is not.
 */
const PATIENCE = 450;

/** What this workstation and the database hold of one person's drafts, brought together. */
export class Reading {
  /** Until the database has told its part; what it could not be asked is asked when it is back. */
  #underWay: Promise<void>;
  #known = false;
  #unreadable: number;

  constructor(private readonly options: ReadingOptions) {
    this.#unreadable = loadCopies(options.parts);
    this.#underWay = this.#read(0);
  }

  /** How many drafts nobody can open. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Resolves when the database has told its part, or had a moment to. Never rejects. */
  patiently(): Promise<void> {
    return this.#known ? Promise.resolve() : Promise.race([this.#underWay, pause(PATIENCE, undefined, { ref: false })]);
  }

  /** Asks where the database has not told its part. */
  retry(): void {
    if (!this.#known) this.#underWay = this.#read(0);
  }

  /** What the database told is not so any more; what is typed here goes to it so many milliseconds after it was asked. */
  again(thenUploadAfter: number): void {
    this.#known = false;
    this.#underWay = this.#read(thenUploadAfter);
  }

  async #read(thenUploadAfter: number): Promise<void> {
    const { parts, uploads, query, token, onChanged, logUnexpected } = this.options;
    const { seal } = parts;
    try {
      const rows = await readDraftRows(query, token());
      if (seal.isOver) return;
      this.#known = true;
      // What was counted as unreadable on this disk is in the database as well, or gone.
      const { changed, unreadable } = meetRows(parts, rows);
      this.#unreadable = unreadable;
      if (changed) onChanged();
    } catch (error) {
      if (!(error instanceof Refusal)) logUnexpected("drafts", error);
    }
    if (!seal.isOver) uploads.soon(this.#known ? thenUploadAfter : UPLOAD_AGAIN);
  }
}
