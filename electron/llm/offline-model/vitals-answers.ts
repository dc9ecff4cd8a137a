import type { Score, VitalSigns } from "../../../shared/clinical/chart";
import { consciousnessWords, figure, laboratoryNames, measures, observed } from "./measures";
import { age, count, link, plain, recorded, series, when } from "./say";
import { called, failed, type PatientAnswer } from "./scene";
import { trendOf } from "./trend-answer";

const noneRecorded = "no observations recorded";

/** The latest set, every figure of it, with its score. */
export const vitalsAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_vital_signs", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const sets = found.value.vital_signs;
  const [latest] = sets;
  if (!latest) return `${called(patient)}: ${noneRecorded}.`;
  const lines = [
    `${called(patient)}, latest observations, ${link(recorded(latest.recorded_at, now), patient.id, "vitals", latest.id)}:`,
    "",
  ];
  const [respiratory, saturation, pulse, temperature] = [
    "respiratory_rate",
    "oxygen_saturation",
    "pulse",
    "temperature",
  ].map((key) => measures.find((measure) => measure.key === key));
  const oxygen = latest.on_oxygen === null ? "oxygen not recorded" : latest.on_oxygen ? "on oxygen" : "on air";
  if (respiratory) lines.push(`- Respiratory rate ${figure(respiratory, latest)}`);
  if (saturation)
    lines.push(
      `- Oxygen saturation ${figure(saturation, latest)}, ${oxygen}, ${latest.spo2_scale === null ? "scale not recorded" : `scale ${latest.spo2_scale}`}`,
    );
  lines.push(`- Blood pressure ${pressure(latest)}`);
  if (pulse) lines.push(`- Pulse ${figure(pulse, latest)}`);
  if (temperature) lines.push(`- Temperature ${figure(temperature, latest)}`);
  lines.push(
    `- Consciousness ${latest.consciousness === null ? "not recorded" : consciousnessWords[latest.consciousness]}`,
  );
  lines.push(`- ${scoreLine(latest.score)}`);
  if (!ask.trend) return lines.join("\n");
  const trends = measures
    .map((measure) => trendOf(sets, measure, ask.window, now)?.sentence(patient.id))
    .filter((line) => line !== undefined);
  return [...lines, "", ...trends.map((line) => `- ${line}`)].join("\n");
};

/** One or more figures: the latest, and how they went where that is asked. */
export const measureAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_vital_signs", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const sets = found.value.vital_signs;
  const keys = new Set(ask.measures.map((measure) => measure.key));
  const parts: string[] = [];
  for (const measure of ask.measures) {
    if (measure.key === "diastolic" && keys.has("systolic") && !ask.trend) continue;
    const set = sets.find((one) => one[measure.key] !== null);
    if (!set) {
      parts.push(`${measure.name}: not recorded.`);
      continue;
    }
    const both = measure.key === "systolic" && keys.has("diastolic");
    const latest = both ? `Blood pressure **${pressure(set)}**` : `${measure.name} **${figure(measure, set)}**`;
    const oxygen =
      measure.key === "oxygen_saturation" && set.on_oxygen !== null ? (set.on_oxygen ? " on oxygen" : " on air") : "";
    const missing = set === sets[0] ? "" : " The newest set of observations has none.";
    if (!(ask.trend && measure.key === "diastolic" && keys.has("systolic")))
      parts.push(
        `${latest}${oxygen}, ${link(recorded(set.recorded_at, now), patient.id, "vitals", set.id)}.${missing}`,
      );
    if (ask.trend)
      parts.push(
        trendOf(sets, measure, ask.window, now)?.text(patient.id) ??
          `${measure.name}: no second reading to compare with.`,
      );
  }
  if (/fever|febrile|pyrexi/u.test(ask.words) && sets.length > 0)
    parts.push("Whether that is a fever is for you to judge.");
  return `${called(patient)}: ${parts.join("\n\n")}`;
};

/** The score, what it is made of, and how old that is. */
export const scoreAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_vital_signs", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const [latest] = found.value.vital_signs;
  if (!latest) return `${called(patient)}: ${noneRecorded}, so there is no early warning score.`;
  const { score } = latest;
  const source = link(recorded(latest.recorded_at, now), patient.id, "vitals", latest.id);
  const lines = [`${called(patient)}: ${scoreLine(score)}, ${source}.`];
  if (score.parts) {
    const { parts } = score;
    const shown: readonly (readonly [string, number])[] = [
      [`respiratory rate ${latest.respiratory_rate} /min`, parts.respiratoryRate],
      [`oxygen saturation ${latest.oxygen_saturation} % (scale ${latest.spo2_scale ?? 1})`, parts.oxygenSaturation],
      [latest.on_oxygen ? "on oxygen" : "on air", parts.oxygen],
      [`systolic blood pressure ${latest.systolic} mmHg`, parts.systolic],
      [`pulse ${latest.pulse} /min`, parts.pulse],
      [latest.consciousness === null ? "consciousness" : consciousnessWords[latest.consciousness], parts.consciousness],
      [`temperature ${latest.temperature?.toFixed(1)} °C`, parts.temperature],
    ];
    const counted = shown.filter(([, points]) => points > 0);
    lines.push("", ...counted.map(([words, points]) => `- ${words}: ${count(points, "point")}`));
    const rest = shown.filter(([, points]) => points === 0).map(([words]) => words);
    if (rest.length > 0) lines.push(`- no points for ${series(rest)}`);
    if (score.single_red) lines.push("", "One figure alone scores 3.");
  }
  const totals = found.value.vital_signs
    .filter((set) => set.score.total !== null)
    .slice(0, 6)
    .toReversed();
  if (ask.trend && totals.length > 1)
    lines.push(
      "",
      `Scores, oldest first: ${totals.map((set) => `${link(String(set.score.total), patient.id, "vitals", set.id)} (${when(set.recorded_at, now)})`).join(", ")}.`,
    );
  return lines.join("\n");
};

/** Laboratory and other measurements: those that are named, or the newest of each. */
export const laboratoryAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_vital_signs", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const all = found.value.observations.toSorted(
    (one, other) => Date.parse(other.measured_at) - Date.parse(one.measured_at),
  );
  const named = laboratoryNames.filter((one) => ask.laboratory.includes(one.name));
  const lines: string[] = [];
  for (const one of named) {
    const matching = all.filter((observation) => one.display.test(observation.display)).slice(0, ask.trend ? 6 : 1);
    if (matching.length === 0) lines.push(`- ${one.name}: not recorded`);
    for (const observation of matching) lines.push(observationLine(observation));
  }
  if (named.length === 0) {
    const newest = [
      ...new Map(all.toReversed().map((observation) => [observation.code, observation])).values(),
    ].toReversed();
    const chosen = newest.filter((observation) => observation.category === "laboratory");
    const shown = (chosen.length > 0 ? chosen : newest).slice(0, 12);
    lines.push(...shown.map(observationLine));
    if (newest.length > shown.length)
      lines.push(
        `- ${count(newest.length - shown.length, "more kind")} of measurement on ${link("Vitals", patient.id, "vitals")}`,
      );
  }
  if (lines.length === 0) return `${called(patient)}: no laboratory results or other measurements recorded.`;
  return [
    `${called(patient)}, ${named.length > 0 ? "measurements" : "newest of each measurement"}:`,
    "",
    ...lines,
  ].join("\n");

  function observationLine(observation: (typeof all)[number]): string {
    const source = link(
      `${when(observation.measured_at, now)}, ${age(observation.measured_at, now)}`,
      patient.id,
      "vitals",
      observation.id,
    );
    return `- ${plain(observation.display)} **${plain(observed(observation))}**, ${source}`;
  }
};

/** `NEWS2 **7** (high)`, or why there is none. */
export function scoreLine(score: Score): string {
  if (score.total === null) return `NEWS2 not scored: ${plain(score.not_scored_because ?? "no reason recorded")}`;
  return `NEWS2 **${score.total}**${score.band ? ` (${score.band})` : ""}`;
}

function pressure(set: VitalSigns): string {
  return set.systolic === null && set.diastolic === null
    ? "not recorded"
    : `${set.systolic ?? "not recorded"}/${set.diastolic ?? "not recorded"} mmHg`;
}
