import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import type { Enrolment } from "../../shared/session/sign-in";
import { failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { TextField } from "../design/TextField";
import styles from "./AuthenticatorSetup.module.css";
import { inGroups } from "./in-groups";
import { QrCode } from "./QrCode";

export interface AuthenticatorSetupProps {
  readonly enrolment: Enrolment;
  /** Sends the first code; throws where it is wrong. */
  readonly confirm: (code: string) => Promise<readonly string[]>;
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void;
  /** The way back, beside the button that goes on. */
  readonly back: ReactNode;
}

/** The second factor: scan or type the key into an authenticator app, then prove it with the first code. */
export function AuthenticatorSetup({ enrolment, confirm, onConfirmed, back }: AuthenticatorSetupProps) {
  const [code, setCode] = useState("");
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const send = useMutation({
    mutationFn: confirm,
    onSuccess: onConfirmed,
    onError: () => {
      box.current?.focus();
      box.current?.select();
    },
    gcTime: 0,
  });
  const ready = code.replaceAll(/\D/gu, "").length === 6;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !send.isPending) send.mutate(code);
  };
  return (
    <form className={styles.setup} onSubmit={submit} aria-label="Set up the second factor">
      <div className={styles.scan}>
        <QrCode
          text={enrolment.uri}
          label="QR code for your authenticator app. The same key stands beside it as letters."
        />
        <ol className={styles.steps}>
          <li>Open an authenticator app on your own phone.</li>
          <li>Scan the square, or type this key:</li>
        </ol>
        <p className={styles.key}>
          <span className="visually-hidden">Key: </span>
          <code>{inGroups(enrolment.secret)}</code>
        </p>
      </div>
      <TextField
        label="One-time code"
        description="The six digits that the app shows now."
        value={code}
        onChange={(value) => {
          send.reset();
          setCode(value);
        }}
        autoFocus
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={12}
        error={send.isError ? failureOf(send.error).message : null}
        ref={box}
      />
      <div className={styles.actions}>
        <Button type="submit" variant="primary" isDisabled={!ready || send.isPending}>
          Confirm code
        </Button>
        {back}
        <span role="status">{send.isPending ? "Checking" : ""}</span>
      </div>
    </form>
  );
}
