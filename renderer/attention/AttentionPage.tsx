import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { RefusalDecision, RefusedObservation } from "../../shared/clinical/refused-observation";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { EmptyState } from "../design/EmptyState";
import { Notice } from "../design/Notice";
import { Page } from "../design/Page";
import { QueryView } from "../design/QueryView";
import styles from "./AttentionPage.module.css";
import { LocalEntries } from "./LocalEntries";
import { RefusedEntry } from "./RefusedEntry";
import { SettleDialog } from "./SettleDialog";

/** Vital signs that were entered while the network was away and did not get into a chart, until somebody decides about each. */
export function AttentionPage({ session, go }: AreaProps) {
  const query = useQuery({ ...toolQuery("get_refused_observations", {}), staleTime: 0 });
  const [deciding, setDeciding] = useState<{ entry: RefusedObservation; decision: RefusalDecision } | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const decides = may(session.person.role, "vital-signs.record");
  const known = new Set((query.data?.entries ?? []).flatMap(({ entry_id }) => (entry_id === null ? [] : [entry_id])));
  return (
    <Page title="Needs attention">
      <div className={styles.stack}>
        <p>
          These observations were entered while the network was away and are in no chart. Each stays here until somebody
          on the care team takes it over or puts it aside.
        </p>
        {done ? (
          <Notice kind="info" live title="settled.">
            {done}
          </Notice>
        ) : null}
        <QueryView
          query={query}
          label="Looking for entries that need attention"
          isEmpty={({ entries }) => entries.length === 0}
          empty={
            <EmptyState
              title="Nothing waits for you"
              action={<Button onPress={() => go({ area: "ward" })}>To the ward</Button>}
            >
              Every set that reached the database is in its chart, or was settled.
            </EmptyState>
          }
        >
          {({ entries }) => (
            <ul className={styles.entries}>
              {entries.map((entry) => (
                <li key={entry.id}>
                  <RefusedEntry
                    entry={entry}
                    decides={decides}
                    go={go}
                    onDecide={(decision) => {
                      setDone(null);
                      setDeciding({ entry, decision });
                    }}
                  />
                </li>
              ))}
            </ul>
          )}
        </QueryView>
        <LocalEntries known={known} />
      </div>
      {deciding ? (
        <SettleDialog
          key={`${deciding.entry.id} ${deciding.decision}`}
          {...deciding}
          onClose={() => setDeciding(null)}
          onSettled={(words) => {
            setDeciding(null);
            setDone(words);
          }}
        />
      ) : null}
    </Page>
  );
}
