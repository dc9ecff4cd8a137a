/** Columns under their headings for a terminal; numbers stand to the right, words to the left. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => String(row[column] ?? "").length)),
  );
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) =>
        typeof cell === "number" ? String(cell).padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [headings, headings.map((_, column) => "-".repeat(widths[column] ?? 0)), ...rows]
    .map((row) => `  ${line(row)}`)
    .join("\n");
}
