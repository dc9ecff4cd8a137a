import type { VitalSigns } from "../../shared/clinical/chart";

/** A line of the trend: a number of each set. */
export type SeriesField = "respiratory_rate" | "oxygen_saturation" | "systolic" | "diastolic" | "pulse" | "temperature";

export interface VitalSeries {
  /** Seconds since 1970, rising; a gap has a moment of its own. */
  readonly times: readonly number[];
  /** The set at each moment; null where a gap is. */
  readonly sets: readonly (VitalSigns | null)[];
  readonly values: Readonly<Record<SeriesField, readonly (number | null)[]>>;
}

const secondsOf = (set: VitalSigns): number => new Date(set.recorded_at).getTime() / 1000;

/**
 * The sets as lines over time, oldest first. Where nothing was measured for longer than `gapHours` an empty moment is
 * put between, so that no line bridges hours of which nobody knows anything.
 */
export function vitalSeries(newestFirst: readonly VitalSigns[], gapHours = 12): VitalSeries {
  const oldestFirst = [...newestFirst].sort((one, other) => secondsOf(one) - secondsOf(other));
  const times: number[] = [];
  const sets: (VitalSigns | null)[] = [];
  for (const set of oldestFirst) {
    const at = secondsOf(set);
    const before = times.at(-1);
    if (before !== undefined && at - before > gapHours * 3600) {
      times.push((before + at) / 2);
      sets.push(null);
    }
    // Two sets of one moment must not share a place on the axis.
    times.push(before !== undefined && at <= before ? before + 1 : at);
    sets.push(set);
  }
  const valuesOf = (field: SeriesField) => sets.map((set) => set?.[field] ?? null);
  return {
    times,
    sets,
    values: {
      respiratory_rate: valuesOf("respiratory_rate"),
      oxygen_saturation: valuesOf("oxygen_saturation"),
      systolic: valuesOf("systolic"),
      diastolic: valuesOf("diastolic"),
      pulse: valuesOf("pulse"),
      temperature: valuesOf("temperature"),
    },
  };
}

/** The nearest real set in a direction; stays where it is at the ends. */
export function stepToSet(sets: readonly (VitalSigns | null)[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < sets.length; at += step) if (sets[at]) return at;
  return from;
}

/** The real set nearest to a moment on the axis; null when there is none. */
export function nearestSet(series: VitalSeries, seconds: number): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  series.times.forEach((time, at) => {
    const away = Math.abs(time - seconds);
    if (series.sets[at] && away < least) {
      least = away;
      best = at;
    }
  });
  return best;
}
