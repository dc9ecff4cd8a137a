import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Overview } from "../../shared/clinical/chart";
import type { AreaProps } from "../app/area-props";
import { failureOf } from "../bridge/call";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { useNow } from "../design/clock";
import { EmptyState } from "../design/EmptyState";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { Skeleton } from "../design/Skeleton";
import { BreakGlassButton } from "../emergency/BreakGlassButton";
import { MedicationsTab } from "../medications/MedicationsTab";
import { AdmissionsTab } from "../records/AdmissionsTab";
import { AppointmentsTab } from "../records/AppointmentsTab";
import { DiagnosesTab } from "../records/DiagnosesTab";
import { RecordsTab } from "../records/RecordsTab";
import { TreatmentTab } from "../records/TreatmentTab";
import { VitalsTab } from "../vitals/VitalsTab";
import { ChartTabs } from "./ChartTabs";
import type { ChartTabProps } from "./chart-tab-props";
import { type ChartTab, closedTo } from "./chart-tabs";
import { IdentityTab } from "./IdentityTab";
import { OverviewTab } from "./OverviewTab";
import { PatientBanner } from "./PatientBanner";
import styles from "./PatientPage.module.css";

const pages: Readonly<Record<ChartTab, (props: ChartTabProps) => ReactNode>> = {
  overview: OverviewTab,
  vitals: VitalsTab,
  medications: MedicationsTab,
  records: RecordsTab,
  diagnoses: DiagnosesTab,
  treatment: TreatmentTab,
  appointments: AppointmentsTab,
  admissions: AdmissionsTab,
  identity: IdentityTab,
};

/** One patient's chart: the banner, and one tab below it. */
export function PatientPage(props: AreaProps) {
  const patientId = props.place.patientId ?? "";
  const query = useQuery(toolQuery("get_patient_overview", { patient_id: patientId }));
  if (query.data === undefined) {
    if (!query.isError) return <Skeleton rows={8} label="Loading the chart" />;
    return <NotOpen {...props} error={query.error} retry={() => void query.refetch()} />;
  }
  return <Chart {...props} patientId={patientId} overview={query.data} />;
}

function Chart(props: AreaProps & { readonly patientId: string; readonly overview: Overview }) {
  const { session, place, go, overview } = props;
  const role = session.person.role;
  const now = useNow();
  return (
    <>
      <PatientBanner role={role} overview={overview} go={go} />
      <p className={styles.printed}>
        Printed by {session.person.name} ({role}), {formatMoment(new Date(now).toISOString())}. Confidential.
      </p>
      <ChartTabs
        place={place}
        go={go}
        content={(tab) => {
          if (!may(role, tab.needs)) {
            return (
              <EmptyState title={closedTo(role, tab.needs)}>
                Ask a colleague whose role may, if you need it for your work.
              </EmptyState>
            );
          }
          const Tab = pages[tab.id];
          return <Tab {...props} itemId={place.itemId} />;
        }}
      />
    </>
  );
}

interface NotOpenProps extends AreaProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** No chart: not there, not this person's, or not answered. The first two are one answer, on purpose. */
function NotOpen({ session, place, go, error, retry }: NotOpenProps) {
  const failure = failureOf(error);
  return (
    <div className={styles.notOpen}>
      <h1>Chart not open</h1>
      <ErrorState failure={failure} onRetry={retry} />
      <div className={styles.ways}>
        <Button onPress={() => go({ area: "ward" })}>To the ward</Button>
        <Button onPress={() => go({ area: "patients" })}>Find a patient</Button>
        {failure.code === "PATIENT_NOT_FOUND" ? (
          <BreakGlassButton role={session.person.role} patientId={place.patientId ?? ""} />
        ) : null}
      </div>
    </div>
  );
}
