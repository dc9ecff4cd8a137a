import type { Score } from "../../shared/clinical/chart";

/**
 * After how many minutes a scored set is older than the chart asks for. Source: Royal College of Physicians, NEWS2, 2017,
 * chart 4: at least every 12 hours at 0, every 4 to 6 hours at 1 to 4, hourly from 5 or with a single 3, continuous from 7;
 * for continuous monitoring a charted figure of 30 minutes is already old.
 */
export function observationInterval(score: Score): number {
  if (score.total === null || score.band === null) return 360;
  if (score.band === "high") return 30;
  if (score.band === "medium" || score.band === "low-medium") return 60;
  return score.total === 0 ? 720 : 360;
}
