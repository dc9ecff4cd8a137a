/** A stretch of time that a question names, with the words that repeat it in the answer. */
export interface TimeWindow {
  readonly from: Date;
  readonly words: string;
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/** The stretch of time that a folded question names; undefined when it names none. */
export function timeWindow(question: string, now: Date): TimeWindow | undefined {
  const span = /(?:last|past|previous|for) (\d{1,3}) ?(h|hr|hrs|hours?|d|days?|weeks?)\b/u.exec(question);
  if (span) {
    const many = Number(span[1]);
    const unit = span[2]?.[0];
    const hours = unit === "h" ? many : unit === "d" ? many * 24 : many * 168;
    const name = unit === "h" ? "hour" : unit === "d" ? "day" : "week";
    return {
      from: new Date(now.getTime() - hours * 3_600_000),
      words: `in the last ${many} ${name}${many === 1 ? "" : "s"}`,
    };
  }
  if (/last night|overnight/u.test(question)) return { from: midnight(now, 1, 20), words: "since yesterday 20:00" };
  if (/yesterday/u.test(question)) return { from: midnight(now, 1), words: "since yesterday" };
  if (/\btoday\b|this morning|since midnight/u.test(question)) return { from: midnight(now, 0), words: "today" };
  if (/(?:last|past|this) week/u.test(question)) return { from: midnight(now, 7), words: "in the last week" };
  if (/(?:last|past) (?:day|24)/u.test(question))
    return { from: new Date(now.getTime() - 86_400_000), words: "in the last 24 hours" };
  const named = weekdays.findIndex((name) => question.includes(`since ${name}`));
  if (named >= 0) {
    const back = (now.getDay() - named + 7) % 7 || 7;
    return {
      from: midnight(now, back),
      words: `since ${weekdays[named]?.replace(/^./u, (letter) => letter.toUpperCase())}`,
    };
  }
  return undefined;
}

function midnight(now: Date, daysBack: number, hour = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBack, hour);
}
