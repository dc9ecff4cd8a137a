import { useState } from "react";
import type { Observation } from "../../shared/clinical/chart";
import { Button } from "../design/Button";
import { type Column, DataTable } from "../design/DataTable";
import { formatMoment } from "../design/format";
import { Panel } from "../design/Panel";
import { codeWords } from "../records/record-words";
import { latestObservations, observationValue } from "./latest-observations";

const page = 200;

export interface ObservationsTableProps {
  readonly observations: readonly Observation[];
  readonly itemId: string | undefined;
}

/** Laboratory and other measurements: the newest of each kind, or every one. */
export function ObservationsTable({ observations, itemId }: ObservationsTableProps) {
  const linked = observations.some((observation) => observation.id === itemId);
  const [all, setAll] = useState(linked);
  const [limit, setLimit] = useState(page);
  const grouped = latestObservations(observations);
  const counts = new Map(grouped.map(({ latest, count }) => [latest.id, count]));
  const rows = all ? observations : grouped.map(({ latest }) => latest);
  const shown = rows.filter((row, at) => at < limit || row.id === itemId);
  return (
    <Panel
      title="Other measurements"
      aside={
        <Button aria-pressed={all} onPress={() => setAll(!all)} variant="quiet">
          {all ? "Newest of each kind" : `Every measurement (${observations.length})`}
        </Button>
      }
    >
      <DataTable
        label="Other measurements"
        columns={all ? [...columns, code] : [...columns, countColumn(counts), code]}
        rows={shown}
        rowKey={(observation) => observation.id}
        highlightedKey={itemId}
      />
      {shown.length < rows.length ? (
        <Button onPress={() => setLimit(limit + page)}>
          Show {Math.min(page, rows.length - shown.length)} more of {rows.length}
        </Button>
      ) : null}
    </Panel>
  );
}

const categories: Readonly<Record<Observation["category"], string>> = {
  "vital-signs": "Vital sign",
  laboratory: "Laboratory",
  survey: "Survey",
  other: "Other",
};

const columns: Column<Observation>[] = [
  {
    id: "what",
    header: "Measurement",
    isRowHeader: true,
    wrap: true,
    sortBy: (row) => row.display,
    cell: (row) => row.display,
  },
  { id: "value", header: "Value", cell: observationValue },
  {
    id: "when",
    header: "When",
    sortBy: (row) => new Date(row.measured_at).getTime(),
    cell: (row) => formatMoment(row.measured_at),
  },
  { id: "category", header: "Kind", sortBy: (row) => row.category, cell: (row) => categories[row.category] },
];
const code: Column<Observation> = { id: "code", header: "Code", cell: (row) => codeWords(row.code, row.code_system) };

function countColumn(counts: ReadonlyMap<string, number>): Column<Observation> {
  return {
    id: "count",
    header: "Measured",
    cell: (row) => (counts.get(row.id) === 1 ? "once" : `${counts.get(row.id)} times`),
  };
}
