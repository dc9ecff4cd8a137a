import { Refusal } from "../../shared/failure";
import type { Database } from "../database/pool";
import type { OfflineSeed, ProvedSession } from "../session/offline-port";
import { grantOffline } from "./grant";
import type { Holder } from "./holder";
import { forgetContent } from "./offline-blob";
import type { OfflineFiles } from "./offline-files";
import { holdOf } from "./offline-hold";

export interface ReadinessOptions {
  readonly files: OfflineFiles;
  readonly database: Database;
  readonly holder: Holder;
  /** Somebody holds twelve hours from now on. */
  readonly onGranted: () => Promise<void>;
  /** It did not succeed, and the notice says so. */
  readonly onFailed: () => void;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

const noStore =
  "This machine has no key store that Lamplight could use: what is kept for working without the network is protected by passwords alone.";
const notReady =
  "This workstation could not make ready for working without the network. It tries again at the next unlocking.";

/** Makes this workstation ready for work without the database, each time a password was right by the database's word. */
export class Readiness {
  #notice: string | null;

  constructor(private readonly options: ReadinessOptions) {
    this.#notice = this.#standingNotice;
  }

  /** A sentence where something keeps this workstation from working without the network, or weakens it. */
  get notice(): string | null {
    return this.#notice;
  }

  get #standingNotice(): string | null {
    return this.options.files.workstation.guarded ? null : noStore;
  }

  /** For the next twelve hours, behind the person's back. Never rejects. */
  async granted(proved: ProvedSession, seed: OfflineSeed): Promise<void> {
    const { files, database, holder, onGranted, onFailed, logUnexpected } = this.options;
    const { turn } = holder;
    const { token, sessionId, person, startedAt, expiresAt } = proved;
    holder.granting(person.username);
    if (!proved.draftsKey) return;
    const { id, key } = proved.draftsKey;
    // Copies: a lock in the middle zeroes what the session holds, and nothing must be sealed under zeros.
    const draftsKey = { id, key: Buffer.from(key) };
    const offlineKey = Buffer.from(seed.offlineKey);
    seed.offlineKey.fill(0);
    const { hashing } = seed;
    try {
      const { access, usage, clock, workstation } = files;
      const made = await grantOffline(
        { database, access, usage, clock, workstation: workstation.id },
        { token, sessionId, person, startedAt, expiresAt, draftsKey, offlineKey, hashing },
      );
      made.content.draftsKey.key.fill(0);
      if (turn !== holder.turn) return forgetContent(made.content);
      holder.granted(holdOf(made.content, made.until));
      this.#notice = this.#standingNotice;
      await onGranted();
    } catch (error) {
      if (!(error instanceof Refusal)) logUnexpected("offline access", error);
      if (turn !== holder.turn) return;
      this.#notice = notReady;
      onFailed();
    } finally {
      offlineKey.fill(0);
      draftsKey.key.fill(0);
    }
  }
}
