import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import type { UpdateView } from "../../shared/workstation/updates";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Facts } from "../design/Facts";
import { formatMoment } from "../design/format";
import { Notice } from "../design/Notice";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import styles from "./UpdatesPanel.module.css";
import { updateStates } from "./update-words";
import { useUpdate } from "./use-update";

const underWay: readonly UpdateView["state"][] = ["checking", "downloading"];

/** Which version runs, what the hospital's feed offers, and the way to ask it now. */
export function UpdatesPanel() {
  const client = useQueryClient();
  const query = useUpdate();
  const check = useMutation({
    mutationFn: () => call("updates.check", {}),
    onSuccess: (view) => client.setQueryData(commandQuery("updates.view", {}).queryKey, view),
  });
  return (
    <Panel title="Updates">
      <QueryView query={query} label="Loading how far updates are" rows={3}>
        {(view) => (
          <div className={styles.panel}>
            {view.state === "refused" || view.state === "failed" ? (
              <Notice kind="warning" live title={updateStates[view.state].toLowerCase()}>
                {view.message}
              </Notice>
            ) : (
              <p role="status">{view.message}</p>
            )}
            <Facts facts={factsOf(view)} />
            {view.state === "off" ? (
              <p className={styles.soft}>
                While updates are off, Lamplight opens no connection for them. IT turns them on in the managed
                configuration.
              </p>
            ) : (
              <div className={styles.row}>
                <Button isDisabled={check.isPending || underWay.includes(view.state)} onPress={() => check.mutate()}>
                  <RefreshCw aria-hidden size={16} /> Check now
                </Button>
                <span>{check.isPending ? "Asking the feed" : ""}</span>
              </div>
            )}
            {check.isError ? <ErrorState failure={failureOf(check.error)} title="not checked" /> : null}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function factsOf(view: UpdateView): Parameters<typeof Facts>[0]["facts"] {
  const asked =
    view.checkedAt === null ? (
      "Never"
    ) : (
      <>
        {formatMoment(view.checkedAt)} (<Age at={view.checkedAt} />)
      </>
    );
  return [
    ["Updates", updateStates[view.state]],
    ["Running", `Version ${view.version}`],
    ...(view.state === "off"
      ? []
      : ([
          ["Offered", view.offered === null ? "Nothing newer known" : `Version ${view.offered}`],
          ["Feed", view.feed ?? "Not set"],
          ["Last asked", asked],
        ] as const)),
  ];
}
