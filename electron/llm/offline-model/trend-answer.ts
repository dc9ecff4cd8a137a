import type { VitalSigns } from "../../../shared/clinical/chart";
import type { Measure } from "./measures";
import { count, link, when } from "./say";
import type { TimeWindow } from "./time-window";

export interface Trend {
  /** One sentence: from what to what, both linked, over how long, by how many readings. */
  readonly sentence: (patientId: string) => string;
  /** The sentence with the readings behind it, each linked. */
  readonly text: (patientId: string) => string;
}

const mostReadings = 8;

/** How one figure went: in the window that was asked for, else over the last day, else over the last readings. */
export function trendOf(
  sets: readonly VitalSigns[],
  measure: Measure,
  window: TimeWindow | undefined,
  now: Date,
): Trend | undefined {
  const all = sets
    .map((set) => ({ id: set.id, at: set.recorded_at, value: set[measure.key] }))
    .filter((reading): reading is { id: string; at: string; value: number } => reading.value !== null)
    .toSorted((one, other) => new Date(one.at).getTime() - new Date(other.at).getTime());
  const from = window?.from ?? new Date(now.getTime() - 86_400_000);
  const inside = all.filter((reading) => new Date(reading.at) >= from);
  const readings = window || inside.length > 1 ? inside : all.slice(-6);
  const words = window?.words ?? (readings === inside ? "in the last 24 hours" : "over the last readings");
  const first = readings[0];
  const last = readings.at(-1);
  const show = (value: number) => (measure.key === "temperature" ? value.toFixed(1) : String(value));
  if (!first || !last || readings.length < 2) {
    if (!window) return undefined;
    const sentence = `${measure.name}: ${count(readings.length, "reading")} ${words}, too few to say how it went.`;
    return { sentence: () => sentence, text: () => sentence };
  }
  const change = Math.round((last.value - first.value) * 10) / 10;
  const values = readings.map((reading) => reading.value);
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const size = `${show(Math.abs(change))} ${measure.unit}`;
  const course =
    Math.abs(change) < measure.noise
      ? highest - lowest >= measure.noise * 2
        ? `went up and down and is where it was`
        : "stayed about the same"
      : `went ${change > 0 ? "up" : "down"} by ${size}`;
  const moment = (reading: typeof first, patientId: string) =>
    link(when(reading.at, now), patientId, "vitals", reading.id);
  const span = (patientId: string) =>
    `from ${show(first.value)} (${moment(first, patientId)}) to ${show(last.value)} ${measure.unit} (${moment(last, patientId)})`;
  const sentence = (patientId: string) =>
    `${measure.name} ${course} ${words}: ${span(patientId)}, ${count(readings.length, "reading")}, lowest ${show(lowest)}, highest ${show(highest)}.`;
  const text = (patientId: string) => {
    const shown = readings.slice(-mostReadings);
    const rows = shown.map(
      (reading) => `${link(show(reading.value), patientId, "vitals", reading.id)} (${when(reading.at, now)})`,
    );
    const left = readings.length - shown.length;
    return `${sentence(patientId)}\nReadings, oldest first: ${rows.join(", ")}${left > 0 ? `; ${left} earlier ones are on the Vitals tab` : ""}.`;
  };
  return { sentence, text };
}
