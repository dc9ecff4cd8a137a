import type { Overview } from "../../shared/clinical/chart";
import type { Place } from "../../shared/session/session-state";
import { chartTabs } from "../patient/chart-tabs";
import type { areas } from "./areas";

/** One line of the palette. */
export interface PaletteEntry {
  readonly id: string;
  readonly kind: "patient" | "place" | "act";
  readonly words: string;
  readonly keys?: string;
  readonly run: () => void;
}

export interface PaletteActs {
  readonly lock: () => void;
  readonly signOut: () => void;
  readonly refresh: () => void;
  readonly toggleAssistant: () => void;
  readonly back: () => void;
  readonly print: () => void;
  readonly showKeys: () => void;
  /** Absent for roles without emergency access. */
  readonly breakGlass?: (() => void) | undefined;
  /** Absent for who may not record vital signs. */
  readonly recordObservations?: ((patientId: string) => void) | undefined;
  /** Absent for who has no part in refused entries. */
  readonly showAttention?: (() => void) | undefined;
}

/** Places and acts: the areas of the role, the tabs of the chart that is open, and what can be done from anywhere. */
export function standingEntries(
  shown: typeof areas,
  place: Place,
  go: (place: Place) => void,
  acts: PaletteActs,
): PaletteEntry[] {
  const patientId = place.area === "patient" ? place.patientId : undefined;
  const tabs = patientId === undefined ? [] : chartTabs;
  return [
    ...tabs.map((tab) => ({
      id: `tab-${tab.id}`,
      kind: "place" as const,
      words: `${tab.title} of ${patientId}`,
      run: () => go({ area: "patient", patientId: patientId as string, tab: tab.id }),
    })),
    ...shown.map(({ area, word }, at) => ({
      id: `area-${area}`,
      kind: "place" as const,
      words: word,
      keys: `Alt+${at + 1}`,
      run: () => go({ area }),
    })),
    ...(patientId !== undefined && acts.recordObservations
      ? [
          {
            id: "record-observations",
            kind: "act" as const,
            words: `Record observations for ${patientId}`,
            run: () => acts.recordObservations?.(patientId),
          },
        ]
      : []),
    ...(acts.showAttention
      ? [{ id: "attention", kind: "place" as const, words: "Needs attention", run: acts.showAttention }]
      : []),
    ...(acts.breakGlass
      ? [{ id: "break-glass", kind: "act" as const, words: "In an emergency: break glass", run: acts.breakGlass }]
      : []),
    { id: "lock", kind: "act", words: "Lock", keys: "Ctrl+L", run: acts.lock },
    { id: "assistant", kind: "act", words: "Assistant beside the chart", keys: "Ctrl+J", run: acts.toggleAssistant },
    { id: "back", kind: "act", words: "Back", keys: "Alt+Left", run: acts.back },
    { id: "refresh", kind: "act", words: "Refresh", keys: "F5", run: acts.refresh },
    { id: "print", kind: "act", words: "Print this page", keys: "Ctrl+P", run: acts.print },
    { id: "keys", kind: "act", words: "Show all keys", keys: "?", run: acts.showKeys },
    { id: "sign-out", kind: "act", words: "Sign out", run: acts.signOut },
  ];
}

export function patientEntries(patients: readonly Overview[], go: (place: Place) => void): PaletteEntry[] {
  return patients.map((patient) => ({
    id: `patient-${patient.patient_id}`,
    kind: "patient",
    words: `${patient.name}, ${patient.patient_id}${patient.bed ? `, bed ${patient.bed}` : ""}`,
    run: () => go({ area: "patient", patientId: patient.patient_id, tab: "overview" }),
  }));
}

/** The entries that hold every word that was typed. */
export function matching(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  const words = typed.toLocaleLowerCase("en").split(/\s+/u).filter(Boolean);
  return entries.filter((entry) => words.every((word) => entry.words.toLocaleLowerCase("en").includes(word)));
}
