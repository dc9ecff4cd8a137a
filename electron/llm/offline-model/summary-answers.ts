import { allergiesAnswer } from "./allergies-answer";
import { medicationsAnswer } from "./medicines-answers";
import { adviceRefusal } from "./plain-answers";
import { diagnosesAnswer } from "./records-answers";
import type { PatientAnswer } from "./scene";
import { overviewAnswer } from "./stay-answers";
import type { Ask } from "./understand";
import { vitalsAnswer } from "./vitals-answers";

/** Several sections as one: each asks for its look-ups before any is missing, so that all go out together. */
function joined(parts: readonly PatientAnswer[], simplify: (ask: Ask) => Ask, head?: string): PatientAnswer {
  return (patient, ask, scene) => {
    const sections = parts.map((part) => part(patient, simplify(ask), scene));
    if (sections.some((section) => section === undefined)) return undefined;
    return [...(head ? [head] : []), ...new Set(sections)].join("\n\n");
  };
}

const bare = (ask: Ask): Ask => ({ ...ask, named: [], trend: false, measures: [], laboratory: [] });

/** A patient in short: who, allergies, latest observations, diagnoses, medicines. */
export const summaryAnswer = joined(
  [overviewAnswer, allergiesAnswer, vitalsAnswer, diagnosesAnswer, medicationsAnswer],
  bare,
);

/** To a question for advice: no advice, and the facts that bear on it. */
export const adviceAnswer = joined([allergiesAnswer, medicationsAnswer, vitalsAnswer], bare, adviceRefusal);
