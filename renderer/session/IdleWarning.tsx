import { useEffect, useId, useState } from "react";
import { call } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { Button } from "../design/Button";
import { nowMilliseconds } from "../design/clock";
import { AlertDialog } from "../design/Dialog";
import { leftWords, spokenLeft } from "./countdown-words";

/** The warning before the workstation locks itself, with the seconds that are left. */
export function IdleWarning() {
  const id = useId();
  const [locksAt, setLocksAt] = useState<number | null>(null);
  const [now, setNow] = useState(nowMilliseconds);
  /** Seconds that were left when the warning opened. */
  const [atFirst, setAtFirst] = useState<number | null>(null);
  useWardEvent("session.warning", ({ secondsLeft }) => {
    setNow(nowMilliseconds());
    setAtFirst((before) => (secondsLeft === null ? null : (before ?? secondsLeft)));
    setLocksAt(secondsLeft === null ? null : nowMilliseconds() + secondsLeft * 1000);
  });
  useEffect(() => {
    if (locksAt === null) return;
    const timer = setInterval(() => setNow(nowMilliseconds()), 250);
    return () => clearInterval(timer);
  }, [locksAt]);

  const stay = () => {
    setLocksAt(null);
    setAtFirst(null);
    void call("session.stay", {}).catch(() => undefined);
  };
  const left = locksAt === null ? 0 : Math.max(0, Math.ceil((locksAt - now) / 1000));
  return (
    <AlertDialog
      title="Locking soon"
      isOpen={locksAt !== null}
      onClose={stay}
      describedBy={`${id}-why ${id}-left`}
      actions={
        <Button variant="primary" autoFocus onPress={stay}>
          Stay signed in
        </Button>
      }
    >
      <p id={`${id}-why`}>
        Nobody has used this workstation for a while. It locks so that nobody else sees your patients.
      </p>
      <p id={`${id}-left`}>
        <strong>{leftWords(left)}</strong> You come back to the same place after unlocking.
      </p>
      {/* The figure above runs silently: whoever listens hears it with the dialog, and then at 30 and 10 seconds. */}
      <p role="status" className="visually-hidden">
        {spokenLeft(left, atFirst ?? 0)}
      </p>
    </AlertDialog>
  );
}
