import type { DiskCopies } from "./disk-copies";
import type { Entries } from "./entries";
import type { PersonSeal } from "./person-seal";
import type { Shredding } from "./shredding";

/** What the parts of an open vault work on together. */
export interface VaultParts {
  readonly seal: PersonSeal;
  readonly entries: Entries;
  readonly disk: DiskCopies;
  readonly shredding: Shredding;
}
