import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AppStatus } from "../../shared/ipc/app-commands";
import { failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import { ConnectionForm } from "./ConnectionForm";
import { Cover } from "./Cover";
import styles from "./Cover.module.css";
import { type ConnectionDraft, draftOf } from "./connection-draft";
import { FirstStart } from "./FirstStart";
import { Unavailable } from "./Unavailable";

export interface StartPageProps {
  readonly status: AppStatus | null;
  readonly error: unknown;
  readonly retry?: () => void;
  /** Back to the sign-in that needs no network, where somebody can use it. */
  readonly onOffline?: () => void;
}

/** What is shown while there is nothing to sign in to: the database starts, is empty, is being filled, or does not answer. */
export function StartPage({ status, error, retry, onOffline }: StartPageProps) {
  // Kept here, above every phase: what was typed outlives a try of the app to reach the database.
  const [draft, setDraft] = useState<ConnectionDraft | null>(null);
  const [connecting, setConnecting] = useState(false);
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
  const choosable = status.phase === "empty" || status.phase === "unavailable";
  return (
    <Cover
      foot={`Version ${status.version}`}
      demo={status.demo}
      wide={status.phase === "unavailable" || (connecting && choosable)}
    >
      {choosable ? (
        <Choosable
          status={status}
          draft={draft}
          onDraft={setDraft}
          connecting={connecting}
          onConnecting={setConnecting}
        />
      ) : (
        working(status)
      )}
      {onOffline && !connecting ? (
        <div>
          <Button onPress={onOffline}>Sign in without the network</Button>
        </div>
      ) : null}
      {status.notices.map((notice) => (
        <Notice key={notice} kind="info">
          {notice}
        </Notice>
      ))}
    </Cover>
  );
}

function working(status: AppStatus) {
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
    case "unavailable":
    case "ready":
      return null;
  }
}

interface ChoosableProps {
  readonly status: AppStatus;
  readonly draft: ConnectionDraft | null;
  readonly onDraft: (draft: ConnectionDraft) => void;
  readonly connecting: boolean;
  readonly onConnecting: (connecting: boolean) => void;
}

/** The two phases in which another database may be chosen, where IT has not decided it. */
function Choosable({ status, draft, onDraft, connecting, onConnecting }: ChoosableProps) {
  const connection = useQuery({ ...commandQuery("connection.view", {}), staleTime: 0 });
  const view = connection.data ?? null;
  if (connecting && view !== null && !view.locked) {
    return (
      <>
        <h1>The hospital's database</h1>
        <ConnectionForm
          view={view}
          draft={draft ?? draftOf(view)}
          onDraft={onDraft}
          onBack={() => onConnecting(false)}
          onJoined={() => onConnecting(false)}
        />
      </>
    );
  }
  if (status.phase === "unavailable") {
    return <Unavailable status={status} view={view} onConnect={() => onConnecting(true)} />;
  }
  if (view !== null) return <FirstStart view={view} message={status.message} onConnect={() => onConnecting(true)} />;
  return (
    <>
      <h1>First start</h1>
      {connection.isError ? (
        <ErrorState failure={failureOf(connection.error)} onRetry={() => void connection.refetch()} />
      ) : (
        <p role="status">Asking which databases may be used here.</p>
      )}
    </>
  );
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
