import { useQuery } from "@tanstack/react-query";
import type { ToolOutput } from "../../shared/tools/registry";
import { toolQuery } from "../bridge/ward-query";
import { useNow } from "../design/clock";
import type { Column } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatMoment } from "../design/format";
import { QueryView } from "../design/QueryView";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { NowAndBefore } from "./NowAndBefore";

export type Appointment = ToolOutput<"get_appointments">["appointments"][number];

/** Appointments: what is still to come, then what was. */
export function AppointmentsTab({ patientId, itemId }: ChartTabProps) {
  const now = useNow();
  const query = useQuery(toolQuery("get_appointments", { patient_id: patientId }));
  return (
    <QueryView
      query={query}
      label="Loading the appointments"
      isEmpty={(answer) => answer.appointments.length === 0}
      empty={<EmptyState title="No appointments" />}
    >
      {({ appointments }) => {
        const coming = appointments.filter((each) => isToCome(each, now));
        const past = appointments.filter((each) => !isToCome(each, now));
        return (
          <NowAndBefore
            now={{ title: "To come", label: "Appointments to come", rows: coming }}
            before={{ title: "Past", label: "Past appointments", rows: past }}
            none="None"
            columns={columns}
            rowKey={(appointment) => appointment.id}
            highlightedKey={itemId}
          />
        );
      }}
    </QueryView>
  );
}

/** Whether an appointment has not ended yet. */
export function isToCome(appointment: Appointment, now: number): boolean {
  return new Date(appointment.starts_at).getTime() + appointment.minutes * 60_000 >= now;
}

const statusWords: Readonly<Record<Appointment["status"], string>> = {
  booked: "Booked",
  arrived: "Arrived",
  fulfilled: "Took place",
  cancelled: "Cancelled",
  noshow: "Did not come",
};

const columns: Column<Appointment>[] = [
  {
    id: "when",
    header: "When",
    isRowHeader: true,
    sortBy: (row) => new Date(row.starts_at).getTime(),
    cell: (row) => formatMoment(row.starts_at),
  },
  { id: "minutes", header: "Length", align: "end", cell: (row) => `${row.minutes} min` },
  { id: "department", header: "Department", sortBy: (row) => row.department, cell: (row) => row.department },
  { id: "staff", header: "With", cell: (row) => row.staff_name ?? "Not named" },
  { id: "reason", header: "Reason", wrap: true, cell: (row) => row.reason ?? "Not recorded" },
  { id: "status", header: "Status", cell: (row) => statusWords[row.status] },
];
