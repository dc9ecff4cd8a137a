import type { DraftContent, DraftsView } from "../../shared/drafts/draft";
import type { Clock } from "../clock";
import type { Database, Query } from "../database/pool";
import type { SealingKey } from "../sealing/seal";
import { readDraftRows } from "./draft-records";
import type { LocalCopies } from "./local-copies";
import { OpenVault } from "./open-vault";

/** What the vault needs of the session that is open now; each throws a `Refusal` when there is none. */
export interface DraftOwner {
  person(): { readonly staffId: string };
  databaseToken(): string;
  /** Throws where the session has none: after a badge. */
  draftsKey(): SealingKey;
  guarded<T>(work: () => Promise<T>): Promise<T>;
}

export interface DraftVaultOptions {
  readonly owner: DraftOwner;
  readonly database: Database;
  readonly copies: LocalCopies;
  readonly clock: Clock;
  readonly onChanged: () => void;
  readonly logUnexpected: (where: string, error: unknown) => void;
}

/** Milliseconds between two looks for copies on this disk whose time is over. */
const SWEEP = 600_000;

/**
 * The drafts of whoever is signed in: what they typed and neither saved nor sent. Plain text only in this process's memory and
 * only while the session is open; in the database and on the disk sealed under the person's own drafts key.
 */
export function createDraftVault(options: DraftVaultOptions) {
  const { owner, database, copies, clock } = options;
  let opened: { readonly staffId: string; readonly vault: OpenVault | undefined } | undefined;
  const query: Query = (text, values) => owner.guarded(() => database.statement(text, values));

  function sweep(): void {
    try {
      copies.sweep(clock.now().getTime());
    } catch (error) {
      options.logUnexpected("drafts", error);
    }
  }
  setInterval(sweep, SWEEP).unref();
  sweep();

  /** The vault of the session that is open; undefined where that session has no key for it. Throws when there is no session. */
  function current(): OpenVault | undefined {
    const person = owner.person();
    // Every end of a session seals its vault: one that is open is this session's, also when the session went on as the
    // database's after a time without it.
    const same = opened?.staffId === person.staffId;
    if (same && opened?.vault) return opened.vault;
    void opened?.vault?.seal(undefined);
    const key = copyOf(owner);
    // A badge opened the session, and now the password came after all: the page may keep and see from here on.
    if (same && key) queueMicrotask(options.onChanged);
    opened = {
      staffId: person.staffId,
      vault:
        key &&
        new OpenVault({
          staffId: person.staffId,
          key,
          token: () => owner.databaseToken(),
          query,
          lastQuery: database.statement,
          copies,
          now: () => clock.now().getTime(),
          onChanged: options.onChanged,
          logUnexpected: options.logUnexpected,
        }),
    };
    return opened.vault;
  }

  /** Without a key the number is all there is to tell. */
  async function sealedOnly(): Promise<DraftsView> {
    const rows = await readDraftRows(query, owner.databaseToken()).catch(() => []);
    return { drafts: [], sealed: rows.filter(({ sealed }) => sealed !== null).length, kept: false };
  }

  return {
    /** Begins to read, so that the drafts are there when the page asks for them. */
    open(): void {
      current();
    },
    list: async (): Promise<DraftsView> => current()?.view() ?? sealedOnly(),
    /** Held from the moment this returns. False where it cannot be kept. */
    keep: (place: string, content: DraftContent): boolean => current()?.keep(place, content) ?? false,
    content: async (place: string): Promise<DraftContent | undefined> => current()?.content(place),
    shred: (places: readonly string[]): void => current()?.shred(places),
    /**
     * For the end of a session: what is not on the disk yet is sealed and written, the key zeroed and every text forgotten
     * before this returns. The promise is the database's part, under the session's last token; it ends within half a second.
     */
    seal(token: string | undefined): Promise<void> {
      const was = opened?.vault;
      opened = undefined;
      return was?.seal(token) ?? Promise.resolve();
    },
    databaseIsBack(): void {
      opened?.vault?.retry();
    },
  };
}
export type DraftVault = ReturnType<typeof createDraftVault>;

/** A copy of its own: the session zeroes its key when it closes, and the last draft is sealed just then. */
function copyOf(owner: DraftOwner): SealingKey | undefined {
  try {
    const { id, key } = owner.draftsKey();
    return { id, key: Buffer.from(key) };
  } catch {
    return undefined;
  }
}
