import { randomInt } from "node:crypto";
import { type DraftContent, draftLimits, earlierPlace } from "../../shared/drafts/draft";

/** A draft in memory, and how far it has got. Revisions are of a hybrid clock (see `nextRevision`); 0 stands for none. */
export interface Entry {
  readonly place: string;
  readonly draftKey: string;
  content: DraftContent;
  /** ISO 8601. */
  savedAt: string;
  revision: number;
  /** What the database is known to hold. */
  confirmed: number;
  /** Revisions that the database may have taken from here without this workstation having heard so. */
  readonly attempted: Set<number>;
  /** Up to here, from `confirmed` on, an earlier run of the app may have sent it. */
  earlierRun: number;
  /** What the disk of this workstation holds. */
  onDisk: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Whether the page has it: what it writes then is meant to take its place. */
  shown: boolean;
}

/** What the database or the disk holds of a place, opened. */
export interface Found {
  readonly place: string;
  readonly draftKey: string;
  readonly content: DraftContent;
  readonly savedAt: string;
  readonly revision: number;
  readonly expiresAt: number;
}

export interface EntriesOptions {
  readonly keyOf: (place: string) => string;
  /** Wall clock, milliseconds. */
  readonly now: () => number;
  /** How long a draft lives of which the database has not said until when. */
  readonly lifetime: number;
}

/** Whether every text of one draft stands in the other as well, so that nothing is lost by letting it go. */
function isContained(older: DraftContent, newer: DraftContent): boolean {
  return Object.entries(older.fields).every(([name, text]) => (newer.fields[name] ?? "").includes(text));
}

function sameText(one: DraftContent, other: DraftContent): boolean {
  return isContained(one, other) && isContained(other, one);
}

/** Places that only the main process writes; no page sees them, and of two versions the later one is right. */
const isInternal = (place: string) => place.startsWith("~");

/** The drafts of one person in memory: the newest of each place, and what of it others do not have yet. */
export class Entries {
  readonly #byPlace = new Map<string, Entry>();
  readonly #byKey = new Map<string, Entry>();
  #clock = 0;

  constructor(private readonly options: EntriesOptions) {}

  /**
   * Never the same and never less than any that was seen, whatever the wall clock does: thousandths of milliseconds, of which
   * the last three digits are random, so that two workstations do not make the same one in the same moment.
   */
  nextRevision(): number {
    this.#clock = Math.max(this.options.now() * 1000 + randomInt(1000), this.#clock + 1);
    return this.#clock;
  }

  sawRevision(revision: number): void {
    this.#clock = Math.max(this.#clock, revision);
  }

  at(place: string): Entry | undefined {
    return this.#byPlace.get(place);
  }

  of(draftKey: string): Entry | undefined {
    return this.#byKey.get(draftKey);
  }

  all(): Entry[] {
    return [...this.#byPlace.values()];
  }

  /** Takes what was typed; undefined when there is no room for one more. */
  put(place: string, content: DraftContent): Entry | undefined {
    const before = this.#byPlace.get(place);
    if (!before && this.#byPlace.size >= draftLimits.drafts) return undefined;
    if (before && !before.shown) this.#setAside(before.place, before.content, content);
    const entry: Entry = before ?? {
      place,
      draftKey: this.options.keyOf(place),
      content,
      savedAt: "",
      revision: 0,
      confirmed: 0,
      attempted: new Set(),
      earlierRun: 0,
      onDisk: 0,
      expiresAt: 0,
      shown: true,
    };
    entry.content = content;
    entry.revision = this.nextRevision();
    entry.savedAt = new Date(this.options.now()).toISOString();
    entry.expiresAt = Math.max(entry.expiresAt, this.options.now() + this.options.lifetime);
    entry.shown = true;
    this.#add(entry);
    return entry;
  }

  remove(entry: Entry): void {
    this.#byPlace.delete(entry.place);
    this.#byKey.delete(entry.draftKey);
  }

  clear(): void {
    this.#byPlace.clear();
    this.#byKey.clear();
  }

  /** A copy from this workstation's disk, before anything was typed in this session. */
  load(found: Found, confirmed: number): void {
    this.sawRevision(found.revision);
    const { revision } = found;
    this.#add({ ...found, confirmed, attempted: new Set(), earlierRun: revision, onDisk: revision, shown: false });
  }

  /** What the database holds of a place. Answers whether the page has something new to see. */
  meet(found: Found): boolean {
    this.sawRevision(found.revision);
    const entry = this.#byKey.get(found.draftKey);
    if (!entry) {
      const { revision } = found;
      this.#add({ ...found, confirmed: revision, attempted: new Set(), earlierRun: 0, onDisk: 0, shown: false });
      return true;
    }
    if (found.revision === entry.revision && sameText(found.content, entry.content)) {
      this.confirm(entry, found.revision, found.expiresAt);
      return false;
    }
    const isOlderStateOfThis =
      found.revision === entry.confirmed ||
      entry.attempted.has(found.revision) ||
      (found.revision > entry.confirmed && found.revision <= entry.earlierRun);
    if (isOlderStateOfThis && found.revision < entry.revision) {
      entry.confirmed = found.revision;
      return false;
    }
    if (found.revision < entry.revision) {
      // Typed here without knowing of it: the later one stands, the other is not lost.
      this.confirm(entry, found.revision, entry.expiresAt);
      return this.#setAside(entry.place, found.content, entry.content);
    }
    if (entry.revision !== entry.confirmed) this.#setAside(entry.place, entry.content, found.content);
    const { content, savedAt, revision, expiresAt } = found;
    Object.assign(entry, { content, savedAt, revision, shown: false });
    this.confirm(entry, revision, expiresAt);
    return true;
  }

  /** The database holds this revision. */
  confirm(entry: Entry, revision: number, expiresAt: number): void {
    entry.confirmed = revision;
    entry.expiresAt = expiresAt;
    entry.earlierRun = 0;
    entry.attempted.clear();
  }

  #setAside(place: string, older: DraftContent, newer: DraftContent): boolean {
    if (isInternal(place) || place.startsWith("earlier|") || isContained(older, newer)) return false;
    const entry = this.put(earlierPlace(place), older);
    if (entry) entry.shown = false;
    return entry !== undefined;
  }

  #add(entry: Entry): void {
    this.#byPlace.set(entry.place, entry);
    this.#byKey.set(entry.draftKey, entry);
  }
}
