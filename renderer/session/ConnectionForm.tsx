import { type FormEvent, useState } from "react";
import type { ConnectionView } from "../../shared/workstation/connection";
import { failureOf } from "../bridge/bridge-failure";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { TextField } from "../design/TextField";
import styles from "./ConnectionForm.module.css";
import { ConnectionSteps } from "./ConnectionSteps";
import { addressFault, type ConnectionDraft, sameDraft } from "./connection-draft";
import { failedStep, testWords } from "./connection-words";
import { useConnection } from "./use-connection";

export interface ConnectionFormProps {
  readonly view: ConnectionView;
  readonly draft: ConnectionDraft;
  readonly onDraft: (draft: ConnectionDraft) => void;
  readonly onBack: () => void;
  /** The choice is kept, and the app is opening that database. */
  readonly onJoined: () => void;
}

/** The hospital's own database: where it is, how to prove it, and a test that says step by step what is wrong. */
export function ConnectionForm({ view, draft, onDraft, onBack, onJoined }: ConnectionFormProps) {
  const { test, run } = useConnection(onJoined);
  const [fault, setFault] = useState<string | null>(null);
  const busy = run.isPending || run.data?.joined === true;
  const start = (join: boolean) => {
    const found = addressFault(draft.url);
    setFault(found);
    if (found !== null || busy) return;
    run.mutate({ draft, join });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start(true);
  };
  const change = (part: Partial<ConnectionDraft>) => {
    setFault(null);
    onDraft({ ...draft, ...part });
  };
  return (
    <div className={styles.columns}>
      <form className={styles.form} aria-label="Hospital database" onSubmit={submit} noValidate>
        <TextField
          label="Database address"
          value={draft.url}
          onChange={(url) => change({ url })}
          error={fault}
          description={
            <>
              For instance
              <code className={styles.example}>postgresql://lamplight_app@db.hospital.example:5432/lamplight</code>
              IT knows it. Several servers: their names with commas between them.
            </>
          }
          maxLength={400}
          autoFocus
        />
        <TextField
          label="Password"
          type="password"
          value={draft.password}
          onChange={(password) => change({ password })}
          description={
            <>
              Of this workstation's login. {view.secretsKept}
              {view.source === "chosen" ? " Leave it empty to use the one that is kept for this address." : ""}
            </>
          }
          maxLength={256}
        />
        <TextField
          label="Certificate authority"
          multiline
          value={draft.certificateAuthority}
          onChange={(certificateAuthority) => change({ certificateAuthority })}
          description="Paste the text that begins with -----BEGIN CERTIFICATE-----. Empty: the authorities that this machine trusts already."
          maxLength={64_000}
        />
        {run.isError ? <ErrorState failure={failureOf(run.error)} title="not connected" /> : null}
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={busy}>
            Connect
          </Button>
          <Button isDisabled={busy} onPress={() => start(false)}>
            Test connection
          </Button>
          <Button variant="quiet" isDisabled={busy} onPress={onBack}>
            Back
          </Button>
        </div>
      </form>
      <section className={styles.answer} aria-label="What the test found">
        <h2>Connection test</h2>
        <p role="status" className={styles.status}>
          {statusWords(run, test, draft)}
        </p>
        <ConnectionSteps test={test?.found ?? null} />
        <p className={styles.soft}>A test opens one connection and changes nothing.</p>
      </section>
    </div>
  );
}

function statusWords(
  run: ReturnType<typeof useConnection>["run"],
  test: ReturnType<typeof useConnection>["test"],
  draft: ConnectionDraft,
): string {
  if (run.isPending) return "Testing the connection. This can take some seconds where nothing answers.";
  if (run.data?.joined) return "Connected. The hospital opens.";
  if (test === null) return "Not tested yet.";
  if (!sameDraft(test.draft, draft)) return "What you typed has changed since this test.";
  const refused = run.variables?.join === true && failedStep(test.found) !== null;
  return `${testWords(test.found)}${refused ? " Not connected, and nothing was changed." : ""}`;
}
