import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { classes } from "./classes";
import styles from "./DataTable.module.css";
import { moveRowFocus } from "./row-focus";
import { keepPlaces, type SortOrder, type SortValue, sortRows } from "./sort-rows";

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Makes the header a button that sorts by this value. */
  readonly sortBy?: (row: Row) => SortValue;
  /** Makes the header a button where the rows come in order from elsewhere (`order`). */
  readonly sorts?: boolean;
  /** The cell that names the row. */
  readonly isRowHeader?: boolean;
  readonly align?: "start" | "end";
  /** A CSS width, such as `8rem`. */
  readonly width?: string;
  /** Lets long text wrap; names, doses and figures never do. */
  readonly wrap?: boolean;
}

export interface DataTableProps<Row> {
  /** Name of the table. */
  readonly label: string;
  /** Shows the name above the table; else only aids read it. */
  readonly showLabel?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** What a click on a row does beside its own link; the link stays the way by keyboard. */
  readonly onOpen?: (row: Row) => void;
  readonly initialSort?: SortOrder;
  /** The order in which the rows come, where they are one page of many; the headers then ask for another. */
  readonly order?: { readonly now: SortOrder; readonly ask: (order: SortOrder) => void };
  /** A row to scroll to and mark. */
  readonly highlightedKey?: string | undefined;
  /** Shown in place of rows when there are none. */
  readonly empty?: ReactNode;
  /** Fills its container's height and scrolls inside, the header staying in sight. */
  readonly fill?: boolean;
}

/** A real table: sticky header, sorting by header, arrow keys from row to row, rows that never move under the pointer. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, highlightedKey, onOpen } = props;
  const [ownSort, setSort] = useState<SortOrder | undefined>(props.initialSort);
  const sort = props.order?.now ?? ownSort;
  const sortable = (column: Column<Row>) => (props.order ? column.sorts === true : column.sortBy !== undefined);
  const held = useRef(false);
  const shownOrder = useRef<{ sort: SortOrder | undefined; keys: readonly string[] }>({ sort, keys: [] });
  const [, release] = useState(0);
  const highlighted = useRef<HTMLTableRowElement>(null);

  const valueOf = columns.find((column) => column.id === sort?.column)?.sortBy;
  const ordered = sort && valueOf ? sortRows(rows, valueOf, sort.direction) : rows;
  const steady = held.current && shownOrder.current.sort === sort;
  const shown = steady ? keepPlaces(shownOrder.current.keys, ordered, rowKey) : ordered;
  useEffect(() => {
    shownOrder.current = { sort, keys: shown.map(rowKey) };
  });
  useEffect(() => {
    if (highlightedKey) highlighted.current?.scrollIntoView({ block: "center" });
  }, [highlightedKey]);

  const letGo = () => {
    held.current = false;
    release((count) => count + 1);
  };
  const toggle = (column: string) =>
    (props.order?.ask ?? setSort)({
      column,
      direction: sort?.column === column && sort.direction === "ascending" ? "descending" : "ascending",
    });

  return (
    // a region that scrolls must be reachable by keyboard
    <div
      className={classes(styles.scroll, props.fill && styles.fill)}
      role="group"
      aria-label={`${props.label}, scrolls`}
      tabIndex={0}
    >
      <table className={styles.table} aria-label={props.showLabel ? undefined : props.label}>
        {props.showLabel ? <caption className={styles.caption}>{props.label}</caption> : null}
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classes(styles.head, column.align === "end" && styles.end)}
                style={column.width ? { width: column.width } : undefined}
                aria-sort={sort?.column === column.id ? sort.direction : sortable(column) ? "none" : undefined}
              >
                {sortable(column) ? (
                  <button type="button" className={styles.sort} onClick={() => toggle(column.id)}>
                    {column.header}
                    {sort?.column === column.id ? <SortSign direction={sort.direction} /> : null}
                  </button>
                ) : (
                  column.header
                )}
              </th>
            ))}
          </tr>
        </thead>
        {/* arrow keys only move the focus between the rows' own links */}
        <tbody
          onKeyDown={moveRowFocus}
          onPointerEnter={() => {
            held.current = true;
          }}
          onPointerLeave={letGo}
          onFocus={() => {
            held.current = true;
          }}
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) letGo();
          }}
        >
          {shown.map((row) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                ref={key === highlightedKey ? highlighted : undefined}
                data-highlighted={key === highlightedKey || undefined}
                className={classes(styles.row, onOpen && styles.opens)}
                onClick={onOpen ? (event) => openUnlessHandled(event.target, () => onOpen(row)) : undefined}
              >
                {columns.map((column) => {
                  const Cell = column.isRowHeader ? "th" : "td";
                  return (
                    <Cell
                      key={column.id}
                      scope={column.isRowHeader ? "row" : undefined}
                      className={classes(styles.cell, column.align === "end" && styles.end, column.wrap && styles.wrap)}
                    >
                      {column.cell(row)}
                    </Cell>
                  );
                })}
              </tr>
            );
          })}
          {shown.length === 0 && props.empty ? (
            <tr>
              <td colSpan={columns.length}>{props.empty}</td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

function SortSign({ direction }: { readonly direction: SortOrder["direction"] }) {
  return direction === "ascending" ? <ArrowUp aria-hidden size={14} /> : <ArrowDown aria-hidden size={14} />;
}

/** A link or button inside the row does its own work; a selection of text is not a click. */
function openUnlessHandled(target: EventTarget, open: () => void): void {
  if (target instanceof Element && target.closest("a, button, input, select")) return;
  if (window.getSelection()?.toString()) return;
  open();
}
