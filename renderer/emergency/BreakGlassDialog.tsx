import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { breakGlassReasons, type Emergency, WORDS_LIMIT } from "../../shared/emergency/break-glass";
import { isFailure } from "../bridge/bridge-failure";
import { failureOf } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import { DraftLine } from "../drafts/DraftLine";
import styles from "./BreakGlassDialog.module.css";
import { reasonWords } from "./emergency-words";
import { useBreakGlass } from "./use-break-glass";

const reasons = breakGlassReasons.map((reason) => ({ value: reason, label: reasonWords[reason] }));

export interface BreakGlassDialogProps {
  /** The number that was asked for before, where there is one. */
  readonly patientId: string;
  readonly codeNeeded: boolean;
  readonly onClose: () => void;
  readonly onOpened: (emergency: Emergency) => void;
}

/** Asks for one chart in an emergency: which, why, and who is asking. Says before anything else that it is told to others. */
export function BreakGlassDialog({ patientId, codeNeeded, onClose, onOpened }: BreakGlassDialogProps) {
  const box = useRef<HTMLFormElement>(null);
  const secret = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const asking = useBreakGlass({ patientId, codeNeeded, onOpened, form: box, secret });
  const { draft, form, change, faults, open, end } = asking;
  const connected = useConnected();
  const wrongProof = isFailure(open.error, "SIGN_IN_FAILED", "CODE_REQUIRED");
  const close = () => {
    draft.settle();
    onClose();
  };

  return (
    <Dialog title="Break glass" width="wide" isOpen onClose={close}>
      <form
        ref={box}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          asking.submit();
        }}
      >
        <p>
          For one patient in danger who is not on your wards or lists. Whoever watches over the use of patient data is
          told at once, also when nothing is opened; the chart stays open for an hour, and an Auditor judges it.
        </p>
        {connected ? null : (
          <Notice kind="warning" live title="the network is away">
            Emergency access is not given without it: nobody would be told. Call the ward that has the patient.
          </Notice>
        )}
        <DraftLine draft={draft} />
        <div className={styles.pair}>
          <TextField
            label="Patient number"
            name="patientId"
            autoFocus={form.patientId === ""}
            maxLength={20}
            value={form.patientId}
            onChange={(text) => change({ patientId: text })}
            description="Exactly as on the wristband."
            error={faults.patientId}
          />
          <Select
            label="Reason"
            placeholder="Choose a reason"
            options={reasons}
            value={form.reason}
            onChange={(reason) => change({ reason })}
            error={faults.reason}
          />
        </div>
        <TextField
          label="What happens"
          name="words"
          multiline
          maxLength={WORDS_LIMIT}
          value={form.words}
          onChange={(text) => change({ words: text })}
          description={form.reason === "other" ? "In a few words." : "In a few words, if there is time."}
          error={faults.words}
        />
        <div className={styles.pair}>
          <TextField
            label="Password"
            type="password"
            autoComplete="current-password"
            maxLength={256}
            ref={secret}
            value={asking.password}
            onChange={asking.setPassword}
            description="Your own, once more."
            error={wrongProof ? failureOf(open.error).message : faults.password}
          />
          {asking.withCode ? (
            <TextField
              label="One-time code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={40}
              value={asking.code}
              onChange={asking.setCode}
              error={faults.code}
            />
          ) : null}
        </div>
        {open.isError && !wrongProof ? (
          <ErrorState failure={failureOf(open.error)} title="the chart is not open" />
        ) : null}
        {end.isError ? <ErrorState failure={failureOf(end.error)} title="the other one has not ended" /> : null}
        <div className={styles.acts}>
          <Button onPress={close}>Cancel</Button>
          {isFailure(open.error, "BREAK_GLASS_OPEN") ? (
            <Button isDisabled={end.isPending} onPress={() => end.mutate()}>
              End the other one
            </Button>
          ) : null}
          <Button variant="danger" type="submit" isDisabled={open.isPending}>
            Open the chart
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Whether the database answers, as far as this page has heard. */
function useConnected(): boolean {
  const [heard, setHeard] = useState(true);
  useWardEvent("database.connection", ({ connected }) => setHeard(connected));
  const status = useQuery(commandQuery("app.status", {}));
  return heard && (status.data === undefined || status.data.phase === "ready");
}
