import { useMutation } from "@tanstack/react-query";
import { FileDown, Square } from "lucide-react";
import { useState } from "react";
import type { AuditFilter } from "../../shared/audit/filter";
import type { ExportFormat } from "../../shared/ipc/audit-commands";
import type { EventPayload } from "../../shared/ipc/events";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Select } from "../design/Select";
import { exportWords } from "./audit-words";
import styles from "./ExportPanel.module.css";

const forms: readonly { readonly value: ExportFormat; readonly label: string }[] = [
  { value: "csv", label: "CSV, for a spreadsheet" },
  { value: "json-lines", label: "JSON Lines, can be verified" },
  { value: "fhir", label: "FHIR R4 AuditEvent" },
];

/** Takes what the filter finds out of the app, as a file with its SHA-256 beside it. */
export function ExportPanel({
  filter,
  label = "What the filter finds",
}: {
  readonly filter: AuditFilter;
  readonly label?: string;
}) {
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [progress, setProgress] = useState<EventPayload<"audit.progress"> | null>(null);
  useWardEvent("audit.progress", setProgress);
  const run = useMutation({
    mutationFn: () => {
      setProgress(null);
      return call("audit.export", { format, filter });
    },
  });
  const stop = useMutation({ mutationFn: () => call("audit.stopExport", {}) });
  return (
    <section aria-label="Export" className={styles.panel} data-print="no">
      <Select label={`Export: ${label.toLowerCase()}`} value={format} onChange={setFormat} options={forms} />
      <Button
        isDisabled={run.isPending}
        onPress={() => {
          stop.reset();
          run.mutate();
        }}
      >
        <FileDown aria-hidden size={16} />
        Export…
      </Button>
      {run.isPending && progress ? (
        <Button isDisabled={stop.isPending || stop.isSuccess} onPress={() => stop.mutate()}>
          <Square aria-hidden size={14} />
          Stop
        </Button>
      ) : null}
      {run.isPending ? (
        <progress
          aria-label="Entries exported"
          max={Math.max(1, progress?.of ?? 1)}
          {...(progress ? { value: progress.done } : {})}
        />
      ) : null}
      <p role="status" className={styles.words}>
        {run.isPending && progress === null
          ? "Waiting for a file to be chosen."
          : run.data
            ? exportWords(run.data)
            : ""}
      </p>
      {run.error ? (
        <ErrorState failure={failureOf(run.error)} title="not exported" onRetry={() => run.mutate()} />
      ) : null}
      {stop.error ? <ErrorState failure={failureOf(stop.error)} title="not stopped" /> : null}
    </section>
  );
}
