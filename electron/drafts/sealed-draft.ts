import { z } from "zod";
import { type DraftContent, draftLimits } from "../../shared/drafts/draft";
import { blindIndex, open, type SealingKey, seal } from "../sealing/seal";

/** What is sealed of one draft. It names its place and revision, so that a row which was moved or put back is not believed. */
export interface PlainDraft {
  readonly place: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly content: DraftContent;
}

const plainSchema = z.object({
  place: z.string(),
  revision: z.int(),
  savedAt: z.string(),
  content: z.object({
    version: z.int(),
    fields: z.record(z.string(), z.string()),
    caret: z
      .object({
        field: z.string(),
        start: z.int().nullable(),
        end: z.int().nullable(),
        direction: z.enum(["forward", "backward", "none"]),
        scroll: z.int(),
        focused: z.boolean(),
      })
      .nullable(),
  }),
});

/** The name of a draft wherever it is kept: a keyed hash, 64 hexadecimal digits, from which nobody guesses a patient number. */
export function draftKeyOf(key: SealingKey, place: string): string {
  return blindIndex(key, "draft", place).toString("hex");
}

const association = (staffId: string, draftKey: string) => `draft|${staffId}|${draftKey}`;

/** Undefined when it is too long to be kept. JSON keeps every UTF-16 code unit, also half of a pair, through the sealing. */
export function sealDraft(key: SealingKey, staffId: string, draftKey: string, plain: PlainDraft): Buffer | undefined {
  const sealed = seal(key, JSON.stringify(plain), association(staffId, draftKey));
  return sealed.length <= draftLimits.sealedBytes ? sealed : undefined;
}

/** Throws when it was sealed with another key, for somebody else, for another place, or with another revision. */
export function openDraft(
  key: SealingKey,
  staffId: string,
  draftKey: string,
  revision: number,
  sealed: Buffer,
): PlainDraft {
  const plain = plainSchema.parse(JSON.parse(open(key, sealed, association(staffId, draftKey))));
  if (plain.revision !== revision || draftKeyOf(key, plain.place) !== draftKey) throw new Error("a draft out of place");
  return plain;
}
