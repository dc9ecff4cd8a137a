import type { z } from "zod";
import type { shiftSchema } from "../../shared/clinical/chart";
import { formatTime } from "../design/format";
import { dayAt } from "./week";

export type Shift = z.output<typeof shiftSchema>;

type Hours = Pick<Shift, "starts_at" | "ends_at">;

/** `19:00–07:30`. */
export function hours(shift: Hours): string {
  return `${formatTime(shift.starts_at)}–${formatTime(shift.ends_at)}`;
}

export function endsNextDay(shift: Hours): boolean {
  return dayAt(shift.starts_at) !== dayAt(shift.ends_at);
}

/** The hours, with a word where the shift ends on the next day. */
export function hoursWords(shift: Hours): string {
  return `${hours(shift)}${endsNextDay(shift) ? " next day" : ""}`;
}

/** The shift that is on at a moment, and the one that comes next; shifts need not be in order. */
export function nowAndNext(
  shifts: readonly Shift[],
  now: number,
): { readonly on: Shift | null; readonly next: Shift | null } {
  const start = (shift: Shift) => new Date(shift.starts_at).getTime();
  const ordered = [...shifts].sort((one, other) => start(one) - start(other));
  const on = ordered.find((shift) => start(shift) <= now && now < new Date(shift.ends_at).getTime()) ?? null;
  return { on, next: ordered.find((shift) => start(shift) > now) ?? null };
}

export interface StaffWeek {
  readonly staffId: string;
  readonly name: string;
  readonly role: string;
  readonly department: string;
  /** Shifts by the day on which they begin. */
  readonly byDay: ReadonlyMap<string, readonly Shift[]>;
}

/** A row a person, by department and name, with each day's shifts in order. */
export function staffWeeks(shifts: readonly Shift[]): readonly StaffWeek[] {
  const rows = new Map<string, StaffWeek & { byDay: Map<string, Shift[]> }>();
  const ordered = [...shifts].sort((one, other) => one.starts_at.localeCompare(other.starts_at));
  for (const shift of ordered) {
    const key = `${shift.department} ${shift.staff_id}`;
    const { staff_id: staffId, staff_name: name, role, department } = shift;
    const row = rows.get(key) ?? { staffId, name, role, department, byDay: new Map<string, Shift[]>() };
    const day = dayAt(shift.starts_at);
    row.byDay.set(day, [...(row.byDay.get(day) ?? []), shift]);
    rows.set(key, row);
  }
  return [...rows.values()].sort(
    (one, other) => one.department.localeCompare(other.department) || one.name.localeCompare(other.name),
  );
}

/** Every department that has a shift, once, by name. */
export function departmentsOf(shifts: readonly Shift[]): readonly string[] {
  return [...new Set(shifts.map((shift) => shift.department))].sort((one, other) => one.localeCompare(other));
}
