import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import type { Role } from "../../shared/access/roles";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { SessionView } from "../../shared/session/session-state";
import { call, failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import { TextField } from "../design/TextField";
import { UpdateNotice } from "../updates/UpdateNotice";
import { Cover } from "./Cover";
import styles from "./Cover.module.css";

export interface SignInProps {
  readonly status: AppStatus;
  readonly onSignedIn: (session: SessionView) => void;
}

/** Sign-in by username and password, and in the demo hospital by one press. */
export function SignIn({ status, onSignedIn }: SignInProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const passwordBox = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const signIn = useMutation({
    mutationFn: (by: { username: string; password: string } | { role: Role }) =>
      "role" in by ? call("session.signInDemo", by) : call("session.signIn", by),
    onSuccess: onSignedIn,
    // What was typed is kept; the next thing typed replaces the password.
    onError: (_error, by) => {
      if (!("role" in by)) passwordBox.current?.select();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username.trim() === "" || password === "" || signIn.isPending) return;
    signIn.mutate({ username, password });
  };

  return (
    <Cover foot={<Foot status={status} />} demo={status.demo}>
      <h1>Sign in</h1>
      <form className={styles.form} onSubmit={submit} aria-label="Sign in">
        <TextField
          label="Username"
          value={username}
          onChange={setUsername}
          autoFocus
          autoComplete="username"
          maxLength={80}
        />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          maxLength={256}
          ref={passwordBox}
        />
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
      {status.demo ? <DemoAccounts isBusy={signIn.isPending} onChoose={(role) => signIn.mutate({ role })} /> : null}
      <UpdateNotice />
      {status.notices.map((notice) => (
        <Notice key={notice} kind="info">
          {notice}
        </Notice>
      ))}
    </Cover>
  );
}

function Foot({ status }: { readonly status: AppStatus }) {
  const where = status.database === "embedded" ? "Database on this machine" : "Central database";
  return `${where}. Version ${status.version}. What you open is recorded.`;
}

interface DemoAccountsProps {
  readonly isBusy: boolean;
  readonly onChoose: (role: Role) => void;
}

/** One button a role; the demo hospital's people are invented. */
function DemoAccounts({ isBusy, onChoose }: DemoAccountsProps) {
  const title = useId();
  const answer = useQuery({
    ...commandQuery("session.demoAccounts", {}),
    // While the database is away nothing else on this page would ask again.
    refetchInterval: (query) => (query.state.status === "error" ? 2000 : false),
  });
  const accounts = answer.data?.accounts ?? [];
  if (accounts.length === 0) return null;
  return (
    // a fieldset would belong to the form above
    <div role="group" aria-labelledby={title} className={styles.accounts}>
      <h2 id={title}>Demo accounts</h2>
      <p className={styles.small}>Invented people. One press signs in.</p>
      <div className={styles.grid}>
        {accounts.map(({ role, name }) => (
          <div key={role} className={styles.account}>
            <Button isDisabled={isBusy} aria-describedby={`${title}-${role}`} onPress={() => onChoose(role)}>
              {role}
            </Button>
            <span id={`${title}-${role}`} className={styles.small}>
              {name}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
