import type { z } from "zod";
import type { Reference } from "./elements";
import type { Entry } from "./entry";
import { BundleFault, entryPlace } from "./fault";
import { problemOf } from "./read-bundle";
import type { References } from "./references";
import { rowId } from "./row-id";

/** What every mapper of one resource type is given. */
export interface MappingContext {
  readonly patientId: string;
  readonly patient: Entry;
  readonly references: References;
}

/** What became of one resource: rows of its type, or the reason why nothing is stored. */
export type Mapped<Row> = { readonly rows: readonly Row[] } | { readonly notStored: string };

/** Parses a resource by its schema, or refuses the file with the place of the first fault. */
export function parsedResource<Schema extends z.ZodType>(schema: Schema, entry: Entry): z.output<Schema> {
  const checked = schema.safeParse(entry.resource);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new BundleFault(entryPlace(entry.index, entry.type, issue?.path), issue ? problemOf(issue) : "cannot be read");
}

/** Refuses a file in which a resource speaks of another patient: it must never land in this one's chart. */
export function requirePatient(
  entry: Entry,
  element: string,
  subject: Reference | undefined,
  context: MappingContext,
): void {
  if (context.references.find(subject) === context.patient) return;
  throw new BundleFault(entryPlace(entry.index, entry.type, [element]), "does not refer to the Patient of this Bundle");
}

/** Reasons that hold for every type of resource. */
export function whyNotStored(
  resource: { modifierExtension?: unknown[] | undefined },
  status: string | undefined,
): string | null {
  if (status === "entered-in-error") return "marked by its source as entered in error";
  if ((resource.modifierExtension?.length ?? 0) > 0) return "carries a modifier extension that may reverse its meaning";
  return null;
}

export function idOf(context: MappingContext, entry: Entry, part = ""): string {
  return rowId(context.patientId, entry.type, `${entry.local}${part}`);
}

/** Words with the remarks that no column holds: `Asthma (provisional; onset 2010, day not given)`. */
export function remarked(words: string, remarks: readonly (string | null | undefined)[]): string {
  const kept = remarks.filter((remark) => typeof remark === "string" && remark !== "");
  return kept.length === 0 ? words : `${words} (${kept.join("; ")})`;
}
