import { useQuery } from "@tanstack/react-query";
import { toolQuery } from "../bridge/ward-query";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatDay } from "../design/format";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { capital, codeWords, type Diagnosis, isCurrent } from "./record-words";
import styles from "./records.module.css";

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
          <div className={styles.stack}>
            <Panel title="Active diagnoses" aside={`${current.length}`}>
              <Table label="Active diagnoses" rows={current} itemId={itemId} />
            </Panel>
            {past.length > 0 ? (
              <Panel title="Past diagnoses" aside={`${past.length}`}>
                <Table label="Past diagnoses" rows={past} itemId={itemId} />
              </Panel>
            ) : null}
          </div>
        );
      }}
    </QueryView>
  );
}

interface TableProps {
  readonly label: string;
  readonly rows: readonly Diagnosis[];
  readonly itemId: string | undefined;
}

function Table({ label, rows, itemId }: TableProps) {
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={(diagnosis) => diagnosis.id}
      highlightedKey={itemId}
      empty={<EmptyState title="None is active" />}
    />
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
