/** Calendar days as `YYYY-MM-DD` on this ward's clock; stepped by the calendar, so that summer time loses no day. */

const two = (value: number): string => String(value).padStart(2, "0");

function dayFrom(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function dateOf(day: string): Date {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

export function addDays(day: string, count: number): string {
  const date = dateOf(day);
  return dayFrom(new Date(date.getFullYear(), date.getMonth(), date.getDate() + count));
}

/** The Monday of the week that a day lies in. */
export function mondayOf(day: string): string {
  return addDays(day, -((dateOf(day).getDay() + 6) % 7));
}

/** The seven days from a Monday. */
export function weekFrom(monday: string): readonly string[] {
  return [0, 1, 2, 3, 4, 5, 6].map((count) => addDays(monday, count));
}

/** The day on which a moment falls. */
export function dayAt(moment: string): string {
  return dayFrom(new Date(moment));
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

export function weekdayOf(day: string): string {
  return weekdays[dateOf(day).getDay()] ?? "";
}
