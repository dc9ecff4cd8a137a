import type { VitalSigns } from "../../shared/clinical/chart";
import { type Column, DataTable } from "../design/DataTable";
import { formatMoment } from "../design/format";
import { PointsBadge, ScoreBadge } from "../design/ScoreBadge";
import styles from "./SetsTable.module.css";
import { consciousnessWords, measured, missing, oxygenWords, pressureWords, recorderWords } from "./vital-words";

export interface SetsTableProps {
  readonly sets: readonly VitalSigns[];
  readonly itemId: string | undefined;
}

/** Every set with its score, the points of each part beside its figure, and the reason where there is no score. */
export function SetsTable({ sets, itemId }: SetsTableProps) {
  return (
    <DataTable
      label="Sets of observations"
      columns={columns}
      rows={sets}
      rowKey={(set) => set.id}
      highlightedKey={itemId}
    />
  );
}

type Part = keyof NonNullable<VitalSigns["score"]["parts"]>;

function Figure({ set, words, part }: { readonly set: VitalSigns; readonly words: string; readonly part: Part }) {
  const points = set.score.parts?.[part];
  return (
    <>
      {words === missing ? <span className={styles.missing}>{words}</span> : words}
      {points !== undefined && points > 0 ? (
        <>
          {" "}
          <span className="visually-hidden">points</span>
          <PointsBadge points={points} />
        </>
      ) : null}
    </>
  );
}

const columns: Column<VitalSigns>[] = [
  {
    id: "when",
    header: "When",
    isRowHeader: true,
    sortBy: (set) => new Date(set.recorded_at).getTime(),
    cell: (set) => formatMoment(set.recorded_at),
  },
  {
    id: "score",
    header: "Score",
    wrap: true,
    sortBy: (set) => set.score.total,
    cell: (set) => <ScoreBadge score={set.score} />,
  },
  {
    id: "rr",
    header: "Resp. rate",
    cell: (set) => <Figure set={set} part="respiratoryRate" words={measured(set.respiratory_rate, "/min")} />,
  },
  {
    id: "spo2",
    header: "SpO2",
    cell: (set) => (
      <>
        <Figure set={set} part="oxygenSaturation" words={measured(set.oxygen_saturation, " %")} />
        {set.spo2_scale === 2 ? " scale 2" : null}
      </>
    ),
  },
  {
    id: "oxygen",
    header: "Oxygen",
    cell: (set) => <Figure set={set} part="oxygen" words={oxygenWords(set.on_oxygen)} />,
  },
  {
    id: "pressure",
    header: "Blood pressure",
    cell: (set) => <Figure set={set} part="systolic" words={pressureWords(set)} />,
  },
  {
    id: "pulse",
    header: "Pulse",
    cell: (set) => <Figure set={set} part="pulse" words={measured(set.pulse, "/min")} />,
  },
  {
    id: "consciousness",
    header: "Consciousness",
    cell: (set) => (
      <Figure
        set={set}
        part="consciousness"
        words={set.consciousness === null ? "Not recorded" : consciousnessWords[set.consciousness]}
      />
    ),
  },
  {
    id: "temperature",
    header: "Temp.",
    cell: (set) => <Figure set={set} part="temperature" words={measured(set.temperature, " °C", 1)} />,
  },
  { id: "by", header: "By", wrap: true, cell: recorderWords },
];
