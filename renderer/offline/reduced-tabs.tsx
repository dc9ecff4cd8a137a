import type { Medication } from "../../shared/clinical/chart";
import type { SnapshotPatient } from "../../shared/offline/ward-snapshot";
import type { Place } from "../../shared/session/session-state";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatDay } from "../design/format";
import { Panel } from "../design/Panel";
import { ScoreBadge } from "../design/ScoreBadge";
import { MedicationText } from "../medications/MedicationText";
import { allergySummary, allergyWords, resuscitationWords } from "../patient/banner-words";
import { ObservationForm } from "../vitals/ObservationForm";
import { SetsTable } from "../vitals/SetsTable";
import { AsOf } from "./AsOf";
import styles from "./OfflineChart.module.css";
import { WaitingSets, WaitingSetsNote } from "./WaitingSets";

export interface ReducedTabProps {
  readonly patient: SnapshotPatient;
  readonly at: string;
  /** Whether the person may record vital signs. */
  readonly records: boolean;
  readonly form: Place["form"];
}

/** Allergies, the decision about resuscitation and the latest score on one page. */
export function OfflineOverview({ patient, at, records }: ReducedTabProps) {
  const summary = allergySummary(patient.allergy_status, patient.allergies);
  const [latest] = patient.vital_signs;
  return (
    <div className={styles.stack}>
      <Panel title="Allergies">
        {summary.kind === "recorded" ? (
          <ul className={styles.list}>
            {summary.allergies.map((allergy) => (
              <li key={allergy.id}>
                <AsOf at={at}>
                  {allergyWords(allergy)}
                  {allergy.recorded_on ? `, recorded ${formatDay(allergy.recorded_on)}` : ", day not recorded"}
                </AsOf>
              </li>
            ))}
          </ul>
        ) : (
          <p>
            <AsOf at={at}>{summary.words}</AsOf>
          </p>
        )}
      </Panel>
      <Panel title="Resuscitation">
        <p>
          <AsOf at={at}>{resuscitationWords(patient.resuscitation_status)}</AsOf>
        </p>
      </Panel>
      <Panel title="Early warning score">
        <p>
          <AsOf at={at}>
            {latest ? <ScoreBadge score={latest.score} /> : "No set of observations in the 24 hours before"}
          </AsOf>
        </p>
        {records ? <WaitingSetsNote patientId={patient.patient_id} /> : null}
      </Panel>
    </div>
  );
}

/** The form, which works as ever, and the sets of the 24 hours before the copy. */
export function OfflineVitals({ patient, at, records, form }: ReducedTabProps) {
  const scale = patient.vital_signs.find((set) => set.spo2_scale !== null)?.spo2_scale;
  return (
    <div className={styles.stack}>
      {records ? (
        <Panel title="Record observations" aside={`${patient.name}, Patient No. ${patient.patient_id}`}>
          <ObservationForm
            key={patient.patient_id}
            patientId={patient.patient_id}
            patientName={patient.name}
            scoring={{ birth_year: patient.birth_year, pregnant: patient.pregnant }}
            // Older sets are not in the copy: which scale they were read by is not known here.
            lastScale={scale ?? undefined}
            autoFocus={form === "observations"}
          />
        </Panel>
      ) : null}
      {records ? <WaitingSets patientId={patient.patient_id} /> : null}
      <Panel title="Sets of observations" aside={<AsOf at={at}>{`${patient.vital_signs.length} in 24 hours`}</AsOf>}>
        {patient.vital_signs.length > 0 ? (
          <SetsTable sets={patient.vital_signs} itemId={undefined} />
        ) : (
          <EmptyState title="No set of observations in the 24 hours before this copy">
            Sets that were entered since are not in it.
          </EmptyState>
        )}
      </Panel>
    </div>
  );
}

export function OfflineMedicines({ patient, at }: ReducedTabProps) {
  return (
    <Panel title="Current medicines" aside={<AsOf at={at}>{`${patient.medications.length}`}</AsOf>}>
      <DataTable
        label="Current medicines"
        columns={medicineColumns(at)}
        rows={patient.medications}
        rowKey={(medication) => medication.id}
        empty={<EmptyState title="No medicine was active">What was given since is not in this copy.</EmptyState>}
      />
    </Panel>
  );
}

function medicineColumns(at: string): Column<Medication>[] {
  return [
    {
      id: "line",
      header: "Medicine",
      isRowHeader: true,
      wrap: true,
      cell: (medication) => (
        <AsOf at={at}>
          <MedicationText medication={medication} />
        </AsOf>
      ),
    },
    {
      id: "times",
      header: "Due at",
      cell: ({ due_times, as_needed }) => (
        <AsOf at={at}>{due_times.length > 0 ? due_times.join(", ") : as_needed ? "As needed" : "No times set"}</AsOf>
      ),
    },
    {
      id: "status",
      header: "Status",
      cell: ({ status }) => <AsOf at={at}>{status === "on-hold" ? "On hold" : "Active"}</AsOf>,
    },
  ];
}
