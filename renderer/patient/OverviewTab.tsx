import { may } from "../../shared/access/role-permissions";
import { EmptyState } from "../design/EmptyState";
import { Link } from "../design/Link";
import { AllergyPanel } from "./AllergyPanel";
import type { ChartTabProps } from "./chart-tab-props";
import { type ChartTab, closedTo } from "./chart-tabs";
import styles from "./OverviewTab.module.css";
import {
  ActiveDiagnoses,
  CurrentAdmission,
  CurrentMedicines,
  LatestNotes,
  LatestObservations,
  NextAppointments,
} from "./overview-panels";

/** What matters now, on one screen. A panel that the role may not see is absent; what is missing is said once below. */
export function OverviewTab(props: ChartTabProps) {
  const { session, patientId, go } = props;
  const role = session.person.role;
  const more = (tab: ChartTab, words: string) => (
    <Link onPress={() => go({ area: "patient", patientId, tab })}>{words}</Link>
  );
  const clinical = may(role, "vital-signs.read");
  return (
    <div className={styles.grid}>
      <div className={styles.column}>
        {clinical ? <LatestObservations patientId={patientId} aside={more("vitals", "Vitals")} /> : null}
        {may(role, "medications.read") ? (
          <CurrentMedicines patientId={patientId} aside={more("medications", "Medications")} />
        ) : null}
        {clinical ? null : (
          <EmptyState title={closedTo(role, "vital-signs.read")}>
            Nor medicines, allergies, notes or diagnoses.
          </EmptyState>
        )}
      </div>
      <div className={styles.column}>
        {may(role, "allergies.read") ? <AllergyPanel role={role} patientId={patientId} /> : null}
        {may(role, "records.read") ? (
          <ActiveDiagnoses patientId={patientId} aside={more("diagnoses", "Diagnoses")} />
        ) : null}
        {may(role, "records.read") ? <LatestNotes patientId={patientId} aside={more("records", "Records")} /> : null}
        {may(role, "admissions.read") ? (
          <CurrentAdmission patientId={patientId} aside={more("admissions", "Admissions")} />
        ) : null}
        {may(role, "appointments.read") ? (
          <NextAppointments patientId={patientId} aside={more("appointments", "Appointments")} />
        ) : null}
      </div>
    </div>
  );
}
