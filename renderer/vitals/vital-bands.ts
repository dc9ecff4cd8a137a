import { earlyWarningScore, type ScoreInput, type Spo2Scale } from "../../shared/clinical/early-warning-score";

/** A stretch of a value's axis that scores the same points. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly points: 0 | 1 | 2 | 3;
}

type Part = "respiratoryRate" | "oxygenSaturation" | "systolic" | "pulse" | "temperature";

const normal: ScoreInput = {
  respiratoryRate: 16,
  oxygenSaturation: 97,
  spo2Scale: 1,
  onOxygen: false,
  systolic: 120,
  pulse: 70,
  consciousness: "A",
  temperature: 37,
};

/**
 * The bands behind a trend, asked of the scoring function itself value by value, so that a plot can never disagree with
 * a score. On scale 2 the bands depend on oxygen; they are drawn for a patient on air.
 */
export function bandsOf(part: Part, from: number, to: number, scale: Spo2Scale = 1): readonly Band[] {
  const step = part === "temperature" ? 0.1 : 1;
  const bands: Band[] = [];
  const count = Math.round((to - from) / step);
  for (let at = 0; at <= count; at++) {
    const value = Number((from + at * step).toFixed(1));
    const result = earlyWarningScore({ ...normal, spo2Scale: scale, [part]: value });
    if (!result.scored) continue;
    const points = result.parts[part] as Band["points"];
    const last = bands.at(-1);
    // A band reaches half a step beyond its values, so that neighbours touch.
    const edge = { from: Math.max(from, value - step / 2), to: Math.min(to, value + step / 2) };
    if (last?.points === points) bands[bands.length - 1] = { ...last, to: edge.to };
    else bands.push({ ...edge, points });
  }
  return bands;
}
