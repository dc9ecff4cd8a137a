import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { v7 as uuidv7 } from "uuid";
import type { ObservationSet } from "../../shared/clinical/observation-set";
import type { CommandOutput } from "../../shared/ipc/contract";
import type { SetToRecord } from "../../shared/ipc/vital-signs-commands";
import { isFailure } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { nowMilliseconds, useNow } from "../design/clock";
import { useDraft } from "../drafts/use-draft";
import {
  blankDraft,
  changed,
  type DraftField,
  draftFaults,
  type Faults,
  isUntouchedSet,
  type ObservationDraft,
  setOf,
  takenAt,
  unlikely,
} from "./observation-draft";
import { liveScore, type ScoredPatient } from "./score-words";

/** What was saved last, for the words beside the form. */
export interface Saved extends Pick<CommandOutput<"vitals.record">, "state" | "recorded_at"> {
  readonly score: string;
}

export interface ObservationFormOptions {
  readonly patientId: string;
  /** null while it is not known whether NEWS2 applies. */
  readonly scoring: ScoredPatient | null;
  /** The scale of the last set; null where none was ever used, undefined where that is not known. */
  readonly lastScale: 1 | 2 | null | undefined;
  readonly form: RefObject<HTMLFormElement | null>;
}

const what = ["get_vital_signs", "list_ward", "get_observation_form"] as const;

/** The state of the form for one set: what is typed, what is wrong with it, and its way to the database. */
export function useObservationForm({ patientId, scoring, lastScale, form }: ObservationFormOptions) {
  const client = useQueryClient();
  const minute = useNow();
  const [typed, setTyped] = useState<ObservationDraft>(blankDraft);
  /** Fields whose faults are shown: those that were left, and all once a save was tried. */
  const [left, setLeft] = useState<ReadonlySet<DraftField> | "all">(new Set());
  const [doubts, setDoubts] = useState<readonly string[]>([]);
  const [saved, setSaved] = useState<Saved | null>(null);

  const save = useMutation({
    mutationFn: (given: SetToRecord & { readonly score: string }) => {
      const { score: _, ...set } = given;
      return call("vitals.record", set);
    },
    onSuccess: (answer, { score }) => {
      setSaved({ state: answer.state, recorded_at: answer.recorded_at, score });
      draft.settle();
      setTyped(blankDraft);
      setLeft(new Set());
      for (const name of what) void client.invalidateQueries({ queryKey: ["tool", name] });
    },
    onError: (error) => {
      // The first sending arrived after all: what is in the form now would be a second set, under an id of its own.
      if (isFailure(error, "STORED_DIFFERENTLY")) setTyped((before) => ({ ...before, submission: uuidv7() }));
    },
  });
  const draft = useDraft({
    place: `vital-signs|${patientId}`,
    version: 1,
    fields: typed,
    blank: blankDraft,
    restore: (fields) => setTyped({ ...blankDraft, ...pick(fields) }),
    form,
    held: save.isPending,
  });

  const scale = typed.spo2_scale || (lastScale === undefined ? "" : String(lastScale ?? 1));
  const chosen: ObservationDraft = { ...typed, spo2_scale: scale };
  const set = setOf(chosen);
  const moment = takenAt(chosen, minute) ?? minute;
  const live = liveScore(set, scoring, moment);
  const all = faultsOf(chosen, set, minute);
  const faults: Faults =
    left === "all" ? all : Object.fromEntries(Object.entries(all).filter(([name]) => left.has(name as DraftField)));

  function change(field: DraftField, value: string): void {
    save.reset();
    setSaved(null);
    setTyped((before) => {
      const next = changed(before, field, value, nowMilliseconds());
      // One id a set, from its first key on: it outlasts a lock and a lost answer with the draft.
      return next.submission === "" && !isUntouchedSet(next) ? { ...next, submission: uuidv7() } : next;
    });
  }

  function send(): void {
    const now = nowMilliseconds();
    setDoubts([]);
    save.mutate({
      submission: typed.submission || uuidv7(),
      patient_id: patientId,
      recorded_at: new Date(takenAt(chosen, now) ?? now).toISOString(),
      set,
      score: live.words,
    });
  }

  /** Answers the first field that keeps it from being saved, or null when it is on its way or waits for a confirmation. */
  function submit(): keyof Faults | null {
    if (save.isPending) return null;
    const [first] = Object.keys(faultsOf(chosen, set, nowMilliseconds())) as (keyof Faults)[];
    setLeft("all");
    if (first !== undefined) return first;
    const words = unlikely(set);
    if (words.length > 0) setDoubts(words);
    else send();
    return null;
  }

  return {
    typed,
    scale,
    live,
    moment,
    faults,
    doubts,
    saved,
    draft,
    isSaving: save.isPending,
    error: save.error,
    change,
    leave: (field: DraftField) => setLeft((before) => (before === "all" ? before : new Set([...before, field]))),
    submit,
    confirm: send,
    goBack: () => setDoubts([]),
  };
}

function faultsOf(chosen: ObservationDraft, set: ObservationSet, now: number): Faults {
  const faults = draftFaults(chosen, now);
  if (chosen.spo2_scale !== "" || set.oxygen_saturation === null) return faults;
  return { ...faults, spo2_scale: "Choose the scale: the earlier sets could not be read." };
}

function pick(fields: Readonly<Record<string, string>>): Partial<ObservationDraft> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in blankDraft));
}
