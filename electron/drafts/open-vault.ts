import type { Draft, DraftContent, DraftsView } from "../../shared/drafts/draft";
import { Refusal } from "../../shared/failure";
import type { Query } from "../database/query";
import type { SealingKey } from "../sealing/seal";
import { type DraftRow, keepDraftRow, readDraftRows, shredDraftRows } from "./draft-records";
import { Entries, type Entry, type Found } from "./entries";
import type { LocalCopies } from "./local-copies";
import { draftKeyOf, openDraft, sealDraft } from "./sealed-draft";

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
  readonly now: () => number;
  /** The database had something that the page does not know of. */
  readonly onChanged: () => void;
  readonly logUnexpected: (where: string, error: unknown) => void;
}

/** Milliseconds: how soon the database has what was typed, and how soon it is tried again. */
const UPLOAD_AFTER = 600;
const UPLOAD_AGAIN = 5000;
/** Milliseconds that the page waits for the database before it is told what this workstation holds. */
const PATIENCE_WITH_READING = 300;
/** Milliseconds that the database gets at a lock; what it does not take is on the disk of this workstation. */
const PATIENCE_AT_THE_LOCK = 400;
const LIFETIME = 12 * 3600 * 1000;

/** One person's drafts while their session is open: in memory as plain text, everywhere else sealed. */
export class OpenVault {
  readonly #entries: Entries;
  /** Shredded here; the database has yet to hear of it. Revision by key. */
  readonly #shredding = new Map<string, number>();
  #unreadable = 0;
  #sealed = false;
  #writing = false;
  #uploading = false;
  #timer: NodeJS.Timeout | undefined;
  /** Until the database has told its part; what it could not be asked is asked when it is back. */
  #reading: Promise<void>;
  #known = false;

  constructor(private readonly options: OpenVaultOptions) {
    const { key, now } = options;
    this.#entries = new Entries({ keyOf: (place) => draftKeyOf(key, place), now, lifetime: LIFETIME });
    this.#load();
    this.#reading = this.#read();
  }

  async view(): Promise<DraftsView> {
    await this.#patiently();
    this.#check();
    const drafts = this.#entries.all().filter(({ place }) => !place.startsWith("~"));
    for (const entry of drafts) entry.shown = true;
    return { drafts: drafts.map(asDraft), sealed: this.#unreadable, kept: true };
  }

  /** Held from this line on. False when there is no room for it. */
  keep(place: string, content: DraftContent): boolean {
    this.#check();
    const entry = this.#entries.put(place, content);
    if (!entry) return false;
    this.#shredding.delete(entry.draftKey);
    this.#write();
    this.#uploadSoon(UPLOAD_AFTER);
    return true;
  }

  /** What is kept of a place, once the database had a moment to say so. */
  async content(place: string): Promise<DraftContent | undefined> {
    await this.#patiently();
    this.#check();
    return this.#entries.at(place)?.content;
  }

  shred(places: readonly string[]): void {
    this.#check();
    for (const place of places) {
      const draftKey = draftKeyOf(this.options.key, place);
      const entry = this.#entries.of(draftKey);
      if (entry) this.#entries.remove(entry);
      this.#shredding.set(draftKey, this.#entries.nextRevision());
      this.#noteShredding(draftKey);
    }
    this.#uploadSoon(0);
  }

  /** The database is back. */
  retry(): void {
    if (this.#sealed) return;
    if (!this.#known) this.#reading = this.#read();
    this.#uploadSoon(0);
  }

  /**
   * Seals what is not on the disk yet, zeroes the key and forgets every text before it returns; the promise is the database's
   * part of it, which has an end in any case. Without a token nothing is told to the database. Safe to call twice.
   */
  seal(token: string | undefined): Promise<void> {
    if (this.#sealed) return Promise.resolve();
    this.#sealed = true;
    clearTimeout(this.#timer);
    const late: { draftKey: string; sealed: Buffer; revision: number; base: number }[] = [];
    for (const entry of this.#entries.all()) {
      if (entry.revision === entry.confirmed) continue;
      const sealed = this.#sealEntry(entry);
      if (!sealed) continue;
      late.push({ draftKey: entry.draftKey, sealed, revision: entry.revision, base: entry.confirmed });
      if (entry.revision !== entry.onDisk) this.#attempt(() => this.#writeNow(entry, sealed));
    }
    this.options.key.key.fill(0);
    this.#entries.clear();
    const shredding = [...this.#shredding];
    const { lastQuery } = this.options;
    if (token === undefined) return Promise.resolve();
    const told = Promise.allSettled([
      ...late.map((row) => keepDraftRow(lastQuery, token, row)),
      ...shredding.map(([draftKey, revision]) => shredDraftRows(lastQuery, token, [draftKey], revision)),
    ]);
    return Promise.race([told, wait(PATIENCE_AT_THE_LOCK)]).then(() => undefined);
  }

  #check(): void {
    if (this.#sealed) throw new Refusal("LOCKED");
  }

  #patiently(): Promise<void> {
    return this.#known ? Promise.resolve() : Promise.race([this.#reading, wait(PATIENCE_WITH_READING)]);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.logUnexpected("drafts", error);
    }
  }

  #open(draftKey: string, revision: number, expiresAt: number, sealed: Buffer): Found | undefined {
    const { key, staffId } = this.options;
    try {
      return { draftKey, expiresAt, ...openDraft(key, staffId, draftKey, revision, sealed) };
    } catch {
      this.#unreadable += 1;
      return undefined;
    }
  }

  #sealEntry({ place, draftKey, revision, savedAt, content }: Entry): Buffer | undefined {
    const { key, staffId } = this.options;
    return sealDraft(key, staffId, draftKey, { place, revision, savedAt, content });
  }

  /** What this workstation holds itself. */
  #load(): void {
    const { copies, staffId, now } = this.options;
    for (const copy of copies.readAll(staffId)) {
      this.#entries.sawRevision(copy.revision);
      if (copy.expiresAt <= now()) copies.remove(staffId, copy.draftKey);
      else if (copy.sealed === null) this.#shredding.set(copy.draftKey, copy.revision);
      else {
        const found = this.#open(copy.draftKey, copy.revision, copy.expiresAt, copy.sealed);
        if (found) this.#entries.load(found, copy.confirmed);
      }
    }
  }

  async #read(thenUploadAfter = 0): Promise<void> {
    try {
      const rows = await readDraftRows(this.options.query, this.options.token());
      if (this.#sealed) return;
      this.#known = true;
      if (this.#meet(rows)) this.options.onChanged();
    } catch (error) {
      if (!(error instanceof Refusal)) this.options.logUnexpected("drafts", error);
    }
    if (!this.#sealed) this.#uploadSoon(this.#known ? thenUploadAfter : UPLOAD_AGAIN);
  }

  /** Brings together what the database and this workstation hold. Answers whether the page has something new to see. */
  #meet(rows: readonly DraftRow[]): boolean {
    let changed = false;
    // What was counted as unreadable on this disk is in the database as well, or gone.
    this.#unreadable = 0;
    const there = new Set(rows.filter(({ sealed }) => sealed !== null).map(({ draftKey }) => draftKey));
    for (const row of rows) {
      this.#entries.sawRevision(row.revision);
      const entry = this.#entries.of(row.draftKey);
      if ((this.#shredding.get(row.draftKey) ?? 0) >= row.revision) continue;
      if (row.sealed === null) {
        if (entry && entry.revision <= row.revision) {
          this.#forget(entry);
          changed = true;
        }
        continue;
      }
      const found = this.#open(row.draftKey, row.revision, row.expiresAt, row.sealed);
      if (found && this.#entries.meet(found)) changed = true;
      // A row that nobody can open any more is not in the way of what is typed now.
      if (!found && entry) this.#entries.confirm(entry, row.revision, row.expiresAt);
    }
    // The database had it and has it no more: it was saved or sent elsewhere, or its time is over.
    for (const entry of this.#entries.all())
      if (entry.revision === entry.confirmed && !there.has(entry.draftKey)) {
        this.#forget(entry);
        changed = true;
      }
    return changed || this.#unreadable > 0;
  }

  #forget(entry: Entry): void {
    this.#entries.remove(entry);
    this.#attempt(() => this.options.copies.remove(this.options.staffId, entry.draftKey));
  }

  /** On the disk until the database has heard of it, so that a draft that was sent does not come back after a crash. */
  #noteShredding(draftKey: string): void {
    const { copies, staffId, now } = this.options;
    const revision = this.#shredding.get(draftKey);
    if (revision === undefined) return;
    this.#attempt(() =>
      copies.writeNow(staffId, { draftKey, revision, confirmed: 0, expiresAt: now() + LIFETIME, sealed: null }),
    );
  }

  #copyOf(entry: Entry, sealed: Buffer) {
    const { draftKey, revision, confirmed, expiresAt } = entry;
    return { draftKey, revision, confirmed: Math.min(confirmed, revision), expiresAt, sealed };
  }

  #writeNow(entry: Entry, sealed: Buffer): void {
    this.options.copies.writeNow(this.options.staffId, this.#copyOf(entry, sealed));
    entry.onDisk = entry.revision;
  }

  /** To the disk as fast as it takes it, one after the other, of each draft the newest. */
  #write(): void {
    // One that is under way goes on until there is nothing left.
    if (this.#writing) return;
    this.#writing = true;
    void this.#writeAll()
      .catch((error: unknown) => this.options.logUnexpected("drafts", error))
      .finally(() => {
        this.#writing = false;
      });
  }

  async #writeAll(): Promise<void> {
    // What changes in the same moment is written once.
    await Promise.resolve();
    for (;;) {
      const entry = this.#entries
        .all()
        .find(({ revision, onDisk, confirmed }) => revision > Math.max(onDisk, confirmed));
      if (!entry || this.#sealed) return;
      const { revision } = entry;
      const sealed = this.#sealEntry(entry);
      // Known to be on the disk only when it is: a lock in the middle of it writes it again, and so does the next change.
      if (sealed)
        await this.options.copies.write(
          this.options.staffId,
          this.#copyOf(entry, sealed),
          () => !this.#sealed && this.#entries.of(entry.draftKey) === entry,
        );
      entry.onDisk = Math.max(entry.onDisk, revision);
    }
  }

  #uploadSoon(milliseconds: number): void {
    if (this.#sealed || (this.#timer && milliseconds > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // One that is under way looks at its end for what came meanwhile.
      if (this.#uploading) return;
      this.#uploading = true;
      void this.#uploadAll();
    }, milliseconds);
    this.#timer.unref();
  }

  async #uploadAll(): Promise<void> {
    const { query, token, copies, staffId } = this.options;
    try {
      for (const [draftKey, revision] of this.#shredding) {
        await shredDraftRows(query, token(), [draftKey], revision);
        if (this.#shredding.get(draftKey) === revision) this.#shredding.delete(draftKey);
        if (this.#sealed) return;
        if (!this.#entries.of(draftKey)) copies.remove(staffId, draftKey);
      }
      for (const entry of this.#entries.all()) {
        const { draftKey, revision } = entry;
        if (revision === entry.confirmed || this.#entries.of(draftKey) !== entry) continue;
        const sealed = this.#sealEntry(entry);
        if (!sealed) continue;
        entry.attempted.add(revision);
        const kept = await keepDraftRow(query, token(), { draftKey, sealed, revision, base: entry.confirmed });
        if (this.#sealed) return;
        if (!kept.taken) {
          // Another workstation of this person wrote here as well. What it has is read, and both are kept.
          this.#known = false;
          this.#reading = this.#read(UPLOAD_AFTER);
          return;
        }
        if (this.#entries.of(draftKey) !== entry) continue;
        this.#entries.confirm(entry, revision, kept.expiresAt);
        // The disk is told so too: else it would be sent again, after it was shredded elsewhere.
        const isNewest = () => !this.#sealed && this.#entries.of(draftKey) === entry && entry.revision === revision;
        if (isNewest()) await copies.write(staffId, this.#copyOf(entry, sealed), isNewest);
      }
      // What came while this was under way.
      if (this.#shredding.size > 0) this.#uploadSoon(0);
      else if (this.#entries.all().some((entry) => entry.revision !== entry.confirmed)) this.#uploadSoon(UPLOAD_AFTER);
    } catch (error) {
      if (!(error instanceof Refusal)) this.options.logUnexpected("drafts", error);
      this.#uploadSoon(UPLOAD_AGAIN);
    } finally {
      this.#uploading = false;
    }
  }
}

function asDraft({ place, savedAt, content }: Entry): Draft {
  return { place, savedAt, ...content };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
