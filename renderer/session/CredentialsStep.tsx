import { useMutation } from "@tanstack/react-query";
import { Nfc } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Role } from "../../shared/access/roles";
import type { SignInStep } from "../../shared/session/sign-in";
import type { BadgeRead, WaitingPerson } from "../../shared/session/waiting";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import { badgeReadWords } from "./badge-words";
import styles from "./Cover.module.css";
import { CredentialFields } from "./CredentialFields";
import { DemoAccounts } from "./DemoAccounts";

export interface CredentialsStepProps {
  readonly demo: boolean;
  readonly username: string;
  readonly onUsername: (username: string) => void;
  /** Whether the username was put there for somebody who was chosen on the lock page. */
  readonly known: boolean;
  /** Where there is a reader: what it read last. */
  readonly badge: { readonly read: BadgeRead | null } | null;
  /** Whose locked sessions wait on this workstation. */
  readonly waiting: readonly WaitingPerson[];
  /** Why the page is back here, where it was not the person's own wish. */
  readonly message: string | null;
  readonly onStep: (step: SignInStep) => void;
}

/** Sign-in by username and password, and in the demo hospital by one press. */
export function CredentialsStep(props: CredentialsStepProps) {
  const { demo, username, onUsername, known, badge, waiting, message, onStep } = props;
  const [password, setPassword] = useState("");
  const passwordBox = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const signIn = useMutation({
    mutationFn: (by: { username: string; password: string } | { role: Role }) =>
      "role" in by ? call("session.signInDemo", by) : call("session.signIn", by),
    onSuccess: onStep,
    // What was typed is kept; the next thing typed replaces the password.
    onError: (_error, by) => {
      if (!("role" in by)) passwordBox.current?.select();
    },
    gcTime: 0,
  });
  // Who it is, is told already: the next key belongs to the password.
  const told = known || badge?.read?.outcome === "holder";
  useEffect(() => {
    if (told) passwordBox.current?.focus();
  }, [told, badge?.read]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username.trim() === "" || password === "" || signIn.isPending) return;
    signIn.mutate({ username, password });
  };
  return (
    <>
      <h1>Sign in</h1>
      {message ? (
        <Notice kind="warning" live>
          {message}
        </Notice>
      ) : null}
      <form className={styles.form} onSubmit={submit} aria-label="Sign in">
        <CredentialFields
          username={username}
          onUsername={onUsername}
          password={password}
          onPassword={setPassword}
          passwordBox={passwordBox}
        />
        {badge ? (
          <p role="status" aria-label="Badge" className={styles.badge}>
            <Nfc aria-hidden size={20} />
            {badge.read ? badgeReadWords(badge.read) : "Or hold your badge to the reader: it fills in who you are."}
          </p>
        ) : null}
        {signIn.isError ? <ErrorState failure={failureOf(signIn.error)} /> : null}
        <div className={styles.actions}>
          <Button
            type="submit"
            variant="primary"
            isDisabled={username.trim() === "" || password === "" || signIn.isPending}
          >
            Sign in
          </Button>
          <span role="status">{signIn.isPending ? "Checking" : ""}</span>
        </div>
      </form>
      {waiting.length > 0 ? (
        <p className={styles.small}>
          Locked here and waiting for their person: {waiting.map(({ name }) => name).join(", ")}.
        </p>
      ) : null}
      {demo ? <DemoAccounts isBusy={signIn.isPending} onChoose={(role) => signIn.mutate({ role })} /> : null}
    </>
  );
}
