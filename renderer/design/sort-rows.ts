export type SortValue = string | number | null;
export interface SortOrder {
  readonly column: string;
  readonly direction: "ascending" | "descending";
}

/** Rows by one value; what has none comes last either way, and equal rows keep their places. */
export function sortRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  direction: SortOrder["direction"],
): Row[] {
  const sign = direction === "ascending" ? 1 : -1;
  return [...rows].sort((left, right) => {
    const one = valueOf(left);
    const other = valueOf(right);
    if (one === other) return 0;
    if (one === null) return 1;
    if (other === null) return -1;
    if (typeof one === "number" && typeof other === "number") return sign * (one - other);
    return sign * String(one).localeCompare(String(other), "en", { numeric: true });
  });
}

/**
 * The order to show while a pointer or the focus is in the table: what was there keeps its place, what is gone leaves,
 * and what is new waits at the end. A row must not move under a hand that is about to press it.
 */
export function keepPlaces<Row>(previous: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const kept = previous.flatMap((key) => {
    const row = byKey.get(key);
    byKey.delete(key);
    return row === undefined ? [] : [row];
  });
  return [...kept, ...byKey.values()];
}
