import { useMutation, useQuery } from "@tanstack/react-query";
import { FileArchive, RefreshCw } from "lucide-react";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { CheckState } from "./CheckState";
import styles from "./HealthPanel.module.css";
import { HealthTable } from "./HealthTable";
import { reportWords } from "./health-words";

/** Whether this workstation and what it depends on are well, and the file that IT asks for when they are not. */
export function HealthPanel() {
  const health = useQuery({ ...commandQuery("health.read", {}), retry: false });
  const bundle = useMutation({ mutationFn: () => call("health.saveBundle", {}) });
  const report = health.data;
  return (
    <Panel title="Health" aside={report ? <Age at={report.takenAt} prefix="Checked" staleAfterMinutes={15} /> : null}>
      <div className={styles.panel}>
        <div className={styles.row}>
          <div role="status" aria-label="Health" className={styles.overall}>
            {report && !health.isFetching ? (
              <>
                <CheckState state={report.state} /> <span>{reportWords(report)}</span>
              </>
            ) : (
              <span>{health.isFetching ? "Looking at everything. This takes a few seconds." : ""}</span>
            )}
          </div>
          <Button isDisabled={health.isFetching} onPress={() => void health.refetch()}>
            <RefreshCw aria-hidden size={16} /> Check again
          </Button>
        </div>
        <QueryView query={health} label="Looking at the workstation's health" rows={9}>
          {(data) => <HealthTable checks={data.checks} />}
        </QueryView>
        <div className={styles.row}>
          <Button isDisabled={bundle.isPending} onPress={() => bundle.mutate()}>
            <FileArchive aria-hidden size={16} /> Save diagnostic bundle
          </Button>
          <p className={styles.soft}>
            For IT: this report, versions, the configuration without its secrets, and the app's own log. Nothing of a
            patient, no names of staff, no password.
          </p>
        </div>
        <p role="status">{bundleWords(bundle)}</p>
        {bundle.isError ? <ErrorState failure={failureOf(bundle.error)} title="not saved" /> : null}
      </div>
    </Panel>
  );
}

function bundleWords({
  data,
  isPending,
}: {
  readonly data: { readonly saved: boolean; readonly file: string | null } | undefined;
  readonly isPending: boolean;
}): string {
  if (isPending) return "Choose where to save. The report is made anew.";
  if (data === undefined) return "";
  if (!data.saved) return "Not saved: no place was chosen.";
  return data.file === null ? "Saved." : `Saved as ${data.file}.`;
}
