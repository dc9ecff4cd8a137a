import { z } from "zod";
import { momentSchema } from "../clinical/identifiers";

/**
 * What a draft is for, such as `chat-message|<chat>` or `vital-signs|<patient number>`. Known to this workstation while its
 * person is at it; the database and the disk know a keyed hash of it.
 */
export const draftPlaceSchema = z
  .string()
  .regex(/^[a-z]/u)
  .max(160);

/** Where text goes that was typed at a place earlier, when something else was typed there before it was found. */
export function earlierPlace(place: string): string {
  return `earlier|${place}`;
}

const fieldName = z.string().min(1).max(80);

/** Where the caret stood. `start` and `end` count UTF-16 code units, as the page does; null where a field has no caret. */
export const draftCaretSchema = z.strictObject({
  field: fieldName,
  start: z.int().min(0).nullable(),
  end: z.int().min(0).nullable(),
  direction: z.enum(["forward", "backward", "none"]),
  /** How far the field was scrolled, in CSS pixels. */
  scroll: z.int().min(0),
  /** Whether the keyboard was in this field, and not elsewhere on the screen. */
  focused: z.boolean(),
});
export type DraftCaret = z.infer<typeof draftCaretSchema>;

/** The most that one draft may hold: fields, UTF-16 code units of one field, and bytes of all once sealed. */
export const draftLimits = { fields: 60, text: 20_000, sealedBytes: 131_072, drafts: 200 } as const;

/** What was typed into one form and neither saved nor sent. */
export const draftContentSchema = z.strictObject({
  /** The form's own version: it may have other fields after an update. */
  version: z.int().min(0),
  fields: z
    .record(fieldName, z.string().max(draftLimits.text))
    .refine((fields) => Object.keys(fields).length <= draftLimits.fields, "too many fields"),
  caret: draftCaretSchema.nullable(),
});
export type DraftContent = z.infer<typeof draftContentSchema>;

export const draftSchema = draftContentSchema.extend({ place: draftPlaceSchema, savedAt: momentSchema });
export type Draft = z.infer<typeof draftSchema>;

/** The person's own drafts, as far as they are known. */
export const draftsViewSchema = z.strictObject({
  drafts: z.array(draftSchema),
  /** How many there are that this session cannot open: it was opened by a badge, or the password was reset. */
  sealed: z.int().min(0),
  /** False where nothing typed can be kept, because this session holds no key for it. */
  kept: z.boolean(),
});
export type DraftsView = z.infer<typeof draftsViewSchema>;
