import { expect, test } from "vitest";
import { hoursWords, nowAndNext, type Shift, staffWeeks } from "../../../../renderer/shifts/shift-words";
import { addDays, mondayOf, weekdayOf, weekFrom } from "../../../../renderer/shifts/week";

const shift = (starts: Date, ends: Date, more: Partial<Shift> = {}): Shift => ({
  id: `${starts.getTime()}`,
  staff_id: "STF002",
  staff_name: "Sarah Johnson",
  role: "Nurse",
  department: "Internal Medicine",
  ward: "5A",
  starts_at: starts.toISOString(),
  ends_at: ends.toISOString(),
  ...more,
});
const night = shift(new Date(2026, 3, 4, 19, 0), new Date(2026, 3, 5, 7, 30));
const late = shift(new Date(2026, 3, 6, 13, 0), new Date(2026, 3, 6, 21, 0));

test("a week begins on Monday, across months and the change to summer time", () => {
  expect(mondayOf("2026-04-05")).toBe("2026-03-30");
  expect(mondayOf("2026-03-30")).toBe("2026-03-30");
  expect(weekFrom("2026-03-23").at(-1)).toBe("2026-03-29");
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  expect(weekdayOf("2026-04-05")).toBe("Sun");
});

test("a night shift says that it ends on the next day", () => {
  expect(hoursWords(night)).toBe("19:00–07:30 next day");
  expect(hoursWords(late)).toBe("13:00–21:00");
});

test("the shift that is on and the next one are found, whatever the order", () => {
  const at = (hours: number) => new Date(2026, 3, 5, hours).getTime();
  expect(nowAndNext([late, night], at(3))).toEqual({ on: night, next: late });
  expect(nowAndNext([late, night], at(8))).toEqual({ on: null, next: late });
  expect(nowAndNext([], at(8))).toEqual({ on: null, next: null });
});

test("a schedule has a row a person, by department and name, with each day's shifts in order", () => {
  const other = { staff_id: "STF009", staff_name: "Aaron Bell", department: "Emergency" };
  const rows = staffWeeks([
    late,
    night,
    shift(new Date(2026, 3, 6, 7, 0), new Date(2026, 3, 6, 12, 0)),
    { ...night, ...other },
  ]);
  expect(rows.map((row) => row.name)).toEqual(["Aaron Bell", "Sarah Johnson"]);
  expect(rows[1]?.byDay.get("2026-04-06")?.map(hoursWords)).toEqual(["07:00–12:00", "13:00–21:00"]);
});
