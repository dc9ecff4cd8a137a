import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Siren } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Place } from "../../shared/session/session-state";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import styles from "./EmergencyBar.module.css";
import { clockWords, spokenWords } from "./emergency-words";
import { noteEnded, type OpenEmergency } from "./use-emergency";

export interface EmergencyBarProps {
  readonly open: OpenEmergency | null;
  /** The patient whose emergency has just ended. */
  readonly ended: string | null;
  readonly go: (place: Place) => void;
  /** The person has read that it ended. */
  readonly onRead: () => void;
}

/** On every screen while a chart is open in an emergency: whose, how long still, the way to it and its end. */
export function EmergencyBar({ open, ended, go, onRead }: EmergencyBarProps) {
  const client = useQueryClient();
  const end = useMutation({ mutationFn: () => call("emergency.end", {}), onSuccess: () => noteEnded(client) });
  const framed = open !== null;
  useEffect(() => {
    if (!framed) return;
    document.body.dataset["emergency"] = "open";
    return () => {
      delete document.body.dataset["emergency"];
    };
  }, [framed]);
  // The button that was pressed is gone with the bar: the next key acts on what the end says. Whoever is elsewhere stays there.
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (framed || ended === null) return;
    const frame = requestAnimationFrame(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) place.current?.querySelector("button")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [framed, ended]);
  const read = () => {
    onRead();
    document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  };
  return (
    <div ref={place} className={styles.place}>
      {/* The figures run silently; what is said aloud changes a few times in the hour. */}
      <p role="status" className="visually-hidden">
        {open ? spokenWords(open.patientId, open.secondsLeft) : ""}
      </p>
      {open ? (
        <section aria-label="Emergency access" className={styles.bar}>
          <Siren aria-hidden size={20} />
          <strong>Emergency access</strong>
          <span>
            Patient No. <strong>{open.patientId}</strong>
          </span>
          <span>
            Closes in{" "}
            <strong role="timer" aria-label="Time left" className={styles.clock}>
              {clockWords(open.secondsLeft)}
            </strong>
          </span>
          <span className={styles.acts}>
            <Button onPress={() => go({ area: "patient", patientId: open.patientId, tab: "overview" })}>
              Go to the chart
            </Button>
            <Button isDisabled={end.isPending} onPress={() => end.mutate()}>
              End emergency access
            </Button>
          </span>
        </section>
      ) : null}
      {open && end.isError ? (
        <ErrorState failure={failureOf(end.error)} title="it has not ended yet" onRetry={() => end.mutate()} />
      ) : null}
      {!open && ended !== null ? (
        <Notice kind="info" live title="emergency access has ended" actions={<Button onPress={read}>OK</Button>}>
          The chart of patient {ended} is closed. What you read and wrote is recorded.
        </Notice>
      ) : null}
    </div>
  );
}
