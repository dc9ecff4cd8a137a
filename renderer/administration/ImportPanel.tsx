import { useMutation } from "@tanstack/react-query";
import { FileUp, Square } from "lucide-react";
import { useState } from "react";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Panel } from "../design/Panel";
import styles from "./ImportPanel.module.css";
import { ImportReportView } from "./ImportReportView";
import { type ImportProgress, importWords, progressWords } from "./import-words";

/** Imports FHIR bundles: choose, watch, stop, and read what was stored and what was not. */
export function ImportPanel({ onAdmit }: { readonly onAdmit: (patientId: string) => void }) {
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  useWardEvent("import.progress", setProgress);
  const run = useMutation({
    mutationFn: () => {
      setProgress(null);
      return call("import.chooseAndRun", {});
    },
  });
  const stop = useMutation({ mutationFn: () => call("import.stop", {}) });
  return (
    <Panel title="Import patients">
      <div className={styles.panel}>
        <p>
          FHIR R4 bundles (JSON), one patient in each file. A file is stored whole or not at all, and importing it again
          changes nothing.
        </p>
        <div className={styles.row}>
          <Button
            variant="primary"
            isDisabled={run.isPending}
            onPress={() => {
              stop.reset();
              run.mutate();
            }}
          >
            <FileUp aria-hidden size={16} />
            Choose FHIR bundles…
          </Button>
          {run.isPending && progress ? (
            <Button isDisabled={stop.isPending || stop.isSuccess} onPress={() => stop.mutate()}>
              <Square aria-hidden size={14} />
              Stop
            </Button>
          ) : null}
        </div>
        {run.isPending ? <Progress progress={progress} stopping={stop.isPending || stop.isSuccess} /> : null}
        {run.error ? (
          <ErrorState failure={failureOf(run.error)} title="not imported" onRetry={() => run.mutate()} />
        ) : null}
        {stop.error ? <ErrorState failure={failureOf(stop.error)} title="not stopped" /> : null}
        <p role="status">{run.data ? importWords(run.data.reports) : ""}</p>
        {run.data?.reports.map((report, index) => (
          <ImportReportView key={`${report.file} ${index}`} report={report} onAdmit={onAdmit} />
        ))}
      </div>
    </Panel>
  );
}

function Progress({ progress, stopping }: { readonly progress: ImportProgress | null; readonly stopping: boolean }) {
  if (progress === null) return <p>Waiting for the files to be chosen.</p>;
  const words = `${progressWords(progress)}${stopping ? ". Stopping; the file under way is not stored." : ""}`;
  return (
    <div className={styles.progress}>
      <p>{words}</p>
      <progress
        aria-label="Import"
        max={Math.max(1, progress.of)}
        value={progress.phase === "done" ? Math.max(1, progress.of) : progress.done}
      />
    </div>
  );
}
