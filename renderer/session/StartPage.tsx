import { useMutation } from "@tanstack/react-query";
import type { AppStatus } from "../../shared/ipc/app-commands";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import { Cover } from "./Cover";
import styles from "./Cover.module.css";

export interface StartPageProps {
  readonly status: AppStatus | null;
  readonly error: unknown;
  readonly retry?: () => void;
}

/** What is shown while there is nothing to sign in to: the database starts, is empty, is being filled, or does not answer. */
export function StartPage({ status, error, retry }: StartPageProps) {
  if (status === null) {
    return (
      <Cover>
        {error ? (
          <ErrorState failure={failureOf(error)} onRetry={retry} />
        ) : (
          <Working title="Starting" words="Asking the app how far it is." />
        )}
      </Cover>
    );
  }
  return <Cover foot={`Version ${status.version}`}>{phase(status)}</Cover>;
}

function phase(status: AppStatus) {
  switch (status.phase) {
    case "starting":
      return (
        <Working
          title="Starting the database"
          words={status.message ?? "This takes a few seconds. The first start on a machine takes longer."}
        />
      );
    case "loading-demo":
      return (
        <Working
          title="Loading the demo hospital"
          words={
            status.message ?? "Wards, patients and accounts are being written. Sign-in opens by itself when it is done."
          }
        />
      );
    case "empty":
      return <FirstStart message={status.message} />;
    case "unavailable":
      return (
        <>
          <h1>The database does not answer</h1>
          <Notice kind="warning" live>
            {status.message ?? "Nothing you saved is lost."}
          </Notice>
          <p>The app tries again by itself; this page changes as soon as it succeeds. If it stays, tell IT.</p>
          <progress className={styles.progress} aria-label="Trying again" />
        </>
      );
    case "ready":
      return null;
  }
}

function Working({ title, words }: { readonly title: string; readonly words: string }) {
  return (
    <>
      <h1>{title}</h1>
      <progress className={styles.progress} aria-label={title} />
      <p role="status">{words}</p>
    </>
  );
}

function FirstStart({ message }: { readonly message: string | null }) {
  const load = useMutation({ mutationFn: () => call("hospital.loadDemo", {}) });
  return (
    <>
      <h1>First start</h1>
      <p>{message ?? "The database is ready and holds no hospital yet."}</p>
      <p>
        The demo hospital brings invented people only: six accounts with a public password, 50 patients with charts,
        wards and shifts. It is loaded once, into this empty database, and marked DEMO on every screen.
      </p>
      <div className={styles.actions}>
        <Button variant="primary" isDisabled={load.isPending || load.isSuccess} onPress={() => load.mutate()}>
          Load demo hospital
        </Button>
      </div>
      {load.isError ? <ErrorState failure={failureOf(load.error)} onRetry={() => load.mutate()} /> : null}
      <p className={styles.small}>
        For a real hospital do not load it: close Lamplight and start it with the hospital's own database. The README
        says how.
      </p>
    </>
  );
}
