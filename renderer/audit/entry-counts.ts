import { tellsOfRefusal } from "../../shared/audit/refusals";
import type { AuditEntry } from "../../shared/tools/audit-tools";

export interface EntryCount {
  /** The start of the hour, day or month, on this ward's clock. */
  readonly key: string;
  readonly label: string;
  readonly granted: number;
  readonly denied: number;
}

export interface EntryCounts {
  readonly unit: "hour" | "day" | "month";
  readonly counts: readonly EntryCount[];
}

const hour = 3_600_000;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const two = (value: number): string => String(value).padStart(2, "0");

/** Whether an entry tells of a refusal; an answer of the assistant that broke off is none. */
export const isDenied = (entry: Pick<AuditEntry, "outcome" | "action">): boolean => tellsOfRefusal(entry);

function unitFor(span: number): EntryCounts["unit"] {
  if (span <= 48 * hour) return "hour";
  return span <= 62 * 24 * hour ? "day" : "month";
}

/** The start of the stretch that a moment falls in, stepped by the calendar: days of 23 and 25 hours stay one day. */
function startOf(at: Date, unit: EntryCounts["unit"]): Date {
  if (unit === "hour") return new Date(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours());
  return new Date(at.getFullYear(), at.getMonth(), unit === "day" ? at.getDate() : 1);
}

function after(start: Date, unit: EntryCounts["unit"]): Date {
  if (unit === "hour") return new Date(start.getTime() + hour);
  if (unit === "day") return new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1);
  return new Date(start.getFullYear(), start.getMonth() + 1, 1);
}

function labelOf(start: Date, unit: EntryCounts["unit"]): string {
  const month = months[start.getMonth()];
  if (unit === "month") return `${month} ${start.getFullYear()}`;
  const day = `${two(start.getDate())}-${month}`;
  return unit === "day" ? day : `${day} ${two(start.getHours())}:00`;
}

/** How many entries each hour, day or month holds, without leaving out the empty ones. */
export function entryCounts(entries: readonly Pick<AuditEntry, "at" | "outcome" | "action">[]): EntryCounts {
  const times = entries.map((entry) => new Date(entry.at).getTime()).filter((time) => !Number.isNaN(time));
  if (times.length === 0) return { unit: "hour", counts: [] };
  // Not spread into Math.min: a page may hold more entries than a call takes arguments.
  const first = times.reduce((least, time) => Math.min(least, time));
  const last = times.reduce((most, time) => Math.max(most, time));
  const unit = unitFor(last - first);
  const found = new Map<string, { granted: number; denied: number }>();
  for (const entry of entries) {
    const key = startOf(new Date(entry.at), unit).toISOString();
    const known = found.get(key) ?? { granted: 0, denied: 0 };
    known[isDenied(entry) ? "denied" : "granted"] += 1;
    found.set(key, known);
  }
  const counts: EntryCount[] = [];
  for (let start = startOf(new Date(first), unit); start.getTime() <= last; start = after(start, unit)) {
    const key = start.toISOString();
    counts.push({ key, label: labelOf(start, unit), ...(found.get(key) ?? { granted: 0, denied: 0 }) });
  }
  return { unit, counts };
}
