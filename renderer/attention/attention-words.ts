import type { AnyObservationSet } from "../../shared/clinical/observation-set";
import type { RefusalReason, RefusedObservation } from "../../shared/clinical/refused-observation";
import { consciousnessWords, measured, oxygenWords, pressureWords } from "../vitals/vital-words";

/** Why an entry was not stored, for the colleague who decides about it. */
export const reasonWords: Readonly<Record<RefusalReason, string>> = {
  malformed: "The entry could not be read as a set of observations.",
  "wrong-author": "The entry names another person, session or workstation than the one that vouches for it.",
  "person-disabled": "The account of who entered it was closed before it arrived.",
  "session-revoked": "The session in which it was entered was ended before it arrived.",
  "not-permitted": "Who entered it may not record vital signs any more.",
  "expired-key":
    "It was measured or entered outside the twelve hours for which the workstation could vouch; they begin with the sign-in.",
  "in-future": "Its time lies ahead: the clock of the workstation was wrong.",
  implausible: "A figure in it is not possible, or nothing was measured.",
  "not-care-team": "Who entered it was not on this patient's care team at that time, or there is no such patient.",
  conflict: "Another set with the same id, but other figures, is in the chart already.",
};

/** The figures of a set, one line each, as they were typed. */
export function figureLines(set: AnyObservationSet): { readonly name: string; readonly value: string }[] {
  const level = set.consciousness as keyof typeof consciousnessWords | null;
  return [
    { name: "Respiratory rate", value: measured(set.respiratory_rate, "/min") },
    {
      name: "Oxygen saturation",
      value: `${measured(set.oxygen_saturation, " %")}${set.spo2_scale === 2 ? ", scale 2" : ""}`,
    },
    { name: "Oxygen", value: oxygenWords(set.on_oxygen) },
    { name: "Blood pressure", value: pressureWords(set) },
    { name: "Pulse", value: measured(set.pulse, "/min") },
    { name: "Consciousness", value: level === null ? "Not recorded" : (consciousnessWords[level] ?? String(level)) },
    { name: "Temperature", value: measured(set.temperature, " °C", 1) },
  ];
}

/** Whom the entry is about; without a name there is only the number that was typed. */
export function subjectWords({ name, patient_id, ward, bed }: RefusedObservation): string {
  if (name === null) return patient_id === null ? "Patient number not readable" : `Patient number ${patient_id}`;
  const place = ward === null ? "" : `, ward ${ward}${bed === null ? "" : `, bed ${bed}`}`;
  return `${name}, ${patient_id}${place}`;
}

/** What the top bar says; null while nothing waits. `here` are entries that only this workstation knows of. */
export function waitingWords(refused: number, here: number): string | null {
  if (refused + here === 0) return null;
  if (refused === 0) return `Needs attention: ${here} on this workstation`;
  return here === 0 ? `Needs attention: ${refused}` : `Needs attention: ${refused}, and ${here} on this workstation`;
}
