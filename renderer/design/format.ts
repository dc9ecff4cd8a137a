const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const two = (value: number): string => String(value).padStart(2, "0");

/** `05-Apr-2026`, of a calendar day or of a moment on this ward's clock. */
export function formatDay(value: string): string {
  const day = /^(\d{4})-(\d\d)-(\d\d)$/u.exec(value);
  // A calendar day has no time zone: it is never passed through a clock.
  if (day) return `${day[3]}-${months[Number(day[2]) - 1] ?? day[2]}-${day[1]}`;
  const at = new Date(value);
  return Number.isNaN(at.getTime())
    ? "Date not readable"
    : `${two(at.getDate())}-${months[at.getMonth()]}-${at.getFullYear()}`;
}

/** `09:05` on this ward's clock. */
export function formatTime(value: string): string {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? "time not readable" : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `05-Apr-2026 09:05`. */
export function formatMoment(value: string): string {
  return `${formatDay(value)} ${formatTime(value)}`;
}

/** The day of a moment as `YYYY-MM-DD` on this ward's clock. */
export function dayOf(milliseconds: number): string {
  const at = new Date(milliseconds);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** How long ago, in the shortest honest words: `just now`, `12 min ago`, `3 h 05 min ago`, `2 days ago`. */
export function formatAge(value: string, now: number): string {
  const minutes = Math.floor((now - new Date(value).getTime()) / 60_000);
  if (Number.isNaN(minutes)) return "age not known";
  if (minutes < -1) return `in ${span(-minutes)}`;
  return minutes < 1 ? "just now" : `${span(minutes)} ago`;
}

function span(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${two(minutes % 60)} min`;
  const days = Math.floor(hours / 24);
  if (days < 60) return days === 1 ? "1 day" : `${days} days`;
  return days < 730 ? `${Math.floor(days / 30.44)} months` : `${Math.floor(days / 365.25)} years`;
}

/** Whether a figure is older than so many minutes. */
export function isStale(value: string, now: number, afterMinutes: number): boolean {
  return now - new Date(value).getTime() > afterMinutes * 60_000;
}

/** Whole years from a day of birth to a day, both `YYYY-MM-DD`. */
export function yearsBetween(birth: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(5) < birth.slice(5) ? years - 1 : years;
}
