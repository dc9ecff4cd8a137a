import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { failures } from "../../shared/failure";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { ConnectionView } from "../../shared/workstation/connection";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { nowMilliseconds } from "../design/clock";
import { AlertDialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { Facts } from "../design/Facts";
import { formatMoment } from "../design/format";
import { Notice } from "../design/Notice";
import cover from "./Cover.module.css";
import { databaseWords, deciders } from "./connection-words";
import { DecidedByIt } from "./DecidedByIt";
import styles from "./Unavailable.module.css";

export interface UnavailableProps {
  readonly status: AppStatus;
  /** null while nobody has answered yet who decided the connection. */
  readonly view: ConnectionView | null;
  readonly onConnect: () => void;
}

/** No database: what happened, that nothing is lost, what to do and whom to tell; and below what IT will ask for. */
export function Unavailable({ status, view, onConnect }: UnavailableProps) {
  const apart = status.reason === "SCHEMA_MISMATCH";
  const [since] = useState(() => new Date(nowMilliseconds()).toISOString());
  return (
    <>
      <h1>{apart ? "Lamplight and the database do not fit together" : "The database does not answer"}</h1>
      <Notice kind="warning" live>
        {status.message ?? failures.DATABASE_UNAVAILABLE}
      </Notice>
      <div className={styles.columns}>
        <div className={styles.forYou}>
          <ul className={styles.list}>
            <li>
              <strong>Nothing that was saved is lost.</strong> It is in the database and comes back with it.
            </li>
            <li>
              <strong>You need not press anything.</strong> Lamplight tries again by itself, and this page changes as
              soon as it succeeds.
            </li>
            <li>
              <strong>{apart ? "Tell IT now" : "If it stays for more than a few minutes, tell IT"}</strong>, and read
              them what stands under “For IT”. Until then work on paper, as your ward does when computers are away.
            </li>
          </ul>
          <progress className={cover.progress} aria-label="Trying again" />
        </div>
        <ForIt status={status} view={view} since={since} onConnect={onConnect} />
      </div>
    </>
  );
}

function ForIt({ status, view, since, onConnect }: UnavailableProps & { readonly since: string }) {
  const title = useId();
  return (
    <section aria-labelledby={title} className={styles.forIt}>
      <h2 id={title}>For IT</h2>
      <Facts
        facts={[
          ["Since", formatMoment(since)],
          ["Database", databaseWords(status.database)],
          ...(view?.url ? ([["Address", view.url]] as const) : []),
          ...(view ? ([["Decided by", deciders[view.source]]] as const) : []),
          ["Version", status.version],
          ...(status.reason ? ([["Code", status.reason]] as const) : []),
        ]}
      />
      {view === null ? null : view.locked ? (
        <DecidedByIt view={view} brief />
      ) : (
        <OtherWays view={view} onConnect={onConnect} />
      )}
    </section>
  );
}

function OtherWays({ view, onConnect }: { readonly view: ConnectionView; readonly onConnect: () => void }) {
  const [asking, setAsking] = useState(false);
  const forget = useMutation({
    mutationFn: () => call("connection.forget", {}),
    onSettled: () => setAsking(false),
  });
  const chosen = view.source === "chosen";
  return (
    <>
      <div className={styles.ways}>
        <Button onPress={onConnect}>{chosen ? "Change connection" : "Connect to the hospital's database"}</Button>
        {chosen ? (
          <Button variant="quiet" isDisabled={forget.isPending} onPress={() => setAsking(true)}>
            Use a database on this machine instead
          </Button>
        ) : null}
      </div>
      {forget.isError ? <ErrorState failure={failureOf(forget.error)} title="not changed" /> : null}
      <AlertDialog
        title="Use a database on this machine instead?"
        isOpen={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button autoFocus onPress={() => setAsking(false)}>
              Keep the hospital's database
            </Button>
            <Button variant="danger" isDisabled={forget.isPending} onPress={() => forget.mutate()}>
              Use this machine's own
            </Button>
          </>
        }
      >
        <p>
          The hospital's patients are not on this machine. Nothing changes in the hospital's database, but this
          workstation forgets its address and password until somebody types them again.
        </p>
      </AlertDialog>
    </>
  );
}
