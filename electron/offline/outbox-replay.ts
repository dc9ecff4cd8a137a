import type { Database } from "../database/pool";
import { replayObservation } from "../records/outbox";
import { isNotNow } from "./not-now";
import type { Outbox } from "./outbox";

export interface Replayed {
  /** Committed now, or known to be committed before. */
  readonly sent: number;
  /** Moved to the list of what needs attention. */
  readonly setAside: number;
  /** Not decided: they wait on. */
  readonly left: number;
}

export interface ReplayOptions {
  readonly outbox: Outbox;
  readonly database: Database;
  readonly now: () => number;
  readonly logUnexpected: (where: string, error: unknown) => string;
  /** Called after each entry that was decided. */
  readonly onProgress?: () => void;
  /** The order in which entries are sent; that of their making where nothing else is said. Any order gives the same. */
  readonly order?: (ids: string[]) => string[];
}

/**
 * Sends what waits, one transaction an entry. A file goes when the database says that it has the entry, by this sending or an
 * earlier one; what it refuses and what cannot be read is set aside, never dropped. Stops where the database goes away again.
 */
export async function replayOutbox(options: ReplayOptions): Promise<Replayed> {
  const { outbox, database } = options;
  const ids = await outbox.waiting();
  let [sent, setAside, left] = [0, 0, 0];
  const at = () => new Date(options.now()).toISOString();
  const queue = options.order?.(ids) ?? ids;
  for (const [index, id] of queue.entries()) {
    try {
      const found = await outbox.readWaiting(id);
      if (!found) continue;
      if (found.state === "other-key") {
        left += 1;
        continue;
      }
      if (found.state === "unreadable") {
        await outbox.setAside(id, { reason: "unreadable", at: at() });
        setAside += 1;
      } else {
        const answer = await replayObservation(database, found.proof);
        if (answer.outcome === "refused") {
          await outbox.setAside(id, { reason: answer.reason ?? "refused", at: at() });
          setAside += 1;
        } else {
          await outbox.sent(id);
          sent += 1;
        }
      }
      options.onProgress?.();
    } catch (error) {
      if (isNotNow(error)) {
        left += queue.length - index;
        break;
      }
      // One entry that nobody foresaw must not keep the others.
      options.logUnexpected("outbox", error);
      left += 1;
    }
  }
  return { sent, setAside, left };
}
