import { Nfc } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import type { Failure } from "../../shared/failure";
import type { LockView } from "../../shared/session/session-state";
import type { BadgeRead } from "../../shared/session/waiting";
import { PasswordField } from "../account/PasswordField";
import { call, failureOf } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { TextField } from "../design/TextField";
import { badgeIsFor, badgeReadWords } from "./badge-words";
import styles from "./LockPage.module.css";
import { mustSignInAgain } from "./lock-words";

export interface UnlockFormProps {
  readonly view: LockView | null;
  readonly switching: boolean;
  readonly onSwitch: (staffId?: string) => void;
}

/** The password, or after the own badge the code where the role's rule says that it is enough. */
export function UnlockForm({ view, switching, onSwitch }: UnlockFormProps) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [read, setRead] = useState<BadgeRead | null>(null);
  const [byCode, setByCode] = useState(false);
  const [unlocking, setUnlocking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);

  useWardEvent("badge.read", (badge) => {
    setRead(badge);
    setFailure(null);
    if (view === null) return;
    const whose = badgeIsFor(badge, view.person.username);
    // Somebody else's badge is their wish to sign in; the main process keeps it for their sign-in page.
    if (whose === "other") onSwitch();
    setByCode(whose === "own" && badge.outcome === "holder" && badge.codeIsEnough);
    box.current?.focus();
  });

  const typed = byCode ? code : password;
  const ready = typed.trim() !== "" && !unlocking && !switching;
  const unlock = async () => {
    setUnlocking(true);
    setFailure(null);
    try {
      // On success the main process opens the other window and this one goes.
      await (byCode ? call("session.unlockByBadge", { code }) : call("session.unlock", { password }));
    } catch (error) {
      setFailure(failureOf(error));
      setUnlocking(false);
      // The field was never disabled, so the focus is where it was; the next key replaces what was wrong.
      box.current?.focus();
      box.current?.select();
    }
  };

  return (
    <form
      className={styles.form}
      aria-label="Unlock"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (ready) void unlock();
      }}
    >
      {byCode ? (
        <TextField
          label="One-time code"
          value={code}
          onChange={setCode}
          autoFocus
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={12}
          description="Your drafts and chats open when you type the password later."
          ref={box}
        />
      ) : (
        <PasswordField
          label="Password"
          value={password}
          onChange={setPassword}
          autoFocus
          autoComplete="current-password"
          ref={box}
        />
      )}
      <BadgeLine view={view} read={read} />
      {failure ? (
        <>
          <ErrorState failure={failure} />
          {view && mustSignInAgain(failure.code) ? (
            <div>
              <Button variant="primary" isDisabled={switching} onPress={() => onSwitch(view.person.staffId)}>
                Sign in again
              </Button>
            </div>
          ) : null}
        </>
      ) : null}
      <div className={styles.actions}>
        <Button type="submit" variant="primary" isDisabled={!ready}>
          Unlock
        </Button>
        <Button isDisabled={unlocking || switching} onPress={() => onSwitch()}>
          Switch user
        </Button>
        {byCode ? (
          <Button variant="quiet" onPress={() => setByCode(false)}>
            Use the password instead
          </Button>
        ) : null}
        <span role="status">{unlocking ? "Checking" : ""}</span>
      </div>
      <p className={styles.when}>
        Unlocking leads back to where {view ? view.person.name : "that person"} was. Switch user signs someone else in.
      </p>
    </form>
  );
}

interface BadgeLineProps {
  readonly view: LockView | null;
  readonly read: BadgeRead | null;
}

/** That there is a reader, and what it read last. */
function BadgeLine({ view, read }: BadgeLineProps) {
  if (view === null || !view.badge.present) return null;
  return (
    <div className={styles.badge}>
      <Nfc aria-hidden size={20} />
      <p role="status" aria-label="Badge">
        {read === null ? "Hold your badge to the reader." : badgeReadWords(read)}
      </p>
    </div>
  );
}
