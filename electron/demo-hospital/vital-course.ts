import type { DemoVitals } from "./demo-data";
import { demoFraction } from "./demo-ids";

export interface VitalSet {
  readonly hoursBeforeLatest: number;
  readonly respiratory_rate: number | null;
  readonly oxygen_saturation: number | null;
  readonly spo2_scale: 1 | 2;
  readonly on_oxygen: boolean | null;
  readonly systolic: number | null;
  readonly diastolic: number | null;
  readonly pulse: number | null;
  readonly consciousness: string | null;
  readonly temperature: number | null;
}

type Keyframe = DemoVitals["course"][number];

/** The keyframes around a time and how far it lies between them; a keyframe itself is met exactly. */
function around(course: readonly Keyframe[], hour: number): { before: Keyframe; after: Keyframe; share: number } {
  const first = course[0] as Keyframe;
  const index = course.findIndex((frame) => frame[0] <= hour);
  const after = course[index === -1 ? course.length - 1 : index] as Keyframe;
  const before = index <= 0 ? first : (course[index - 1] as Keyframe);
  const span = before[0] - after[0];
  return { before, after, share: span === 0 ? 1 : (before[0] - hour) / span };
}

function setAt(patient: string, vitals: DemoVitals, hour: number): VitalSet {
  const { before, after, share } = around(vitals.course, hour);
  const isKeyframe = vitals.course.some((frame) => frame[0] === hour);
  const between = (column: 1 | 2 | 4 | 5 | 6 | 8, sway: number, digits = 0): number => {
    const straight = before[column] + (after[column] - before[column]) * share;
    const moved = isKeyframe ? straight : straight + (demoFraction(patient, hour, column) - 0.5) * sway;
    return Number(moved.toFixed(digits));
  };
  // What is either one or the other keeps its earlier state until the keyframe that changes it.
  const state = share === 1 ? after : before;
  const set: VitalSet = {
    hoursBeforeLatest: hour,
    respiratory_rate: between(1, 2),
    oxygen_saturation: Math.min(100, between(2, 2)),
    spo2_scale: vitals.scale,
    on_oxygen: state[3] === 1,
    systolic: between(4, 8),
    diastolic: between(5, 6),
    pulse: between(6, 6),
    consciousness: state[7],
    temperature: between(8, 0.3, 1),
  };
  const missing = vitals.missing[String(hour)] ?? [];
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => [name, missing.includes(name) ? null : value]),
  ) as unknown as VitalSet;
}

/** A patient's sets of observations from the first keyframe to the last: every keyframe, and what lies between at the ward's rhythm. */
export function vitalCourse(patient: string, vitals: DemoVitals): VitalSet[] {
  const first = vitals.course[0]?.[0] ?? 0;
  const times = new Set(vitals.course.map((frame) => frame[0]));
  for (let hour = 0; hour <= first; hour += vitals.everyHours) {
    // No nurse takes a second set within the hour of another.
    if (![...times].some((taken) => Math.abs(taken - hour) < Math.min(1, vitals.everyHours))) times.add(hour);
  }
  return [...times].sort((one, other) => other - one).map((hour) => setAt(patient, vitals, hour));
}
