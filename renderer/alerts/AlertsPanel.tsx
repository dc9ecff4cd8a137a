import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Alert } from "../../shared/alerts/alert";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { EmptyState } from "../design/EmptyState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { usePulse } from "../session/use-pulse";
import { AlertCard } from "./AlertCard";
import styles from "./AlertsPanel.module.css";
import { JudgeDialog } from "./JudgeDialog";

type Shown = "open" | "handled";

/** The work list of what the rules over the audit found. */
export function AlertsPanel({ role }: { readonly role: Role }) {
  const client = useQueryClient();
  const [shown, setShown] = useState<Shown>("open");
  const [judged, setJudged] = useState<Alert | null>(null);
  // Each reading is an entry of the audit: it happens when the page opens, on request, and when the count has changed.
  const alerts = useQuery({ ...toolQuery("get_alerts", { state: shown }), staleTime: Number.POSITIVE_INFINITY });
  const again = () => void client.invalidateQueries({ queryKey: ["tool", "get_alerts"] });
  const { alerts: waiting } = usePulse();
  const before = useRef(waiting);
  useEffect(() => {
    if (before.current !== waiting) void client.invalidateQueries({ queryKey: ["tool", "get_alerts"] });
    before.current = waiting;
  }, [waiting, client]);
  return (
    <Panel
      title="Alerts"
      aside={
        <Button isDisabled={alerts.isFetching} onPress={again}>
          Look again
        </Button>
      }
    >
      <OpenOrHandled shown={shown} onChange={setShown} />
      <QueryView
        query={alerts}
        label="Reading the alerts"
        isEmpty={(data) => data.alerts.length === 0}
        empty={
          <EmptyState title={shown === "open" ? "No open alerts" : "No alert has been judged yet"}>
            {shown === "open" ? "The rules look at every entry of the audit, day and night." : null}
          </EmptyState>
        }
      >
        {(data) => (
          <>
            <ul className={styles.list} aria-label="Alerts">
              {data.alerts.map((alert) => (
                <AlertCard
                  key={alert.id}
                  alert={alert}
                  mayHandle={may(role, "alerts.handle")}
                  mayContain={may(role, "people.manage")}
                  onJudge={setJudged}
                  onContained={again}
                />
              ))}
            </ul>
            {data.truncated ? <p>The list ends here; there are more. Acknowledge some to see them.</p> : null}
          </>
        )}
      </QueryView>
      <JudgeDialog
        alert={judged}
        onClose={() => setJudged(null)}
        onJudged={() => {
          setJudged(null);
          again();
        }}
      />
    </Panel>
  );
}

function OpenOrHandled({ shown, onChange }: { readonly shown: Shown; readonly onChange: (shown: Shown) => void }) {
  return (
    <fieldset className={styles.choice}>
      <legend className="visually-hidden">Which alerts</legend>
      <label>
        <input type="radio" name="alerts-shown" checked={shown === "open"} onChange={() => onChange("open")} /> Open
      </label>
      <label>
        <input type="radio" name="alerts-shown" checked={shown === "handled"} onChange={() => onChange("handled")} />{" "}
        Judged
      </label>
    </fieldset>
  );
}
