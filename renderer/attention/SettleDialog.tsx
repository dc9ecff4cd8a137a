import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { RefusalDecision, RefusedObservation } from "../../shared/clinical/refused-observation";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { TextField } from "../design/TextField";
import { DraftLine } from "../drafts/DraftLine";
import { useDraft } from "../drafts/use-draft";
import styles from "./AttentionPage.module.css";
import { subjectWords } from "./attention-words";
import { RefusedFigures } from "./RefusedFigures";

export interface SettleDialogProps {
  readonly entry: RefusedObservation;
  readonly decision: RefusalDecision;
  readonly onClose: () => void;
  /** In words, what was done. */
  readonly onSettled: (words: string) => void;
}

const texts = {
  taken: {
    title: "Take over as my own entry",
    explains:
      "The set goes into the chart under your name, with its own time; who typed it and where stays beside it. Do this only if you know the figures to be true.",
    act: "Take over",
    done: "taken over",
  },
  discarded: {
    title: "Put aside",
    explains: "The set does not go into the chart. It is kept with your reason, and nobody is asked about it again.",
    act: "Put aside",
    done: "put aside",
  },
} as const;

/** The decision about one refused entry, with the figures in view and the reason that is kept with it. */
export function SettleDialog({ entry, decision, onClose, onSettled }: SettleDialogProps) {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const { title, explains, act, done } = texts[decision];
  const settle = useMutation({
    mutationFn: () => call("attention.settle", { refusal: entry.id, decision, reason }),
    onSuccess: () => {
      draft.settle();
      for (const key of [
        ["tool", "get_refused_observations"],
        ["tool", "get_vital_signs"],
        ["tool", "list_ward"],
        ["command", "attention.count"],
      ])
        void client.invalidateQueries({ queryKey: key });
      onSettled(`${subjectWords(entry)}: ${done}.`);
    },
  });
  const draft = useDraft({
    place: `settle-refusal|${entry.id}`,
    version: 1,
    fields: { reason },
    restore: (fields) => setReason(fields["reason"] ?? ""),
    form,
    held: settle.isPending,
  });
  const short = reason.trim().length < 3;
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        ref={form}
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!short && !settle.isPending) settle.mutate();
        }}
      >
        <p>
          <strong>{subjectWords(entry)}</strong>
          {entry.recorded_at ? `, ${formatMoment(entry.recorded_at)}` : ""}
        </p>
        <RefusedFigures entry={entry} />
        <p>{explains}</p>
        <DraftLine draft={draft} />
        <TextField
          label="Reason"
          name="reason"
          autoFocus
          multiline
          maxLength={500}
          value={reason}
          onChange={(value) => {
            settle.reset();
            setReason(value);
          }}
          error={tried && short ? "Say in a few words why." : null}
        />
        {settle.error ? <ErrorState failure={failureOf(settle.error)} title="not settled" /> : null}
        <div className={styles.acts}>
          <Button onPress={onClose}>Back</Button>
          <Button variant="primary" type="submit" isDisabled={settle.isPending}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
