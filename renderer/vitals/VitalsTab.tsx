import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ToolOutput } from "../../shared/tools/registry";
import { toolQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { EmptyState } from "../design/EmptyState";
import { KeyHint } from "../design/KeyHint";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { useKeys } from "../design/use-keys";
import type { ChartTabProps } from "../patient/chart-tab-props";
import styles from "../records/records.module.css";
import { ObservationsTable } from "./ObservationsTable";
import { observationInterval } from "./observation-interval";
import { RecordObservations } from "./RecordObservations";
import { SetsTable } from "./SetsTable";
import { VitalsTrend } from "./VitalsTrend";

/** The vital signs over time, every set with its score, and the other measurements. */
export function VitalsTab(props: ChartTabProps) {
  return (
    <div className={styles.stack}>
      <RecordObservations {...props} />
      <Recorded {...props} />
    </div>
  );
}

function Recorded({ patientId, itemId }: ChartTabProps) {
  const query = useQuery(toolQuery("get_vital_signs", { patient_id: patientId }));
  return (
    <QueryView
      query={query}
      rows={10}
      label="Loading the vital signs"
      isEmpty={(answer) => answer.vital_signs.length + answer.observations.length === 0}
      empty={
        <EmptyState title="Nothing measured yet">
          No set of observations and no other measurement is recorded.
        </EmptyState>
      }
    >
      {(answer) => <Vitals answer={answer} itemId={itemId} />}
    </QueryView>
  );
}

function Vitals({
  answer,
  itemId,
}: {
  readonly answer: ToolOutput<"get_vital_signs">;
  readonly itemId: string | undefined;
}) {
  const sets = answer.vital_signs;
  const linked = sets.some((set) => set.id === itemId);
  const [asTable, setAsTable] = useState(linked);
  useKeys({ T: () => setAsTable((shown) => !shown) });
  const latest = sets[0];
  return (
    <div className={styles.stack}>
      {latest ? (
        <>
          <Panel
            title="Trend"
            aside={
              <>
                <Age at={latest.recorded_at} prefix="Last set" staleAfterMinutes={observationInterval(latest.score)} />
                <Button variant="quiet" aria-pressed={asTable} onPress={() => setAsTable(!asTable)}>
                  Show as table
                </Button>
                <KeyHint keys="T" />
              </>
            }
          >
            {asTable ? <SetsTable sets={sets} itemId={itemId} /> : <VitalsTrend sets={sets} />}
          </Panel>
          {asTable ? null : (
            <Panel title="Sets of observations" aside={`${sets.length}`}>
              <SetsTable sets={sets} itemId={itemId} />
            </Panel>
          )}
        </>
      ) : (
        <EmptyState title="No set of observations yet">Other measurements are below.</EmptyState>
      )}
      {answer.observations.length > 0 ? <ObservationsTable observations={answer.observations} itemId={itemId} /> : null}
    </div>
  );
}
