import { useQuery } from "@tanstack/react-query";
import type { ToolOutput } from "../../shared/tools/registry";
import { toolQuery } from "../bridge/ward-query";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatMoment } from "../design/format";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { capital } from "./record-words";
import styles from "./records.module.css";

type Answer = ToolOutput<"get_admissions">;
type Admission = Answer["admissions"][number];
type Encounter = Answer["encounters"][number];

/** Stays in this hospital, and encounters that came with imported charts. */
export function AdmissionsTab({ patientId, itemId }: ChartTabProps) {
  const query = useQuery(toolQuery("get_admissions", { patient_id: patientId }));
  return (
    <QueryView
      query={query}
      label="Loading the admissions"
      isEmpty={(answer) => answer.admissions.length + answer.encounters.length === 0}
      empty={<EmptyState title="Never admitted here" />}
    >
      {({ admissions, encounters }) => (
        <div className={styles.stack}>
          <Panel title="Admissions" aside={`${admissions.length}`}>
            <DataTable
              label="Admissions"
              columns={admissionColumns}
              rows={admissions}
              rowKey={(admission) => admission.id}
              highlightedKey={itemId}
              empty={<EmptyState title="Never admitted here" />}
            />
          </Panel>
          {encounters.length > 0 ? (
            <Panel title="Encounters" aside={`${encounters.length}`}>
              <DataTable
                label="Encounters"
                columns={encounterColumns}
                rows={encounters}
                rowKey={(encounter) => encounter.id}
                highlightedKey={itemId}
              />
            </Panel>
          ) : null}
        </div>
      )}
    </QueryView>
  );
}

const admissionColumns: Column<Admission>[] = [
  {
    id: "from",
    header: "Admitted",
    isRowHeader: true,
    sortBy: (row) => new Date(row.admitted_at).getTime(),
    cell: (row) => formatMoment(row.admitted_at),
  },
  {
    id: "to",
    header: "Discharged",
    cell: (row) => (row.discharged_at ? formatMoment(row.discharged_at) : "Still here"),
  },
  { id: "ward", header: "Ward", cell: (row) => row.ward },
  { id: "bed", header: "Bed", cell: (row) => row.bed ?? "No bed" },
  { id: "reason", header: "Reason", wrap: true, cell: (row) => row.reason ?? "Not recorded" },
  { id: "attending", header: "Attending", cell: (row) => row.attending ?? "Not recorded" },
];

const encounterColumns: Column<Encounter>[] = [
  {
    id: "from",
    header: "Started",
    isRowHeader: true,
    sortBy: (row) => row.started_at,
    cell: (row) => (row.started_at ? formatMoment(row.started_at) : "Not recorded"),
  },
  { id: "to", header: "Ended", cell: (row) => (row.ended_at ? formatMoment(row.ended_at) : "Not recorded") },
  { id: "display", header: "What", wrap: true, cell: (row) => row.display },
  { id: "class", header: "Class", cell: (row) => row.class },
  { id: "status", header: "Status", cell: (row) => capital(row.status) },
];
