import type { Score, VitalSigns } from "../../shared/clinical/chart";
import { formatMoment } from "../design/format";

export const consciousnessWords: Readonly<Record<NonNullable<VitalSigns["consciousness"]>, string>> = {
  A: "Alert",
  C: "New confusion",
  V: "Voice",
  P: "Pain",
  U: "Unresponsive",
};

export const missing = "Not measured";

/** A figure with its unit, or in words that there is none. */
export function measured(value: number | null, unit: string, digits = 0): string {
  return value === null ? missing : `${digits === 0 ? String(value) : value.toFixed(digits)}${unit}`;
}

export function pressureWords({ systolic, diastolic }: Pick<VitalSigns, "systolic" | "diastolic">): string {
  if (systolic === null && diastolic === null) return missing;
  return `${systolic ?? "not measured"}/${diastolic ?? "not measured"} mmHg`;
}

export function oxygenWords(onOxygen: boolean | null): string {
  return onOxygen === null ? "Not recorded" : onOxygen ? "On oxygen" : "Air";
}

/** The score in words: total and band, or why there is none. */
export function scoreWords(score: Score): string {
  if (score.total === null) return `not scored: ${score.not_scored_because ?? "reason not given"}`;
  return `score ${score.total}, ${score.band ?? "band not given"}`;
}

/** One set in one line, for the cursor of the trend and for a screen reader. */
export function setWords(set: VitalSigns): string {
  return [
    formatMoment(set.recorded_at),
    scoreWords(set.score),
    `respiratory rate ${measured(set.respiratory_rate, "/min")}`,
    `oxygen saturation ${measured(set.oxygen_saturation, " %")}, ${oxygenWords(set.on_oxygen)}`,
    `blood pressure ${pressureWords(set)}`,
    `pulse ${measured(set.pulse, "/min")}`,
    `temperature ${measured(set.temperature, " °C", 1)}`,
    set.consciousness === null ? "consciousness not recorded" : consciousnessWords[set.consciousness],
  ].join("; ");
}

/** Who recorded a set; where it was typed while the network was away, or by somebody else, it says so. */
export function recorderWords(set: Pick<VitalSigns, "recorded_by" | "origin" | "entered_by">): string {
  const by = set.recorded_by ?? "Not recorded";
  const typed = set.entered_by ? `, typed by ${set.entered_by}` : "";
  return `${by}${typed}${set.origin === "outbox" ? ", sent later" : ""}`;
}
