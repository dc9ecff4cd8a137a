import type { SeriesField } from "./vital-series";

/** One row of the trend: its lines, its axis, and whose points its bands show. */
export interface PlotRow {
  readonly title: string;
  readonly unit: string;
  readonly fields: readonly SeriesField[];
  readonly part: "respiratoryRate" | "oxygenSaturation" | "systolic" | "pulse" | "temperature";
  /** What the axis always shows; it widens when a value lies outside. */
  readonly range: readonly [low: number, high: number];
  readonly limits: readonly [low: number, high: number];
}

/** The rows from top to bottom, in the order of the RCP chart. */
export const plotRows: readonly PlotRow[] = [
  {
    title: "Respiratory rate",
    unit: "/min",
    fields: ["respiratory_rate"],
    part: "respiratoryRate",
    range: [6, 30],
    limits: [0, 100],
  },
  {
    title: "Oxygen saturation",
    unit: "%",
    fields: ["oxygen_saturation"],
    part: "oxygenSaturation",
    range: [84, 100],
    limits: [0, 100],
  },
  {
    title: "Blood pressure",
    unit: "mmHg",
    fields: ["systolic", "diastolic"],
    part: "systolic",
    range: [50, 200],
    limits: [0, 350],
  },
  { title: "Pulse", unit: "/min", fields: ["pulse"], part: "pulse", range: [35, 135], limits: [0, 350] },
  {
    title: "Temperature",
    unit: "°C",
    fields: ["temperature"],
    part: "temperature",
    range: [34.5, 39.5],
    limits: [20, 45],
  },
];

/** The axis of a row for its values: the usual range, widened to hold every value. */
export function axisOf(row: PlotRow, values: readonly (number | null)[]): readonly [number, number] {
  const present = values.filter((value): value is number => value !== null);
  const margin = row.part === "temperature" ? 0.3 : 2;
  const low = Math.min(row.range[0], ...present.map((value) => value - margin));
  const high = Math.max(row.range[1], ...present.map((value) => value + margin));
  return [Math.max(row.limits[0], low), Math.min(row.limits[1], high)];
}
