import type { ReactNode } from "react";
import { classes } from "../design/classes";
import { formatDay } from "../design/format";
import { endsNextDay, hours, type Shift } from "./shift-words";
import styles from "./WeekTable.module.css";
import { weekdayOf, weekFrom } from "./week";

export interface WeekRow {
  readonly key: string;
  readonly name: ReactNode;
  readonly byDay: ReadonlyMap<string, readonly Shift[]>;
}

export interface WeekTableProps {
  readonly label: string;
  readonly monday: string;
  readonly today: string;
  /** Header of the column that names the rows. */
  readonly who: string;
  readonly rows: readonly WeekRow[];
}

/** A week: a column a day, today marked by a word and a frame, a row a person. */
export function WeekTable({ label, monday, today, who, rows }: WeekTableProps) {
  const days = weekFrom(monday);
  return (
    // a region that scrolls must be reachable by keyboard
    <div className={styles.scroll} role="group" aria-label={`${label}, scrolls`} tabIndex={0}>
      <table aria-label={label} className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{who}</th>
            {days.map((day) => (
              <th key={day} scope="col" className={classes(day === today && styles.today)}>
                {weekdayOf(day)} {formatDay(day).slice(0, 6)}
                {day === today ? <span className={styles.word}> today</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              {days.map((day) => (
                <td key={day} className={classes(day === today && styles.today)}>
                  {(row.byDay.get(day) ?? []).map((shift) => (
                    <div key={shift.id} className={styles.shift}>
                      <span className={styles.hours}>{hours(shift)}</span>
                      <span className={styles.ward}>
                        Ward {shift.ward}
                        {endsNextDay(shift) ? ", to next day" : ""}
                      </span>
                    </div>
                  ))}
                  {row.byDay.has(day) ? null : <NoShift />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NoShift() {
  return (
    <span className={styles.off}>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">no shift</span>
    </span>
  );
}
