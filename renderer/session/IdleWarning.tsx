import { useEffect, useState } from "react";
import { call } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { Button } from "../design/Button";
import { nowMilliseconds } from "../design/clock";
import { AlertDialog } from "../design/Dialog";

/** The warning before the workstation locks itself, with the seconds that are left. */
export function IdleWarning() {
  const [locksAt, setLocksAt] = useState<number | null>(null);
  const [now, setNow] = useState(nowMilliseconds);
  useWardEvent("session.warning", ({ secondsLeft }) => {
    setNow(nowMilliseconds());
    setLocksAt(secondsLeft === null ? null : nowMilliseconds() + secondsLeft * 1000);
  });
  useEffect(() => {
    if (locksAt === null) return;
    const timer = setInterval(() => setNow(nowMilliseconds()), 250);
    return () => clearInterval(timer);
  }, [locksAt]);

  const stay = () => {
    setLocksAt(null);
    void call("session.stay", {}).catch(() => undefined);
  };
  const left = locksAt === null ? 0 : Math.max(0, Math.ceil((locksAt - now) / 1000));
  return (
    <AlertDialog
      title="Locking soon"
      isOpen={locksAt !== null}
      onClose={stay}
      actions={
        <Button variant="primary" autoFocus onPress={stay}>
          Stay signed in
        </Button>
      }
    >
      <p>Nobody has used this workstation for a while. It locks so that nobody else sees your patients.</p>
      <p>
        <strong>{left === 1 ? "1 second left." : `${left} seconds left.`}</strong> You come back to the same place after
        unlocking.
      </p>
    </AlertDialog>
  );
}
