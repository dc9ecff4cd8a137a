import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AreaProps } from "../app/area-props";
import { failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Skeleton } from "../design/Skeleton";
import { ChartTabs } from "../patient/ChartTabs";
import type { ChartTab } from "../patient/chart-tabs";
import { NeedsNetwork } from "./NeedsNetwork";
import styles from "./OfflineChart.module.css";
import { OfflinePatientBanner } from "./OfflinePatientBanner";
import { OfflineMedicines, OfflineOverview, OfflineVitals, type ReducedTabProps } from "./reduced-tabs";

const readable: Partial<Readonly<Record<ChartTab, (props: ReducedTabProps) => ReactNode>>> = {
  overview: OfflineOverview,
  vitals: OfflineVitals,
  medications: OfflineMedicines,
};

/** What of one chart is in the ward's copy; every other tab is there and says that it needs the network. */
export function OfflineChart({ session, place, go }: AreaProps) {
  const patientId = place.patientId ?? "";
  const query = useQuery({
    ...commandQuery("offline.chart", { patient_id: patientId }),
    gcTime: 0,
    retry: false,
    // Each opening is told to the audit: once is enough for as long as the page is open.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const toWard = <Button onPress={() => go({ area: "ward" })}>To the ward's copy</Button>;
  if (query.data === undefined)
    return query.isError ? (
      <div className={styles.notOpen}>
        <h1>Chart not open</h1>
        <ErrorState failure={failureOf(query.error)} onRetry={() => void query.refetch()} />
        {toWard}
      </div>
    ) : (
      <Skeleton rows={8} label="Opening the chart's copy" />
    );
  const { as_of: at, patient } = query.data;
  const given = { patient, at, records: may(session.person.role, "vital-signs.record"), form: place.form };
  return (
    <>
      <OfflinePatientBanner patient={patient} at={at} />
      <ChartTabs
        place={place}
        go={go}
        content={({ id, title }) => {
          const Tab = readable[id];
          return Tab ? <Tab {...given} /> : <NeedsNetwork title={title} action={toWard} />;
        }}
      />
    </>
  );
}
