import type { Person } from "../../shared/session/session-state";
import type { SealingKey } from "../sealing/seal";
import type { BlobContent } from "./offline-blob";

/** What is in memory for the person who is signed in, so that their work can go on without the database. */
export interface OfflineHold {
  readonly person: Person;
  readonly sessionId: string;
  /** Opens the ward's copy. */
  readonly dataKey: SealingKey;
  readonly outboxKey: BlobContent["outboxKey"];
  readonly usage: BlobContent["usage"];
  /** Unix time in milliseconds. */
  readonly until: number;
}

export function holdOf(content: BlobContent, until: number): OfflineHold {
  const { person, sessionId, dataKey, outboxKey, usage } = content;
  return { person, sessionId, dataKey, outboxKey, usage, until };
}

/** Zeroes every key, so that none outlives the lock in this process's memory. */
export function forgetHold({ dataKey, outboxKey, usage }: OfflineHold): void {
  for (const bytes of [dataKey.key, outboxKey?.key, usage.key]) bytes?.fill(0);
}
