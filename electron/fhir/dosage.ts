import { z } from "zod";
import { timeSchema } from "./dates";
import { concept, period, quantity, range, text, wordsOf } from "./elements";
import { numberWords, quantityWords, rangeWords, unitOf } from "./quantities";

const repeat = z.object({
  boundsPeriod: period.optional(),
  frequency: z.number().optional(),
  frequencyMax: z.number().optional(),
  period: z.number().optional(),
  periodMax: z.number().optional(),
  periodUnit: z.enum(["s", "min", "h", "d", "wk", "mo", "a"]).optional(),
  dayOfWeek: z.array(text).optional(),
  timeOfDay: z.array(text.regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d/u, "is not a time of day")).optional(),
  when: z.array(text).optional(),
});
type Repeat = z.output<typeof repeat>;

export const dosageSchema = z.object({
  text: text.optional(),
  additionalInstruction: z.array(concept).optional(),
  patientInstruction: text.optional(),
  timing: z
    .object({ event: z.array(timeSchema).optional(), repeat: repeat.optional(), code: concept.optional() })
    .optional(),
  asNeededBoolean: z.boolean().optional(),
  asNeededCodeableConcept: concept.optional(),
  route: concept.optional(),
  doseAndRate: z
    .array(
      z.object({ doseQuantity: quantity.optional(), doseRange: range.optional(), rateQuantity: quantity.optional() }),
    )
    .optional(),
});
type Dosage = z.output<typeof dosageSchema>;

const units: Readonly<Record<NonNullable<Repeat["periodUnit"]>, string>> = {
  s: "second",
  min: "minute",
  h: "hour",
  d: "day",
  wk: "week",
  mo: "month",
  a: "year",
};

function times(count: number, most: number | undefined): string {
  if (most !== undefined && most !== count) return `${numberWords(count)} to ${numberWords(most)} times`;
  return count === 1 ? "once" : count === 2 ? "twice" : `${numberWords(count)} times`;
}

function repeatWords(given: Repeat | undefined): string | null {
  if (given === undefined) return null;
  const { period: length, periodUnit } = given;
  if (length === undefined || periodUnit === undefined)
    return given.frequency === undefined ? null : times(given.frequency, given.frequencyMax);
  const unit = units[periodUnit];
  const longest =
    given.periodMax !== undefined && given.periodMax !== length ? ` to ${numberWords(given.periodMax)}` : "";
  const every =
    length === 1 && longest === ""
      ? `a ${unit}`.replace("a hour", "an hour")
      : `every ${numberWords(length)}${longest} ${unit}s`;
  const count = given.frequency ?? 1;
  if (count === 1 && every.startsWith("every ")) return every;
  return `${times(count, given.frequencyMax)} ${every}`;
}

/** How often, in words: timing first, then what the prescriber wrote. Nothing is invented where the source is silent. */
function frequencyOf(dosage: Dosage): string | null {
  const parts = [
    repeatWords(dosage.timing?.repeat) ?? wordsOf(dosage.timing?.code),
    dosage.timing?.repeat?.dayOfWeek?.join(", "),
    dosage.timing?.repeat?.when?.join(", "),
    wordsOf(dosage.asNeededCodeableConcept) === null ? null : `for ${wordsOf(dosage.asNeededCodeableConcept)}`,
    ...(dosage.additionalInstruction ?? []).map(wordsOf),
    dosage.patientInstruction,
  ].filter((part): part is string => typeof part === "string" && part !== "");
  return parts.length > 0 ? parts.join("; ") : (dosage.text ?? null);
}

function doseOf(dosage: Dosage): string | null {
  const first = dosage.doseAndRate?.find((one) => one.doseQuantity?.value !== undefined || one.doseRange !== undefined);
  if (first?.doseQuantity?.value !== undefined) {
    const words = quantityWords(first.doseQuantity) ?? "";
    return unitOf(first.doseQuantity) === null ? `${words} (unit not given)` : words;
  }
  return rangeWords(first?.doseRange);
}

export interface DosageColumns {
  dose: string | null;
  route: string | null;
  frequency: string | null;
  due_times: string[];
  as_needed: boolean;
  started_on: string | null;
  stopped_on: string | null;
}

/** The columns of one instruction; several (a tapering course, say) have no single dose and are told in words. */
export function dosageWords(all: readonly Dosage[]): DosageColumns {
  const [first] = all;
  const asNeeded = all.some((one) => one.asNeededBoolean === true || one.asNeededCodeableConcept !== undefined);
  const bounds = first?.timing?.repeat?.boundsPeriod;
  const dueTimes = all.length === 1 ? (first?.timing?.repeat?.timeOfDay ?? []) : [];
  const several = all.map(
    (one) => one.text ?? [doseOf(one), frequencyOf(one)].filter((part) => part !== null).join(" "),
  );
  return {
    dose: first === undefined || all.length > 1 ? null : doseOf(first),
    route: wordsOf(first?.route),
    frequency:
      first === undefined
        ? null
        : all.length === 1
          ? frequencyOf(first)
          : several.filter((part) => part !== "").join("; then "),
    due_times: dueTimes.map((time) => time.slice(0, 5)).sort(),
    as_needed: asNeeded,
    started_on: bounds?.start?.day ?? null,
    stopped_on: bounds?.end?.day ?? null,
  };
}
