import { useQuery } from "@tanstack/react-query";
import { toolQuery } from "../bridge/ward-query";
import type { Column } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatDay } from "../design/format";
import { QueryView } from "../design/QueryView";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { NowAndBefore } from "./NowAndBefore";
import { capital, codeWords, type Diagnosis, isCurrent } from "./record-words";

/** The diagnoses: those that count today, then the rest. */
export function DiagnosesTab({ patientId, itemId }: ChartTabProps) {
  const query = useQuery(toolQuery("get_medical_records", { patient_id: patientId }));
  return (
    <QueryView
      query={query}
      label="Loading the diagnoses"
      isEmpty={(answer) => answer.diagnoses.length === 0}
      empty={<EmptyState title="No diagnoses recorded" />}
    >
      {({ diagnoses }) => {
        const current = diagnoses.filter(isCurrent);
        const past = diagnoses.filter((diagnosis) => !isCurrent(diagnosis));
        return (
          <NowAndBefore
            now={{ title: "Active diagnoses", label: "Active diagnoses", rows: current }}
            before={{ title: "Past diagnoses", label: "Past diagnoses", rows: past }}
            none="None is active"
            columns={columns}
            rowKey={(diagnosis) => diagnosis.id}
            highlightedKey={itemId}
          />
        );
      }}
    </QueryView>
  );
}

const dayWords = (day: string | null): string => (day === null ? "Not recorded" : formatDay(day));

const columns: Column<Diagnosis>[] = [
  {
    id: "display",
    header: "Diagnosis",
    isRowHeader: true,
    wrap: true,
    sortBy: (row) => row.display,
    cell: (row) => row.display,
  },
  { id: "status", header: "Status", cell: (row) => capital(row.status) },
  { id: "onset", header: "Since", sortBy: (row) => row.onset_on, cell: (row) => dayWords(row.onset_on) },
  {
    id: "resolved",
    header: "Resolved",
    cell: (row) => (row.resolved_on ? formatDay(row.resolved_on) : isCurrent(row) ? "No" : "Not recorded"),
  },
  { id: "code", header: "Code", cell: (row) => codeWords(row.code, row.code_system) },
  { id: "by", header: "Recorded by", cell: (row) => row.recorded_by ?? "Not recorded" },
];
