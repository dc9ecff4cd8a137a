import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { AlertDialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { TextField } from "../design/TextField";
import { type ActWords, REASON_LENGTH } from "./person-acts";
import styles from "./ReasonDialog.module.css";

export interface ReasonDialogProps {
  readonly words: ActWords;
  /** Does it and answers what is to be said. */
  readonly run: (reason: string) => Promise<string>;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

/** Asks once more before an act on somebody's account: what it means, and why, for the audit. */
export function ReasonDialog({ words, run, onDone, onClose }: ReasonDialogProps) {
  const id = useId();
  const [reason, setReason] = useState("");
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    // Over another dialog a field's own autofocus comes too early: the one below would take the focus back.
    const frame = requestAnimationFrame(() => box.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const act = useMutation({ mutationFn: run, onSuccess: onDone, gcTime: 0 });
  const enough = !words.needsReason || reason.trim().length >= REASON_LENGTH.least;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (enough && !act.isPending) act.mutate(reason.trim());
  };
  return (
    <AlertDialog
      title={words.title}
      isOpen
      onClose={onClose}
      describedBy={`${id}-consequences`}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={`${id}-form`}
            variant={words.danger ? "danger" : "primary"}
            isDisabled={!enough || act.isPending}
          >
            {words.act}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} className={styles.form} aria-label={words.title} onSubmit={submit}>
        <ul id={`${id}-consequences`} className={styles.consequences}>
          {words.consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
        {words.needsReason ? (
          <TextField
            label="Reason"
            description="It goes into the audit."
            value={reason}
            onChange={setReason}
            maxLength={REASON_LENGTH.most}
            ref={box}
          />
        ) : null}
        {act.isError ? <ErrorState failure={failureOf(act.error)} title="not done" /> : null}
        <span role="status">{act.isPending ? "Working" : ""}</span>
      </form>
    </AlertDialog>
  );
}
