import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toolQuery } from "../bridge/ward-query";
import { EmptyState } from "../design/EmptyState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { Select } from "../design/Select";
import styles from "./DepartmentSchedules.module.css";
import { departmentsOf, type Shift, staffWeeks } from "./shift-words";
import { WeekTable } from "./WeekTable";
import { addDays } from "./week";

const all = "";

/** Who works when, by department; for the roles that may read schedules. */
export function DepartmentSchedules({ monday, today }: { readonly monday: string; readonly today: string }) {
  const [department, setDepartment] = useState(all);
  const query = useQuery({
    ...toolQuery("get_shifts", { from: monday, to: addDays(monday, 6) }),
    placeholderData: keepPreviousData,
  });
  // The chosen department stays in the list in a week in which it has no shift.
  const known = new Set([...departmentsOf(query.data?.shifts ?? []), ...(department === all ? [] : [department])]);
  return (
    <Panel
      title="Department schedules"
      aside={
        <Select
          label="Department"
          hideLabel
          value={department}
          onChange={setDepartment}
          options={[
            { value: all, label: "All departments" },
            ...[...known].sort().map((name) => ({ value: name, label: name })),
          ]}
        />
      }
    >
      <QueryView query={query} label="Loading the schedules" rows={6}>
        {(data) => <Schedules shifts={data.shifts} department={department} monday={monday} today={today} />}
      </QueryView>
    </Panel>
  );
}

function Schedules(props: {
  readonly shifts: readonly Shift[];
  readonly department: string;
  readonly monday: string;
  readonly today: string;
}) {
  const rows = staffWeeks(
    props.shifts.filter((shift) => props.department === all || shift.department === props.department),
  );
  if (rows.length === 0)
    return <EmptyState title="No shifts in this week">Look at another week, or choose all departments.</EmptyState>;
  return (
    <WeekTable
      label="Department schedules"
      who="Who"
      monday={props.monday}
      today={props.today}
      rows={rows.map((row) => ({
        key: `${row.department} ${row.staffId}`,
        name: (
          <>
            {row.name}
            <span className={styles.soft}>
              {row.role}, {row.department}
            </span>
          </>
        ),
        byDay: row.byDay,
      }))}
    />
  );
}
