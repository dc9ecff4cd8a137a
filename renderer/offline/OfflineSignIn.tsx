import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { OfflineState } from "../../shared/offline/offline-state";
import type { SessionView } from "../../shared/session/session-state";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { formatTime } from "../design/format";
import { Notice } from "../design/Notice";
import { Cover } from "../session/Cover";
import styles from "../session/Cover.module.css";
import { CredentialFields } from "../session/CredentialFields";

export interface OfflineSignInProps {
  readonly status: AppStatus;
  readonly state: OfflineState;
  readonly onSignedIn: (session: SessionView) => void;
  /** To what is known of the connection, and to another one. */
  readonly onConnection: () => void;
}

/** Sign-in while the database is away, for who signed in here within the last twelve hours. */
export function OfflineSignIn({ status, state, onSignedIn, onConnection }: OfflineSignInProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const passwordBox = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const signIn = useMutation({
    mutationFn: (by: { username: string; password: string }) => call("session.signIn", by),
    onSuccess: (answer) => {
      // Any other step belongs to the database, which came back just now: its own page asks for it.
      if (answer.step === "done") onSignedIn(answer.session);
    },
    onError: () => passwordBox.current?.select(),
    gcTime: 0,
  });
  const ready = username.trim() !== "" && password !== "" && !signIn.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) signIn.mutate({ username, password });
  };
  return (
    <Cover foot={`Version ${status.version}. What you open is recorded.`} demo={status.demo}>
      <h1>Sign in</h1>
      <Notice kind="info" live title="working without the network.">
        {state.awaySince ? `The network is away since ${formatTime(state.awaySince)}. ` : ""}
        Whoever signed in here within the last twelve hours can read their ward's last copy and enter vital signs. This
        page changes by itself when the network is back.
      </Notice>
      <form className={styles.form} onSubmit={submit} aria-label="Sign in">
        <CredentialFields
          username={username}
          onUsername={setUsername}
          password={password}
          onPassword={setPassword}
          passwordBox={passwordBox}
        />
        {signIn.isError ? <ErrorState failure={failureOf(signIn.error)} /> : null}
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Sign in
          </Button>
          <span role="status">{signIn.isPending ? "Checking" : ""}</span>
        </div>
      </form>
      <p className={styles.small}>
        For IT: {status.message ?? "the database does not answer."}
        {status.reason ? ` Code ${status.reason}.` : ""}
      </p>
      <div>
        <Button variant="quiet" onPress={onConnection}>
          About the connection
        </Button>
      </div>
      {state.notice ? <p className={styles.small}>{state.notice}</p> : null}
    </Cover>
  );
}
