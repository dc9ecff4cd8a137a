import { z } from "zod";
import { timeSchema } from "./dates";
import { type Concept, concept, period, quantity, range, text, wordsOf } from "./elements";
import { quantityWords, rangeWords, unitOf } from "./quantities";

/** Every form that the value of an Observation or of its component can take in R4. */
export const valueElements = {
  valueQuantity: quantity.optional(),
  valueCodeableConcept: concept.optional(),
  valueString: text.optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.number().int().optional(),
  valueRange: range.optional(),
  valueRatio: z.object({ numerator: quantity.optional(), denominator: quantity.optional() }).optional(),
  valueSampledData: z.looseObject({}).optional(),
  valueTime: text.optional(),
  valueDateTime: timeSchema.optional(),
  valuePeriod: period.optional(),
  dataAbsentReason: concept.optional(),
};
const valueSchema = z.object(valueElements);
export type ObservationValue = z.output<typeof valueSchema>;

export interface ValueColumns {
  value: number | null;
  value_text: string | null;
  unit: string | null;
}

const inWords = (words: string | null | undefined): ValueColumns => ({
  value: null,
  value_text: words ?? null,
  unit: null,
});

/** The columns of a value. A number with a comparator (`< 5`) is words: as a bare number it would be a lie. */
export function valueColumns(given: ObservationValue): ValueColumns {
  const measured = given.valueQuantity;
  if (measured?.value !== undefined) {
    return measured.comparator === undefined
      ? { value: measured.value, value_text: null, unit: unitOf(measured) }
      : inWords(quantityWords(measured));
  }
  if (given.valueInteger !== undefined) return { value: given.valueInteger, value_text: null, unit: null };
  if (given.valueBoolean !== undefined) return inWords(given.valueBoolean ? "yes" : "no");
  if (given.valueSampledData !== undefined) return inWords("a recorded curve, kept by its source");
  if (given.valueRatio !== undefined) {
    const { numerator, denominator } = given.valueRatio;
    const parts = [numerator, denominator].map((part) => quantityWords(part) ?? "not given");
    return inWords(parts.join(" : "));
  }
  if (given.valuePeriod !== undefined) {
    return inWords(
      `${given.valuePeriod.start?.words ?? "not given"} to ${given.valuePeriod.end?.words ?? "not given"}`,
    );
  }
  const words =
    wordsOf(given.valueCodeableConcept) ??
    given.valueString ??
    rangeWords(given.valueRange) ??
    given.valueTime ??
    given.valueDateTime?.words ??
    absentWords(given.dataAbsentReason);
  return inWords(words);
}

function absentWords(reason: Concept | undefined): string | null {
  const words = wordsOf(reason);
  return words === null ? null : `no value: ${words}`;
}

export function hasValue(given: ObservationValue): boolean {
  const columns = valueColumns(given);
  return columns.value !== null || columns.value_text !== null;
}
