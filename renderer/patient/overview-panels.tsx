import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { VitalSigns } from "../../shared/clinical/chart";
import { toolQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { useNow } from "../design/clock";
import { formatDay, formatMoment } from "../design/format";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { PointsBadge, ScoreBadge } from "../design/ScoreBadge";
import { MedicationText } from "../medications/MedicationText";
import { isToCome } from "../records/AppointmentsTab";
import { isCurrent, noteKinds } from "../records/record-words";
import { observationInterval } from "../vitals/observation-interval";
import { consciousnessWords, measured, oxygenWords, pressureWords } from "../vitals/vital-words";
import styles from "./OverviewTab.module.css";

interface OverviewPanelProps {
  readonly patientId: string;
  /** The way to the whole of it. */
  readonly aside: ReactNode;
}

/** The last set with its score, the points of each part, and how old it is. */
export function LatestObservations({ patientId, aside }: OverviewPanelProps) {
  const query = useQuery(toolQuery("get_vital_signs", { patient_id: patientId }));
  return (
    <Panel title="Latest observations" aside={aside}>
      <QueryView
        query={query}
        label="Loading the vital signs"
        isEmpty={(answer) => answer.vital_signs.length === 0}
        empty={<p>Never recorded.</p>}
      >
        {({ vital_signs: [latest] }) => (latest ? <Set set={latest} /> : null)}
      </QueryView>
    </Panel>
  );
}

function Set({ set }: { readonly set: VitalSigns }) {
  const { score } = set;
  const lines: readonly (readonly [string, string, number | undefined])[] = [
    ["Respiratory rate", measured(set.respiratory_rate, "/min"), score.parts?.respiratoryRate],
    [
      `SpO2${set.spo2_scale === 2 ? " (scale 2)" : ""}`,
      measured(set.oxygen_saturation, " %"),
      score.parts?.oxygenSaturation,
    ],
    ["Oxygen", oxygenWords(set.on_oxygen), score.parts?.oxygen],
    ["Blood pressure", pressureWords(set), score.parts?.systolic],
    ["Pulse", measured(set.pulse, "/min"), score.parts?.pulse],
    [
      "Consciousness",
      set.consciousness === null ? "Not recorded" : consciousnessWords[set.consciousness],
      score.parts?.consciousness,
    ],
    ["Temperature", measured(set.temperature, " °C", 1), score.parts?.temperature],
  ];
  return (
    <>
      <div className={styles.total}>
        <span>Early warning score</span>
        <ScoreBadge score={score} size="large" />
        <Age at={set.recorded_at} staleAfterMinutes={observationInterval(score)} />
      </div>
      <dl className={styles.parts}>
        {lines.map(([name, words, points]) => (
          <div key={name} className={styles.part}>
            <dt>{name}</dt>
            <dd>
              {words} {points === undefined ? null : <PointsBadge points={points} />}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The medicines that are given now. */
export function CurrentMedicines({ patientId, aside }: OverviewPanelProps) {
  const query = useQuery(toolQuery("get_medications", { patient_id: patientId }));
  return (
    <Panel title="Current medicines" aside={aside}>
      <QueryView query={query} label="Loading the medicines">
        {({ medications }) => {
          const active = medications.filter(
            (medication) => medication.status === "active" || medication.status === "on-hold",
          );
          if (active.length === 0) return <p>No medicine is active.</p>;
          return (
            <ul className={styles.list}>
              {active.map((medication) => (
                <li key={medication.id}>
                  <MedicationText medication={medication} />
                  {medication.status === "on-hold" ? <strong> On hold</strong> : null}
                  {medication.due_times.length > 0 ? (
                    <span className={styles.soft}> due {medication.due_times.join(", ")}</span>
                  ) : null}
                </li>
              ))}
            </ul>
          );
        }}
      </QueryView>
    </Panel>
  );
}

/** The diagnoses that count today. */
export function ActiveDiagnoses({ patientId, aside }: OverviewPanelProps) {
  const query = useQuery(toolQuery("get_medical_records", { patient_id: patientId }));
  return (
    <Panel title="Active diagnoses" aside={aside}>
      <QueryView query={query} label="Loading the diagnoses">
        {({ diagnoses }) => {
          const active = diagnoses.filter(isCurrent);
          if (active.length === 0) return <p>None is active.</p>;
          return (
            <ul className={styles.list}>
              {active.map((diagnosis) => (
                <li key={diagnosis.id}>
                  {diagnosis.display}{" "}
                  <span className={styles.soft}>
                    {diagnosis.onset_on ? `since ${formatDay(diagnosis.onset_on)}` : "onset not recorded"}
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryView>
    </Panel>
  );
}

/** The last three notes, each with its beginning. */
export function LatestNotes({ patientId, aside }: OverviewPanelProps) {
  const query = useQuery(toolQuery("get_medical_records", { patient_id: patientId }));
  return (
    <Panel title="Recent notes" aside={aside}>
      <QueryView
        query={query}
        label="Loading the notes"
        isEmpty={(answer) => answer.records.length === 0}
        empty={<p>No notes yet.</p>}
      >
        {({ records }) => (
          <ul className={styles.list}>
            {records.slice(0, 3).map((note) => (
              <li key={note.id}>
                <strong>{note.title}</strong>{" "}
                <span className={styles.soft}>
                  {noteKinds[note.kind]}, {formatMoment(note.written_at)}, {note.author ?? "author not recorded"}
                </span>
                <div className={styles.excerpt}>{note.text}</div>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

/** The stay that is on now. */
export function CurrentAdmission({ patientId, aside }: OverviewPanelProps) {
  const query = useQuery(toolQuery("get_admissions", { patient_id: patientId }));
  return (
    <Panel title="Admission" aside={aside}>
      <QueryView query={query} rows={2} label="Loading the admission">
        {({ admissions }) => {
          const current = admissions.find((admission) => admission.discharged_at === null);
          if (!current) return <p>Not admitted now.</p>;
          return (
            <p>
              Ward {current.ward}, {current.bed ? `bed ${current.bed}` : "no bed"}, since{" "}
              {formatMoment(current.admitted_at)}. {current.reason ?? "Reason not recorded"}. Attending:{" "}
              {current.attending ?? "not recorded"}.
            </p>
          );
        }}
      </QueryView>
    </Panel>
  );
}

/** The next three appointments. */
export function NextAppointments({ patientId, aside }: OverviewPanelProps) {
  const now = useNow();
  const query = useQuery(toolQuery("get_appointments", { patient_id: patientId }));
  return (
    <Panel title="Next appointments" aside={aside}>
      <QueryView query={query} rows={2} label="Loading the appointments">
        {({ appointments }) => {
          const coming = appointments.filter((each) => isToCome(each, now) && each.status !== "cancelled").slice(0, 3);
          if (coming.length === 0) return <p>None to come.</p>;
          return (
            <ul className={styles.list}>
              {coming.map((appointment) => (
                <li key={appointment.id}>
                  {formatMoment(appointment.starts_at)} {appointment.department}{" "}
                  <span className={styles.soft}>{appointment.staff_name ?? "with nobody named"}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryView>
    </Panel>
  );
}
