import { LockKeyhole } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { Failure } from "../../shared/failure";
import type { LockView } from "../../shared/session/session-state";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { DemoEdge, DemoMark } from "../design/DemoMark";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { TextField } from "../design/TextField";
import styles from "./LockPage.module.css";
import { lockReasons } from "./lock-reason";

/** The lock: who is signed in, since when, why it locked, and the two ways on. Nothing of a patient. */
export function LockPage() {
  const title = useId();
  const [view, setView] = useState<LockView | null>(null);
  const [demo, setDemo] = useState(false);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState<"unlock" | "switch" | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const passwordBox = useRef<HTMLInputElement & HTMLTextAreaElement>(null);

  useEffect(() => {
    call("session.lockView", {}).then(setView, (error: unknown) => setFailure(failureOf(error)));
    // Whether the people are invented is no reason to keep somebody from unlocking.
    call("app.status", {})
      .then((status) => setDemo(status.demo))
      .catch(() => undefined);
  }, []);

  const attempt = async (which: "unlock" | "switch", act: () => Promise<unknown>) => {
    setBusy(which);
    setFailure(null);
    try {
      // On success the main process opens the other window and this one goes.
      await act();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(null);
      // The field was never disabled, so the focus is where it was; the next key replaces the wrong password.
      if (which === "unlock") {
        passwordBox.current?.focus();
        passwordBox.current?.select();
      }
    }
  };
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "" && busy === null) void attempt("unlock", () => call("session.unlock", { password }));
  };

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
          {view ? (
            <div>
              <p className={styles.who}>
                {view.person.name}, {view.person.role}
              </p>
              <p className={styles.when}>
                Signed in {formatMoment(view.signedInAt)}, locked {formatMoment(view.lockedAt)}.{" "}
                {lockReasons[view.reason]}
              </p>
            </div>
          ) : null}
          <form className={styles.form} onSubmit={unlock} aria-label="Unlock">
            <TextField
              label="Password"
              type="password"
              value={password}
              onChange={setPassword}
              autoFocus
              autoComplete="current-password"
              maxLength={256}
              ref={passwordBox}
            />
            {failure ? <ErrorState failure={failure} /> : null}
            <div className={styles.actions}>
              <Button type="submit" variant="primary" isDisabled={password === "" || busy !== null}>
                Unlock
              </Button>
              <Button
                isDisabled={busy !== null}
                onPress={() => void attempt("switch", () => call("session.switchUser", {}))}
              >
                Switch user
              </Button>
              <span role="status">{busy === "unlock" ? "Checking" : ""}</span>
            </div>
          </form>
          <p className={styles.when}>
            Unlocking leads back to where {view ? view.person.name : "that person"} was. Switch user signs someone else
            in.
          </p>
        </div>
      </div>
    </div>
  );
}
