import { clinicalResponse } from "../../shared/clinical/clinical-response";
import { earlyWarningScore, type ScoreInput, type ScoreResult } from "../../shared/clinical/early-warning-score";
import type { ObservationSet } from "../../shared/clinical/observation-set";
import { formatDay, formatMoment, formatTime } from "../design/format";

/** What the score needs to know of the patient. */
export interface ScoredPatient {
  readonly birth_year: number | null;
  readonly pregnant: boolean;
}

function inputOf(set: ObservationSet, patient: ScoredPatient, takenAt: number): ScoreInput {
  return {
    respiratoryRate: set.respiratory_rate,
    oxygenSaturation: set.oxygen_saturation,
    spo2Scale: set.spo2_scale,
    onOxygen: set.on_oxygen,
    systolic: set.systolic,
    pulse: set.pulse,
    consciousness: set.consciousness,
    temperature: set.temperature,
    // The youngest that the patient can be: nobody who might be under 16 is scored.
    ageYears: patient.birth_year === null ? null : new Date(takenAt).getUTCFullYear() - patient.birth_year - 1,
    pregnant: patient.pregnant,
  };
}

const needed = [
  ["respiratory_rate", "respiratory rate"],
  ["oxygen_saturation", "oxygen saturation"],
  ["on_oxygen", "oxygen"],
  ["systolic", "systolic blood pressure"],
  ["pulse", "pulse"],
  ["consciousness", "consciousness"],
  ["temperature", "temperature"],
] as const satisfies readonly (readonly [keyof ObservationSet, string])[];

const complete: ObservationSet = {
  respiratory_rate: 16,
  oxygen_saturation: 97,
  spo2_scale: 1,
  on_oxygen: false,
  systolic: 120,
  diastolic: 80,
  pulse: 70,
  consciousness: "A",
  temperature: 37,
};

/** The score of what is typed so far, and its words. */
export interface LiveScore {
  readonly result: Extract<ScoreResult, { scored: true }> | null;
  /** In one sentence or two: the score and what it asks for, or why there is none. */
  readonly words: string;
  /** When the next set is due at the latest, in words; null without a score. */
  readonly due: string | null;
}

const listed = (words: readonly string[]) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** Scores the set as it stands. A patient of whom too little is known gets no score, and the words say so. */
export function liveScore(set: ObservationSet, patient: ScoredPatient | null, takenAt: number): LiveScore {
  const none = (words: string): LiveScore => ({ result: null, words, due: null });
  if (patient === null) return none("Not checked: it is not known yet whether NEWS2 applies to this patient.");
  // Asked of the scoring function itself, so that the reasons can never disagree with it.
  const applies = earlyWarningScore(inputOf(complete, patient, takenAt));
  if (!applies.scored)
    return none(
      applies.field === "pregnant"
        ? "No score: NEWS2 does not apply in pregnancy. Use the maternity chart."
        : "No score: NEWS2 does not apply under 16 years, and this patient may be younger.",
    );
  const open = needed.filter(([field]) => set[field] === null).map(([, word]) => word);
  if (open.length > 0) return none(`No score yet: ${listed(open)} ${open.length === 1 ? "is" : "are"} missing.`);
  const result = earlyWarningScore(inputOf(set, patient, takenAt));
  if (!result.scored) return none("No score: one of the figures is not possible.");
  const { monitoring, nextDueMinutes, response } = clinicalResponse(result);
  const three = result.singleRed ? " One value alone scores 3." : "";
  const by = new Date(takenAt + nextDueMinutes * 60_000).toISOString();
  const sameDay = formatDay(by) === formatDay(new Date(takenAt).toISOString());
  return {
    result,
    words: `${result.total}, ${result.band} risk.${three} ${response}`,
    due:
      nextDueMinutes === 0
        ? `${monitoring}.`
        : `${monitoring}: next set due by ${sameDay ? formatTime(by) : formatMoment(by)}.`,
  };
}
