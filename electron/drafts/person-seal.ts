import type { SealingKey } from "../sealing/seal";
import type { Entry, Found } from "./entries";
import { draftKeyOf, openDraft, sealDraft } from "./sealed-draft";

/** A draft as the database or the disk holds it. */
export interface SealedDraft {
  readonly draftKey: string;
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly sealed: Buffer;
}

/** One person's drafts key, for as long as their vault is open: names, seals and opens their drafts. */
export class PersonSeal {
  #over = false;

  constructor(
    readonly staffId: string,
    private readonly key: SealingKey,
  ) {}

  /** Nothing is taken and nothing begun any more. */
  get isOver(): boolean {
    return this.#over;
  }

  /** The key is there until `forget`, for what is not on the disk yet. */
  end(): void {
    this.#over = true;
  }

  forget(): void {
    this.key.key.fill(0);
  }

  keyOf(place: string): string {
    return draftKeyOf(this.key, place);
  }

  /** Undefined when it is too long to be kept. */
  seal({ place, draftKey, revision, savedAt, content }: Entry): Buffer | undefined {
    return sealDraft(this.key, this.staffId, draftKey, { place, revision, savedAt, content });
  }

  /** Undefined when nobody can open it any more. */
  open({ draftKey, revision, expiresAt, sealed }: SealedDraft): Found | undefined {
    try {
      return { draftKey, expiresAt, ...openDraft(this.key, this.staffId, draftKey, revision, sealed) };
    } catch {
      return undefined;
    }
  }
}
