import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ToolOutput } from "../../shared/tools/registry";
import { toolQuery } from "../bridge/ward-query";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatMoment } from "../design/format";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { Select } from "../design/Select";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { NoteView } from "./NoteView";
import { capital, codeWords, type Note, noteKinds } from "./record-words";
import styles from "./records.module.css";

type Answer = ToolOutput<"get_medical_records">;
type Kind = Note["kind"] | "all";

/** The notes to read, newest first, and below them procedures and immunizations. */
export function RecordsTab({ patientId, itemId }: ChartTabProps) {
  const query = useQuery(toolQuery("get_medical_records", { patient_id: patientId }));
  return (
    <QueryView
      query={query}
      rows={8}
      label="Loading the records"
      isEmpty={(answer) => answer.records.length + answer.procedures.length + answer.immunizations.length === 0}
      empty={
        <EmptyState title="No records yet">
          Notes, procedures and immunizations appear here once they are written.
        </EmptyState>
      }
    >
      {(answer) => <Records answer={answer} itemId={itemId} />}
    </QueryView>
  );
}

function Records({ answer, itemId }: { readonly answer: Answer; readonly itemId: string | undefined }) {
  const [kind, setKind] = useState<Kind>("all");
  const present = new Set(answer.records.map((note) => note.kind));
  // An item that a link led to is shown whatever was filtered.
  const shown = answer.records.filter((note) => kind === "all" || note.kind === kind || note.id === itemId);
  const kinds = (Object.keys(noteKinds) as Note["kind"][]).filter((each) => present.has(each));
  return (
    <div className={styles.stack}>
      <div className={styles.tools} data-print="no">
        <Select
          label="Kind of note"
          value={kind}
          onChange={setKind}
          options={[
            { value: "all", label: `All notes (${answer.records.length})` },
            ...kinds.map((value) => ({ value, label: noteKinds[value] })),
          ]}
        />
      </div>
      {shown.length === 0 ? <EmptyState title="No notes of this kind" /> : null}
      {shown.map((note) => (
        <NoteView key={note.id} note={note} isHighlighted={note.id === itemId} />
      ))}
      {answer.procedures.length > 0 ? (
        <Panel title="Procedures" aside={`${answer.procedures.length}`}>
          <DataTable
            label="Procedures"
            columns={procedureColumns}
            rows={answer.procedures}
            rowKey={(procedure) => procedure.id}
            highlightedKey={itemId}
          />
        </Panel>
      ) : null}
      {answer.immunizations.length > 0 ? (
        <Panel title="Immunizations" aside={`${answer.immunizations.length}`}>
          <DataTable
            label="Immunizations"
            columns={immunizationColumns}
            rows={answer.immunizations}
            rowKey={(immunization) => immunization.id}
            highlightedKey={itemId}
          />
        </Panel>
      ) : null}
    </div>
  );
}

interface Coded {
  readonly code: string;
  readonly code_system: string;
  readonly display: string;
  readonly status: string;
}

function codedColumns<Row extends Coded>(what: string): Column<Row>[] {
  return [
    {
      id: "display",
      header: what,
      isRowHeader: true,
      wrap: true,
      sortBy: (row) => row.display,
      cell: (row) => row.display,
    },
    { id: "status", header: "Status", cell: (row) => capital(row.status) },
    { id: "code", header: "Code", cell: (row) => codeWords(row.code, row.code_system) },
  ];
}

const whenWords = (moment: string | null): string => (moment === null ? "Not recorded" : formatMoment(moment));

const procedureColumns: Column<Answer["procedures"][number]>[] = [
  { id: "when", header: "When", sortBy: (row) => row.performed_at, cell: (row) => whenWords(row.performed_at) },
  ...codedColumns<Answer["procedures"][number]>("Procedure"),
];
const immunizationColumns: Column<Answer["immunizations"][number]>[] = [
  { id: "when", header: "When", sortBy: (row) => row.occurred_at, cell: (row) => whenWords(row.occurred_at) },
  ...codedColumns<Answer["immunizations"][number]>("Immunization"),
];
