import type { DraftRow } from "./draft-records";
import type { VaultParts } from "./vault-parts";

/** Takes in what this workstation holds itself. Answers how many drafts of it nobody can open. */
export function loadCopies({ seal, entries, disk, shredding }: VaultParts): number {
  let unreadable = 0;
  for (const { draftKey, revision, confirmed, expiresAt, sealed } of disk.readAll()) {
    if (sealed === null) {
      shredding.load(draftKey, revision);
      continue;
    }
    const found = seal.open({ draftKey, revision, expiresAt, sealed });
    if (found) entries.load(found, confirmed);
    else unreadable += 1;
  }
  return unreadable;
}

/** What came of bringing together what the database and this workstation hold. */
export interface Met {
  /** Whether the page has something new to see. */
  readonly changed: boolean;
  /** How many drafts nobody can open. */
  readonly unreadable: number;
}

export function meetRows({ seal, entries, disk, shredding }: VaultParts, rows: readonly DraftRow[]): Met {
  let changed = false;
  let unreadable = 0;
  const there = new Set(rows.filter(({ sealed }) => sealed !== null).map(({ draftKey }) => draftKey));
  for (const { draftKey, revision, expiresAt, sealed } of rows) {
    entries.sawRevision(revision);
    const entry = entries.of(draftKey);
    if (shredding.covers(draftKey, revision)) continue;
    if (sealed === null) {
      if (entry && entry.revision <= revision) {
        disk.forget(entry);
        changed = true;
      }
      continue;
    }
    const found = seal.open({ draftKey, revision, expiresAt, sealed });
    if (!found) unreadable += 1;
    if (found && entries.meet(found)) changed = true;
    // A row that nobody can open any more is not in the way of what is typed now.
    if (!found && entry) entries.confirm(entry, revision, expiresAt);
  }
  // The database had it and has it no more: it was saved or sent elsewhere, or its time is over.
  for (const entry of entries.all())
    if (entry.revision === entry.confirmed && !there.has(entry.draftKey)) {
      disk.forget(entry);
      changed = true;
    }
  return { changed: changed || unreadable > 0, unreadable };
}
