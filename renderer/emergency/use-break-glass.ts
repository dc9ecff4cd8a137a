import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { Emergency } from "../../shared/emergency/break-glass";
import { isFailure } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { useDraft } from "../drafts/use-draft";
import { type BreakGlassForm, faultsOf, isReason } from "./break-glass-form";
import { noteEnded } from "./use-emergency";

/** Where the draft of the dialog is kept; a page that finds one there opens the dialog again. */
export const breakGlassPlace = "break-glass";

export interface BreakGlassOptions {
  /** The number that was asked for before, where there is one. */
  readonly patientId: string;
  readonly codeNeeded: boolean;
  readonly onOpened: (emergency: Emergency) => void;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly secret: RefObject<(HTMLInputElement & HTMLTextAreaElement) | null>;
}

/** Asking for one chart in an emergency: what is typed, what is kept of it, what is missing, and the asking itself. */
export function useBreakGlass({ patientId, codeNeeded, onOpened, form: box, secret }: BreakGlassOptions) {
  const client = useQueryClient();
  const [form, setForm] = useState<BreakGlassForm>({ patientId, reason: null, words: "" });
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [codeAsked, setCodeAsked] = useState(false);
  const withCode = codeNeeded || codeAsked;
  const [tried, setTried] = useState(false);
  const open = useMutation({
    mutationFn: () =>
      call("emergency.open", {
        patient_id: form.patientId,
        reason: form.reason ?? "other",
        words: form.words,
        password,
        ...(withCode ? { code: code.trim() } : {}),
      }),
    gcTime: 0,
    onSuccess: (emergency) => {
      draft.settle();
      onOpened(emergency);
    },
    // What was typed stays; the next thing typed replaces the password.
    onError: (error) => {
      if (isFailure(error, "CODE_REQUIRED")) setCodeAsked(true);
      secret.current?.select();
    },
  });
  const end = useMutation({
    mutationFn: () => call("emergency.end", {}),
    onSuccess: () => {
      noteEnded(client);
      open.reset();
    },
  });
  const draft = useDraft({
    place: breakGlassPlace,
    version: 1,
    fields: { patientId: form.patientId, reason: form.reason ?? "", words: form.words },
    blank: { patientId, reason: "", words: "" },
    restore: ({ patientId: number = "", reason = "", words = "" }) =>
      setForm({ patientId: number, reason: isReason(reason) ? reason : null, words }),
    form: box,
    held: open.isPending,
  });
  const faults = faultsOf(form, password, withCode ? code : null);
  return {
    draft,
    form,
    change: (part: Partial<BreakGlassForm>) => setForm({ ...form, ...part }),
    password,
    setPassword,
    /** Whether a code of the second factor is asked for. */
    withCode,
    code,
    setCode,
    /** What is missing; nothing before it was tried once. */
    faults: tried ? faults : {},
    open,
    /** Ends the emergency that is in the way of this one. */
    end,
    submit: () => {
      setTried(true);
      if (Object.keys(faults).length === 0 && !open.isPending) open.mutate();
    },
  };
}
