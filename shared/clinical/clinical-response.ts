import type { ScoreResult } from "./early-warning-score";

/**
 * What a NEWS2 total asks for. Source: Royal College of Physicians, NEWS2, 2017, chart 4 "Clinical response to the NEWS
 * trigger thresholds"; shortened, never changed. A suggestion to a clinician, whose judgement may ask for more.
 */
export interface ClinicalResponse {
  /** How often the next sets are due, at the least. */
  readonly monitoring: string;
  /** Minutes until the next set at the latest; 0 for continuous monitoring. */
  readonly nextDueMinutes: number;
  readonly response: string;
}

type Scored = Extract<ScoreResult, { scored: true }>;

export function clinicalResponse({ total, band }: Pick<Scored, "total" | "band">): ClinicalResponse {
  if (band === "high")
    return {
      monitoring: "Continuous monitoring of vital signs",
      nextDueMinutes: 0,
      response:
        "Emergency: inform the medical team at once, at least at specialist registrar level; assessment by a team with critical care competencies.",
    };
  if (band === "medium")
    return {
      monitoring: "At least every hour",
      nextDueMinutes: 60,
      response:
        "Urgent: inform the medical team at once; urgent assessment by a clinician with competence in acute illness.",
    };
  if (band === "low-medium")
    return {
      monitoring: "At least every hour",
      nextDueMinutes: 60,
      response: "A single 3: inform the medical team, who review and decide whether care must be escalated.",
    };
  if (total === 0)
    return { monitoring: "At least every 12 hours", nextDueMinutes: 720, response: "Continue routine monitoring." };
  return {
    monitoring: "At least every 4 to 6 hours",
    nextDueMinutes: 360,
    response: "A registered nurse assesses the patient and decides on more frequent monitoring or escalation of care.",
  };
}
