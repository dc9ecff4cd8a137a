import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type EmergencyReview, type ReviewVerdict, reviewVerdicts } from "../../shared/emergency/break-glass";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import { DraftLine } from "../drafts/DraftLine";
import { useDraft } from "../drafts/use-draft";
import styles from "./BreakGlassDialog.module.css";
import { verdictWords } from "./emergency-words";

export interface VerdictDialogProps {
  readonly review: EmergencyReview;
  readonly onClose: () => void;
  readonly onJudged: () => void;
}

const options = reviewVerdicts.map((verdict) => ({ value: verdict, label: verdictWords[verdict] }));
const verdictOf = (text: string): ReviewVerdict | null => reviewVerdicts.find((verdict) => verdict === text) ?? null;

/** The verdict about one emergency access, or an addition to the one that stands. Neither can be taken back. */
export function VerdictDialog({ review, onClose, onJudged }: VerdictDialogProps) {
  const box = useRef<HTMLFormElement>(null);
  const [submission] = useState(() => crypto.randomUUID());
  const [verdict, setVerdict] = useState<ReviewVerdict | null>(null);
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const adding = review.verdicts.length > 0;
  const judge = useMutation({
    mutationFn: () => call("emergency.review", { id: review.id, submission, verdict: adding ? null : verdict, note }),
    onSuccess: () => {
      draft.settle();
      onJudged();
    },
  });
  const draft = useDraft({
    place: `emergency-verdict|${review.id}`,
    version: 1,
    fields: { verdict: verdict ?? "", note },
    restore: (fields) => {
      setVerdict(verdictOf(fields["verdict"] ?? ""));
      setNote(fields["note"] ?? "");
    },
    form: box,
    held: judge.isPending,
  });
  const noVerdict = !adding && verdict === null;
  const noNote = (adding || (verdict !== null && verdict !== "justified")) && note.trim() === "";
  return (
    <Dialog title={adding ? "Add to the verdict" : "Give a verdict"} isOpen onClose={onClose}>
      <form
        ref={box}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!noVerdict && !noNote && !judge.isPending) judge.mutate();
        }}
      >
        <p>
          {`${review.staff_name}${review.patient_number ? `, patient ${review.patient_number}` : ""}. `}
          Your name and the time are recorded; it cannot be changed afterwards, only added to.
        </p>
        <DraftLine draft={draft} />
        {adding ? null : (
          <Select
            label="Verdict"
            placeholder="Choose a verdict"
            options={options}
            value={verdict}
            onChange={setVerdict}
            error={tried && noVerdict ? "Choose a verdict." : null}
          />
        )}
        <TextField
          label="Note"
          name="note"
          multiline
          maxLength={1000}
          value={note}
          onChange={setNote}
          description="What you found, and whom you asked."
          error={tried && noNote ? "Say in a few words why." : null}
        />
        {judge.isError ? <ErrorState failure={failureOf(judge.error)} title="not recorded" /> : null}
        <div className={styles.acts}>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" isDisabled={judge.isPending}>
            Record
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
