import type { DemoData } from "./demo-data";
import { demoId } from "./demo-ids";
import type { Moments } from "./moments";

export interface ShiftRow {
  readonly id: string;
  readonly staff_id: string;
  readonly ward_code: string;
  readonly starts_at: string;
  readonly ends_at: string;
}

/** Days from today of the further shifts of the two who are signed in most; none touches the one that runs now. */
const daysOfTheDemoStaff: Readonly<Record<string, readonly number[]>> = {
  STF001: [-6, -4, 2, 5, 9],
  STF002: [-5, -3, 3, 6, 10],
};
const SHIFTS = 50;

/** Fifty shifts from a week ago to two weeks ahead; demo_doctor and demo_nurse are on 5A right now. */
export function shiftRows(data: DemoData, moments: Moments): ShiftRow[] {
  const rows: ShiftRow[] = [];
  const add = (staff: string, ward: string, name: string | number, starts: Date, ends: Date) =>
    rows.push({
      id: demoId("shift", staff, name),
      staff_id: staff,
      ward_code: ward,
      starts_at: starts.toISOString(),
      ends_at: ends.toISOString(),
    });
  const day = (staff: string, ward: string, days: number) =>
    add(staff, ward, days, moments.at(days, "07:00"), moments.at(days, "19:00"));
  const night = (staff: string, ward: string, days: number) =>
    add(staff, ward, days, moments.at(days, "19:00"), moments.at(days + 1, "07:00"));
  for (const [staff, days] of Object.entries(daysOfTheDemoStaff)) {
    add(staff, "5A", "now", moments.fullHour(-4), moments.fullHour(8));
    for (const one of days) day(staff, "5A", one);
  }
  const others = data.staff.filter((person) => person.ward !== undefined && !(person.id in daysOfTheDemoStaff));
  for (let round = 0; rows.length < SHIFTS; round += 1) {
    for (const [index, person] of others.entries()) {
      if (rows.length === SHIFTS) break;
      const days = -7 + ((index * 5 + round * 7) % 21);
      const worksNights = person.role === "Nurse" && (index + round) % 2 === 0;
      (worksNights ? night : day)(person.id, person.ward ?? "", days);
    }
  }
  return rows;
}
