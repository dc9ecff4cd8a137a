const HOUR = 3_600_000;

/** Turns the files' relative times into moments around one "now". Days and times of day are those of this machine's clock. */
export function momentsAround(now: Date) {
  const two = (value: number) => String(value).padStart(2, "0");
  const dayOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR);
  return {
    ago: (hours: number): string => ago(hours).toISOString(),
    dayAgo: (hours: number): string => dayOf(ago(hours)),
    dayAhead: (days: number): string => dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)),
    /** So many days from today at a time of day. */
    at(days: number, time: string): Date {
      const [hour = 0, minute = 0] = time.split(":").map(Number);
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute);
    },
    /** The hour that began last, moved by so many hours. */
    fullHour: (hours: number): Date => new Date(Math.floor(now.getTime() / HOUR) * HOUR + hours * HOUR),
  };
}
export type Moments = ReturnType<typeof momentsAround>;
