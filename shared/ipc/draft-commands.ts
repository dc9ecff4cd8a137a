import { z } from "zod";
import { draftContentSchema, draftPlaceSchema, draftsViewSchema } from "../drafts/draft";
import { command } from "./define";

const nothing = z.strictObject({});

/** What is typed and not yet saved. Sealed for its person alone, wherever it goes. */
export const draftCommands = {
  /** Answers at once with what this workstation holds; `drafts.changed` tells when the database had more. */
  "drafts.list": command("active", nothing, draftsViewSchema),
  /** Called with every change: the newest content of a place takes the place of the one before. */
  "drafts.keep": command(
    "active",
    z.strictObject({ place: draftPlaceSchema, content: draftContentSchema }),
    z.strictObject({ kept: z.boolean() }),
  ),
  /** What they were for is saved or sent, or no longer wanted: they are destroyed everywhere. */
  "drafts.shred": command("active", z.strictObject({ places: z.array(draftPlaceSchema).min(1).max(20) }), nothing),
} as const;
