import type { KeyboardEvent } from "react";

const pressable = "a[href], button:not([disabled]), [role='link']";

/** Which row an arrow key leads to; null when the key is not for moving. */
export function nextRow(key: string, current: number, count: number): number | null {
  const to = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    Home: 0,
    End: count - 1,
    PageDown: current + 10,
    PageUp: current - 10,
  }[key];
  return to === undefined || count === 0 ? null : Math.max(0, Math.min(count - 1, to));
}

/** Moves the focus from one row's first link to the next row's, by arrow keys, Home, End and Page keys. */
export function moveRowFocus(event: KeyboardEvent<HTMLTableSectionElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.rows].filter((row) => row.querySelector(pressable));
  const current = rows.findIndex((row) => row.contains(event.target as Node));
  const next = current < 0 ? null : nextRow(event.key, current, rows.length);
  if (next === null) return;
  event.preventDefault();
  rows[next]?.querySelector<HTMLElement>(pressable)?.focus();
}
