import { CloudOff, LockKeyhole } from "lucide-react";
import { useEffect, useId, useState } from "react";
import type { Failure } from "../../shared/failure";
import type { LockView } from "../../shared/session/session-state";
import { call, failureOf } from "../bridge/call";
import { DemoEdge, DemoMark } from "../design/DemoMark";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { useKeys } from "../design/use-keys";
import styles from "./LockPage.module.css";
import { lockReasons } from "./lock-reason";
import { UnlockForm } from "./UnlockForm";
import { useLockView } from "./use-lock-view";
import { WaitingHere } from "./WaitingHere";

/** The lock: who is signed in, since when, why it locked, and the ways on. Nothing of a patient. */
export function LockPage() {
  const title = useId();
  const { view, failure: unread } = useLockView();
  const [demo, setDemo] = useState(false);
  const [switching, setSwitching] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  useEffect(() => {
    // Whether the people are invented is no reason to keep somebody from unlocking.
    call("app.status", {})
      .then((status) => setDemo(status.demo))
      .catch(() => undefined);
  }, []);

  const switchUser = async (staffId?: string) => {
    setSwitching(true);
    setFailure(null);
    try {
      // On success the main process opens the other window and this one goes.
      await call("session.switchUser", staffId === undefined ? {} : { staffId });
    } catch (error) {
      setFailure(failureOf(error));
      setSwitching(false);
    }
  };

  useKeys({ "Ctrl+Shift+L": () => void switchUser() });

  const shown = failure ?? (view === null ? unread : null);
  return (
    <div className={styles.window}>
      {demo ? <DemoEdge /> : null}
      <div className={styles.page}>
        <div role="dialog" aria-modal="true" aria-labelledby={title} className={styles.dialog}>
          <div className={styles.head}>
            <h1 id={title} className={styles.title}>
              <LockKeyhole aria-hidden size={24} /> Workstation locked
            </h1>
            {demo ? <DemoMark /> : null}
          </div>
          {view ? <Who view={view} /> : null}
          <UnlockForm view={view} switching={switching} onSwitch={(staffId) => void switchUser(staffId)} />
          {shown ? <ErrorState failure={shown} /> : null}
          {view && view.waiting.length > 0 ? (
            <WaitingHere people={view.waiting} isBusy={switching} onChoose={(staffId) => void switchUser(staffId)} />
          ) : null}
        </div>
      </div>
    </div>
  );
}

function Who({ view }: { readonly view: LockView }) {
  return (
    <div>
      <p className={styles.who}>
        {view.person.name}, {view.person.role}
      </p>
      <p className={styles.when}>
        <span className={styles.moment}>Signed in {formatMoment(view.signedInAt)},</span>{" "}
        <span className={styles.moment}>locked {formatMoment(view.lockedAt)}.</span>
      </p>
      <p className={styles.when}>{lockReasons[view.reason]}</p>
      {/* Always there, so that a network that goes or comes back meanwhile is read out. */}
      <p role="status" aria-label="Network" className={styles.network}>
        {view.connected ? null : (
          <>
            <CloudOff aria-hidden size={18} /> The network is away.{" "}
            {view.unlocksOffline ? "You can still unlock." : "You can unlock when it is back."}
          </>
        )}
      </p>
    </div>
  );
}
