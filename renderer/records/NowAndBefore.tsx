import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { Panel } from "../design/Panel";
import styles from "./records.module.css";

interface Part<Row> {
  /** Heading of the panel. */
  readonly title: string;
  /** Name of the table. */
  readonly label: string;
  readonly rows: readonly Row[];
}

export interface NowAndBeforeProps<Row> {
  /** What counts now; its panel is there also when it is empty. */
  readonly now: Part<Row>;
  /** The rest, where there is any. */
  readonly before: Part<Row>;
  /** In the place of the rows where nothing counts now. */
  readonly none: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly highlightedKey: string | undefined;
}

/** Rows of a chart in two tables of the same columns: those that count now, then those that did. */
export function NowAndBefore<Row>({ now, before, none, ...table }: NowAndBeforeProps<Row>) {
  const empty = <EmptyState title={none} />;
  return (
    <div className={styles.stack}>
      <Panel title={now.title} aside={`${now.rows.length}`}>
        <DataTable {...table} label={now.label} rows={now.rows} empty={empty} />
      </Panel>
      {before.rows.length > 0 ? (
        <Panel title={before.title} aside={`${before.rows.length}`}>
          <DataTable {...table} label={before.label} rows={before.rows} empty={empty} />
        </Panel>
      ) : null}
    </div>
  );
}
