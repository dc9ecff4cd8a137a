const isDay = (value: string) => /^\d{4}-\d\d-\d\d$/u.test(value);

/** The begin of a period as SQL about a parameter: a day begins on the database's own clock. */
export function sinceText(parameter: string, from: string | undefined): string {
  return from !== undefined && isDay(from) ? `${parameter}::date` : `${parameter}::timestamptz`;
}

/** The moment just after a period: what is given as its end, a day or a minute, is in it. */
export function untilText(parameter: string, to: string | undefined): string {
  if (to === undefined) return `${parameter}::timestamptz`;
  return isDay(to) ? `${parameter}::date + 1` : `date_trunc('minute', ${parameter}::timestamptz) + interval '1 minute'`;
}
