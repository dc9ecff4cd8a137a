import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import type { ConnectionView } from "../../shared/workstation/connection";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { DecidedByIt } from "./DecidedByIt";
import styles from "./FirstStart.module.css";

export interface FirstStartProps {
  readonly view: ConnectionView;
  readonly message: string | null;
  readonly onConnect: () => void;
}

/** The first start: invented people to try the app with, or the hospital's own database. */
export function FirstStart({ view, message, onConnect }: FirstStartProps) {
  return (
    <>
      <h1>First start</h1>
      <p>{message ?? "The database is ready and holds no hospital yet."}</p>
      <DemoChoice allowed={view.demoAllowed} central={view.kind === "central"} />
      {view.locked ? (
        <DecidedByIt view={view} />
      ) : (
        <ConnectionChoices central={view.kind === "central"} onConnect={onConnect} />
      )}
    </>
  );
}

function DemoChoice({ allowed, central }: { readonly allowed: boolean; readonly central: boolean }) {
  const title = useId();
  const load = useMutation({ mutationFn: () => call("hospital.loadDemo", {}) });
  return (
    <section aria-labelledby={title} className={styles.choice}>
      <h2 id={title}>Try it with invented people</h2>
      {allowed ? (
        <>
          <p>
            Six accounts with a public password, 50 invented patients with charts, wards and shifts. It is loaded once,
            into this empty database, and marked DEMO on every screen and every printed page.
          </p>
          <div>
            <Button variant="primary" isDisabled={load.isPending || load.isSuccess} onPress={() => load.mutate()}>
              Load demo hospital
            </Button>
          </div>
          {load.isError ? <ErrorState failure={failureOf(load.error)} onRetry={() => load.mutate()} /> : null}
        </>
      ) : (
        <p>
          {central
            ? "The demo hospital may not be loaded into a central database from here. IT fills it with lamplight-admin."
            : "The demo hospital may not be loaded on this workstation: IT decided so."}
        </p>
      )}
    </section>
  );
}

function ConnectionChoices({ central, onConnect }: { readonly central: boolean; readonly onConnect: () => void }) {
  const title = useId();
  return (
    <section aria-labelledby={title} className={styles.choice}>
      <h2 id={title}>Work with real patients</h2>
      <p>
        {central
          ? "This workstation is connected, and that database holds no hospital yet. IT may have given you another address."
          : "The hospital keeps one database for all its workstations. You need its address and this workstation's password; IT has both."}
      </p>
      <div>
        <Button onPress={onConnect}>Connect to the hospital's database</Button>
      </div>
    </section>
  );
}
