import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Alert, type Verdict, verdicts } from "../../shared/alerts/alert";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import { ruleWords, verdictWords } from "./alert-words";

export interface JudgeDialogProps {
  readonly alert: Alert | null;
  readonly onClose: () => void;
  readonly onJudged: () => void;
}

interface Draft {
  readonly alert: string | undefined;
  readonly verdict: Verdict | null;
  readonly note: string;
}

const empty: Draft = { alert: undefined, verdict: null, note: "" };
const options = verdicts.map((verdict) => ({ value: verdict, label: verdictWords[verdict] }));

/** Settles an alert with a verdict and a note; both go into the audit's reach and cannot be taken back. */
export function JudgeDialog({ alert, onClose, onJudged }: JudgeDialogProps) {
  // Kept while the page is open: a dialog that was left by mistake has lost nothing.
  const [draft, setDraft] = useState<Draft>(empty);
  const { verdict, note } = draft.alert === alert?.id ? draft : empty;
  const change = (part: Partial<Draft>) => setDraft({ verdict, note, ...part, alert: alert?.id });
  const judge = useMutation({
    mutationFn: (by: { alert: string; verdict: Verdict; note: string }) => call("alerts.handle", by),
    onSuccess: () => {
      setDraft(empty);
      onJudged();
    },
  });
  const close = () => {
    judge.reset();
    onClose();
  };
  const missing = verdict === "misuse" && note.trim() === "";
  return (
    <Dialog
      title="Acknowledge alert"
      isOpen={alert !== null}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={alert === null || verdict === null || missing || judge.isPending}
            onPress={() => alert && verdict && judge.mutate({ alert: alert.id, verdict, note })}
          >
            Acknowledge
          </Button>
        </>
      }
    >
      <p>
        {alert ? `${ruleWords(alert.rule)}: ${alert.staff_name ?? "no account of that name"}.` : ""} Your name, the
        verdict and the time are recorded; nobody can change them afterwards.
      </p>
      <Select
        label="Verdict"
        placeholder="Choose a verdict"
        options={options}
        value={verdict}
        onChange={(chosen) => change({ verdict: chosen })}
      />
      <TextField
        label="Note"
        multiline
        value={note}
        onChange={(text) => change({ note: text })}
        maxLength={1000}
        description={missing ? "For misuse, say what was found and who was told." : "What you found, and who was told."}
      />
      {judge.isError ? <ErrorState failure={failureOf(judge.error)} /> : null}
    </Dialog>
  );
}
