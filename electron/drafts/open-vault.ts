import { setTimeout as pause } from "node:timers/promises";
import type { Draft, DraftContent, DraftsView } from "../../shared/drafts/draft";
import { Refusal } from "../../shared/failure";
import type { Query } from "../database/query";
import type { SealingKey } from "../sealing/seal";
import { DiskCopies } from "./disk-copies";
import { keepDraftRow, shredDraftRows } from "./draft-records";
import { Entries, type Entry } from "./entries";
import type { LocalCopies } from "./local-copies";
import { PersonSeal } from "./person-seal";
import { Reading } from "./reading";
import { Shredding } from "./shredding";
import { UPLOAD_AFTER, Uploads } from "./uploads";
import type { VaultParts } from "./vault-parts";

export interface OpenVaultOptions {
  readonly staffId: string;
  /** The session's token as it is now. */
  readonly token: () => string;
  /** A copy of the person's drafts key, which the vault zeroes. */
  readonly key: SealingKey;
  /** As the person; notices when the server has ended the session. */
  readonly query: Query;
  /** The same when the session is over here and its token still holds out there. */
  readonly lastQuery: Query;
  readonly copies: LocalCopies;
  /** Wall clock, milliseconds. */
  readonly now: () => number;
  /** The database had something that the page does not know of. */
  readonly onChanged: () => void;
  readonly logUnexpected: (where: string, error: unknown) => void;
}

/** Milliseconds that the database gets at a lock; what it does not take is on the disk of this workstation. */
const PATIENCE_AT_THE_LOCK = 400;
/** Milliseconds for which a draft lives of which the database has not said until when: twelve hours. */
const LIFETIME = 12 * 3600 * 1000;

/** One person's drafts while their session is open: in memory as plain text, everywhere else sealed. */
export class OpenVault {
  readonly #parts: VaultParts;
  readonly #uploads: Uploads;
  readonly #reading: Reading;

  constructor(private readonly options: OpenVaultOptions) {
    const { copies, query, token, now, onChanged, logUnexpected } = options;
    const seal = new PersonSeal(options.staffId, options.key);
    const entries = new Entries({ keyOf: (place) => seal.keyOf(place), now, lifetime: LIFETIME });
    const disk = new DiskCopies({ seal, entries, copies, now, lifetime: LIFETIME, logUnexpected });
    const parts = { seal, entries, disk, shredding: new Shredding(disk) };
    const onOther = () => this.#reading.again(UPLOAD_AFTER);
    this.#parts = parts;
    this.#uploads = new Uploads({ parts, query, token, onOther, logUnexpected });
    this.#reading = new Reading({ parts, uploads: this.#uploads, query, token, onChanged, logUnexpected });
  }

  async view(): Promise<DraftsView> {
    await this.#reading.patiently();
    this.#check();
    const drafts = this.#parts.entries.all().filter(({ place }) => !place.startsWith("~"));
    for (const entry of drafts) entry.shown = true;
    return { drafts: drafts.map(asDraft), sealed: this.#reading.unreadable, kept: true };
  }

  /** Held from this line on. False when there is no room for it. */
  keep(place: string, content: DraftContent): boolean {
    this.#check();
    const { entries, shredding, disk } = this.#parts;
    const entry = entries.put(place, content);
    if (!entry) return false;
    shredding.typedAnew(entry.draftKey);
    disk.write();
    this.#uploads.soon(UPLOAD_AFTER);
    return true;
  }

  /** What is kept of a place, once the database had a moment to say so. */
  async content(place: string): Promise<DraftContent | undefined> {
    await this.#reading.patiently();
    this.#check();
    return this.#parts.entries.at(place)?.content;
  }

  shred(places: readonly string[]): void {
    this.#check();
    const { seal, entries, shredding } = this.#parts;
    for (const place of places) {
      const draftKey = seal.keyOf(place);
      const entry = entries.of(draftKey);
      if (entry) entries.remove(entry);
      shredding.add(draftKey, entries.nextRevision());
    }
    this.#uploads.soon(0);
  }

  /** The database is back. */
  retry(): void {
    if (this.#parts.seal.isOver) return;
    this.#reading.retry();
    this.#uploads.soon(0);
  }

  /**
   * Seals what is not on the disk yet, zeroes the key and forgets every text before it returns; the promise is the database's
   * part of it, which has an end in any case. Without a token nothing is told to the database. Safe to call twice.
   */
  seal(token: string | undefined): Promise<void> {
    const { seal, entries, disk, shredding } = this.#parts;
    if (seal.isOver) return Promise.resolve();
    seal.end();
    this.#uploads.stop();
    const late: { draftKey: string; sealed: Buffer; revision: number; base: number }[] = [];
    for (const entry of entries.all()) {
      if (entry.revision === entry.confirmed) continue;
      const sealed = seal.seal(entry);
      if (!sealed) continue;
      late.push({ draftKey: entry.draftKey, sealed, revision: entry.revision, base: entry.confirmed });
      if (entry.revision !== entry.onDisk) disk.writeNow(entry, sealed);
    }
    seal.forget();
    entries.clear();
    const shredded = [...shredding.all()];
    const { lastQuery } = this.options;
    if (token === undefined) return Promise.resolve();
    const told = Promise.allSettled([
      ...late.map((row) => keepDraftRow(lastQuery, token, row)),
      ...shredded.map(([draftKey, revision]) => shredDraftRows(lastQuery, token, [draftKey], revision)),
    ]);
    return Promise.race([told, pause(PATIENCE_AT_THE_LOCK, undefined, { ref: false })]).then(() => undefined);
  }

  #check(): void {
    if (this.#parts.seal.isOver) throw new Refusal("LOCKED");
  }
}

function asDraft({ place, savedAt, content }: Entry): Draft {
  return { place, savedAt, ...content };
}
