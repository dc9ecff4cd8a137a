import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { useNow } from "../design/clock";
import { EmptyState } from "../design/EmptyState";
import { dayOf, formatAge, formatDay } from "../design/format";
import { Page } from "../design/Page";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { DepartmentSchedules } from "./DepartmentSchedules";
import styles from "./ShiftsPage.module.css";
import { hoursWords, nowAndNext, type Shift, staffWeeks } from "./shift-words";
import { WeekChooser } from "./WeekChooser";
import { WeekTable } from "./WeekTable";
import { addDays, dayAt, mondayOf, weekdayOf } from "./week";

/** The person's own shifts, and the departments' schedules for those who may read them. */
export function ShiftsPage({ session }: AreaProps) {
  const now = useNow();
  const today = dayOf(now);
  const [monday, setMonday] = useState(mondayOf(today));
  // A night shift of the Sunday before reaches into the Monday, and the next shift may lie beyond the week.
  const coming = useQuery(toolQuery("get_my_shifts", { from: addDays(today, -1), to: addDays(today, 28) }));
  const week = useQuery({
    ...toolQuery("get_my_shifts", { from: monday, to: addDays(monday, 6) }),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title="Shifts" tools={<WeekChooser monday={monday} today={today} onChange={setMonday} />}>
      <Panel title="My shifts">
        <QueryView query={coming} label="Loading your shifts" rows={2}>
          {(data) => <NowAndNext shifts={data.shifts} now={now} />}
        </QueryView>
        <QueryView query={week} label="Loading the week" rows={2}>
          {(data) => <MyWeek shifts={data.shifts} monday={monday} today={today} name={session.person.name} />}
        </QueryView>
      </Panel>
      {may(session.person.role, "shifts.read") ? <DepartmentSchedules monday={monday} today={today} /> : null}
    </Page>
  );
}

function NowAndNext({ shifts, now }: { readonly shifts: readonly Shift[]; readonly now: number }) {
  const { on, next } = nowAndNext(shifts, now);
  return (
    <dl className={styles.now}>
      <div>
        <dt>Now</dt>
        <dd>{on ? <strong>{`Ward ${on.ward}, ${hoursWords(on)}`}</strong> : "No shift is on"}</dd>
      </div>
      <div>
        <dt>Next</dt>
        <dd>
          {next ? (
            <>
              <strong>{`${weekdayOf(dayAt(next.starts_at))} ${formatDay(next.starts_at)}, ${hoursWords(next)}, ward ${next.ward}`}</strong>
              <span className={styles.soft}> {formatAge(next.starts_at, now)}</span>
            </>
          ) : (
            "None in the next four weeks"
          )}
        </dd>
      </div>
    </dl>
  );
}

function MyWeek(props: {
  readonly shifts: readonly Shift[];
  readonly monday: string;
  readonly today: string;
  readonly name: string;
}) {
  const days = staffWeeks(props.shifts);
  if (days.length === 0)
    return (
      <EmptyState title="No shifts in this week">
        Look at another week, or ask your ward manager if one is missing.
      </EmptyState>
    );
  return (
    <WeekTable
      label="My shifts"
      who="Department"
      monday={props.monday}
      today={props.today}
      rows={days.map((row) => ({ key: row.department, name: row.department, byDay: row.byDay }))}
    />
  );
}
