import { Refusal } from "../../shared/failure";
import type { Query } from "../database/query";
import { keepDraftRow, shredDraftRows } from "./draft-records";
import type { Entry } from "./entries";
import type { VaultParts } from "./vault-parts";

export interface UploadsOptions {
  readonly parts: VaultParts;
  /** As the person; notices when the server has ended the session. */
  readonly query: Query;
  /** The session's token as it is now. */
  readonly token: () => string;
  /** Another workstation of this person wrote as well: what it has is to be read, and both are kept. */
  readonly onOther: () => void;
  readonly logUnexpected: (where: string, error: unknown) => void;
}

/** Milliseconds after which the database has what was typed. */
export const UPLOAD_AFTER = 600;
/** Milliseconds after which it is tried again. */
export const UPLOAD_AGAIN = 5000;

/** The way of one person's drafts to the database. */
export class Uploads {
  #underWay = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: UploadsOptions) {}

  /** In so many milliseconds, or sooner where that was said before. */
  soon(milliseconds: number): void {
    if (this.options.parts.seal.isOver || (this.#timer && milliseconds > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // One that is under way looks at its end for what came meanwhile.
      if (this.#underWay) return;
      this.#underWay = true;
      void this.#all();
    }, milliseconds);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #all(): Promise<void> {
    const { entries, shredding } = this.options.parts;
    try {
      if ((await this.#shreddings()) === "over") return;
      for (const entry of entries.all()) {
        const came = await this.#one(entry);
        if (came === "over") return;
        if (came === "other") return this.options.onOther();
      }
      // What came while this was under way.
      if (!shredding.isEmpty) this.soon(0);
      else if (entries.all().some((entry) => entry.revision !== entry.confirmed)) this.soon(UPLOAD_AFTER);
    } catch (error) {
      if (!(error instanceof Refusal)) this.options.logUnexpected("drafts", error);
      this.soon(UPLOAD_AGAIN);
    } finally {
      this.#underWay = false;
    }
  }

  /** `over`: the vault was sealed meanwhile. */
  async #shreddings(): Promise<"done" | "over"> {
    const { parts, query, token } = this.options;
    const { seal, entries, disk, shredding } = parts;
    for (const [draftKey, revision] of shredding.all()) {
      await shredDraftRows(query, token(), [draftKey], revision);
      shredding.told(draftKey, revision);
      if (seal.isOver) return "over";
      if (!entries.of(draftKey)) disk.remove(draftKey);
    }
    return "done";
  }

  /** `other`: the database holds what another workstation wrote. */
  async #one(entry: Entry): Promise<"done" | "over" | "other"> {
    const { parts, query, token } = this.options;
    const { seal, entries, disk } = parts;
    const { draftKey, revision } = entry;
    const isGone = () => entries.of(draftKey) !== entry;
    if (revision === entry.confirmed || isGone()) return "done";
    const sealed = seal.seal(entry);
    if (!sealed) return "done";
    entry.attempted.add(revision);
    const kept = await keepDraftRow(query, token(), { draftKey, sealed, revision, base: entry.confirmed });
    if (seal.isOver) return "over";
    if (!kept.taken) return "other";
    if (isGone()) return "done";
    entries.confirm(entry, revision, kept.expiresAt);
    if (entry.revision === revision) await disk.writeConfirmed(entry, sealed);
    return "done";
  }
}
