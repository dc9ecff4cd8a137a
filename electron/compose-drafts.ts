import { join } from "node:path";
import type { Clock } from "./clock";
import type { Database } from "./database/pool";
import { createHalfAnswers } from "./drafts/half-answers";
import { createLastPlace } from "./drafts/last-place";
import { createLocalCopies } from "./drafts/local-copies";
import { createDraftVault, type DraftOwner } from "./drafts/vault";
import type { Log } from "./logging/log";

export interface DraftRoomOptions {
  readonly home: string;
  readonly owner: DraftOwner;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChanged: () => void;
}

/** Builds what keeps unsent text, half answers and the last screen of whoever is signed in. */
export function composeDrafts({ home, owner, database, clock, log, onChanged }: DraftRoomOptions) {
  const vault = createDraftVault({
    owner,
    database,
    copies: createLocalCopies(join(home, "drafts")),
    clock,
    onChanged,
    logUnexpected: log.unexpected,
  });
  database.onConnectionChange((connected) => {
    if (connected) vault.databaseIsBack();
  });
  return { vault, halves: createHalfAnswers(vault), lastPlace: createLastPlace(vault) };
}
