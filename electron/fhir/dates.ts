import { z } from "zod";

/**
 * A FHIR date or dateTime with the precision it really has. A year or a month is never completed to a day: where our
 * column wants a day or a moment, it stays empty and the words go beside it.
 */
export interface FhirTime {
  readonly year: number;
  /** `YYYY-MM-DD` as the source's own calendar had it; null for a year or a month. */
  readonly day: string | null;
  /** ISO 8601 in UTC, only where the source gave a time of day. */
  readonly moment: string | null;
  /** `2010` or `05-2010`, for the words beside an empty date. */
  readonly words: string;
}

const pattern =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T(([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60))(\.\d+)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d))?)?)?$/u;

function isDay(year: string, month: string, day: string): boolean {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  at.setUTCFullYear(Number(year));
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
}

/** Null when the text is no FHIR date or dateTime, or a day that no calendar has. */
export function parseFhirTime(text: string): FhirTime | null {
  const match = pattern.exec(text);
  if (match === null || match[1] === "0000") return null;
  const [, year = "", month, day, clock, , second, fraction = "", offset = ""] = match;
  const partial = { year: Number(year), day: null, moment: null };
  if (month === undefined) return { ...partial, words: year };
  if (day === undefined) return { ...partial, words: `${month}-${year}` };
  if (!isDay(year, month, day)) return null;
  const date = `${year}-${month}-${day}`;
  if (clock === undefined) return { year: Number(year), day: date, moment: null, words: date };
  // A leap second is the first moment of the next minute for every clock we can show it on.
  const leap = second === "60" ? 1000 : 0;
  const at = Date.parse(`${date}T${leap > 0 ? `${clock.slice(0, 6)}59` : clock}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(at)
    ? null
    : { year: Number(year), day: date, moment: new Date(at + leap).toISOString(), words: text };
}

/** `date`, `dateTime` and `instant` of FHIR, parsed. */
export const timeSchema = z.string().transform((text, context) => {
  const time = parseFhirTime(text);
  if (time === null)
    context.addIssue({
      code: "custom",
      message: "is not a FHIR date or time (such as 2026, 2026-04, 2026-04-05 or 2026-04-05T09:05:00+02:00)",
    });
  return time ?? z.NEVER;
});

/**
 * The moment for a column that must have one. A day without a time of day becomes its noon in UTC, which is the same
 * calendar day on nearly every ward's clock; a month or a year has no moment.
 */
export function momentOf(time: FhirTime | undefined): string | null {
  if (time === undefined) return null;
  return time.moment ?? (time.day === null ? null : `${time.day}T12:00:00.000Z`);
}

/** What an empty date column cannot say: `performed 2010, day not given`; null where the day is known. */
export function partialRemark(verb: string, time: FhirTime | undefined): string | null {
  return time === undefined || time.day !== null ? null : `${verb} ${time.words}, day not given`;
}
