import { z } from "zod";
import { timeSchema } from "./dates";

/**
 * The data types of FHIR R4 as far as we read them. Unknown elements pass unseen; what we store is checked.
 * PostgreSQL can hold neither NUL nor half a surrogate pair, so such a text is refused here with its place.
 */
const storable = (value: string): boolean => !value.includes("\u0000") && !/\p{Surrogate}/u.test(value);
export const text = z
  .string()
  .max(1_048_576, "is longer than FHIR allows")
  .refine(storable, "holds characters that cannot be stored");
export const code = text.regex(/^\S+(?: \S+)*$/u, "is not a FHIR code");

export const coding = z.object({ system: text.optional(), code: code.optional(), display: text.optional() });
export const concept = z.object({ coding: z.array(coding).optional(), text: text.optional() });
export type Concept = z.output<typeof concept>;

export const quantity = z.object({
  value: z.number().optional(),
  comparator: z.enum(["<", "<=", ">=", ">"]).optional(),
  unit: text.optional(),
  system: text.optional(),
  code: code.optional(),
});
export type Quantity = z.output<typeof quantity>;
export const range = z.object({ low: quantity.optional(), high: quantity.optional() });
export const period = z.object({ start: timeSchema.optional(), end: timeSchema.optional() });
export const identifier = z.object({
  use: code.optional(),
  type: concept.optional(),
  system: text.optional(),
  value: text.optional(),
});
export type Identifier = z.output<typeof identifier>;
export const reference = z.object({
  reference: text.optional(),
  identifier: identifier.optional(),
  display: text.optional(),
});
export type Reference = z.output<typeof reference>;

/** What every resource that we store may carry. A modifier extension changes the meaning, so it is never passed over. */
export const resourceBase = { id: text.optional(), modifierExtension: z.array(z.unknown()).optional() };

export const snomed = "http://snomed.info/sct";
export const loinc = "http://loinc.org";
export const ucum = "http://unitsofmeasure.org";
/** FHIR's own way to say that a code is not known; used where the source gave words and no code. */
const absent = { code: "unknown", code_system: "http://terminology.hl7.org/CodeSystem/data-absent-reason" };

/** Words for a person: the text as it was said, else what the code stands for. */
export function wordsOf(given: Concept | undefined): string | null {
  if (given === undefined) return null;
  const display = given.coding?.find((one) => one.display !== undefined && one.display.trim() !== "")?.display;
  const words = given.text?.trim() || display?.trim() || given.coding?.find((one) => one.code !== undefined)?.code;
  return words === undefined || words === "" ? null : words;
}

/** The first complete code of a concept, as its two columns. */
export function codeOf(given: Concept | undefined): { code: string; code_system: string } {
  const whole = given?.coding?.find((one) => one.code !== undefined && one.system !== undefined);
  if (whole?.code !== undefined && whole.system !== undefined) return { code: whole.code, code_system: whole.system };
  return absent;
}

export function hasCode(given: Concept | undefined, system: string, codes: ReadonlySet<string>): boolean {
  return given?.coding?.some((one) => one.system === system && one.code !== undefined && codes.has(one.code)) ?? false;
}

/** The code of a status concept; these bindings have one code system each. */
export function statusOf(given: Concept | undefined): string | undefined {
  return given?.coding?.find((one) => one.code !== undefined)?.code;
}
