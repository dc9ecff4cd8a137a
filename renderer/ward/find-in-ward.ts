import type { WardRow } from "../../shared/clinical/chart";

/** The rows whose name, patient number or bed holds every word that was typed. */
export function findInWard(rows: readonly WardRow[], typed: string): readonly WardRow[] {
  const words = typed
    .toLocaleLowerCase("en")
    .split(/[\s,]+/u)
    .filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${row.name} ${row.patient_id} ${row.bed ?? ""}`.toLocaleLowerCase("en");
    return words.every((word) => text.includes(word));
  });
}
