import { type HealthCheck, healthChecks } from "../../shared/workstation/health";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { CheckState } from "./CheckState";
import { GaugeBar } from "./GaugeBar";
import { gaugesOf } from "./gauges";
import styles from "./HealthTable.module.css";
import { figureWords } from "./health-words";

const columns: readonly Column<HealthCheck>[] = [
  { id: "check", header: "Check", isRowHeader: true, width: "9rem", cell: ({ name }) => healthChecks[name] },
  { id: "state", header: "State", width: "9rem", cell: ({ state }) => <CheckState state={state} /> },
  {
    id: "found",
    header: "What was found",
    wrap: true,
    cell: ({ message, figures }) => (
      <div className={styles.found}>
        <div className={styles.words}>
          <div>{message}</div>
          <Figures figures={figures} />
        </div>
        <div className={styles.gauges}>
          {gaugesOf(figures).map((gauge) => (
            <GaugeBar key={gauge.words} gauge={gauge} />
          ))}
        </div>
      </div>
    ),
  },
];

/** One row a check, always in the same order: who looks every day knows where to look. */
export function HealthTable({ checks }: { readonly checks: readonly HealthCheck[] }) {
  return (
    <DataTable
      label="Health"
      columns={columns}
      rows={checks}
      rowKey={({ name }) => name}
      empty={<EmptyState title="Nothing was looked at">Check again; if this stays, the log says why.</EmptyState>}
    />
  );
}

function Figures({ figures }: { readonly figures: HealthCheck["figures"] }) {
  const all = Object.entries(figures).map(([name, value]) => figureWords(name, value));
  if (all.length === 0) return null;
  return (
    <ul className={styles.figures}>
      {all.map(({ name, value }) => (
        <li key={name}>
          {name} <span className={styles.value}>{value}</span>
        </li>
      ))}
    </ul>
  );
}
