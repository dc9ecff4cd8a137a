import { OctagonAlert } from "lucide-react";
import type { SnapshotPatient } from "../../shared/offline/ward-snapshot";
import { classes } from "../design/classes";
import { useNow } from "../design/clock";
import { dayOf } from "../design/format";
import { allergySummary, allergyWords, bornWords, genderWord, resuscitationWords } from "../patient/banner-words";
import styles from "../patient/PatientBanner.module.css";
import { AsOf } from "./AsOf";

/** Who this chart is about, from the ward's copy: the same banner, every value with its time. */
export function OfflinePatientBanner({ patient, at }: { readonly patient: SnapshotPatient; readonly at: string }) {
  const now = useNow();
  const summary = allergySummary(patient.allergy_status, patient.allergies);
  return (
    <section aria-label="Patient banner" className={styles.banner}>
      <div className={styles.who}>
        <h1 className={styles.name}>{patient.name}</h1>
        <span>{bornWords(patient.birth_year, patient.date_of_birth, dayOf(now))}</span>
        <span>
          <span className={styles.label}>Gender</span> {genderWord(patient.gender)}
        </span>
        <span>
          <span className={styles.label}>Patient No.</span> <strong>{patient.patient_id}</strong>
        </span>
        <AsOf at={at}>{patient.bed ? `Ward ${patient.ward}, bed ${patient.bed}` : `Ward ${patient.ward}, no bed`}</AsOf>
        <AsOf at={at}>
          <span className={styles.label}>Resuscitation</span>{" "}
          <strong>{resuscitationWords(patient.resuscitation_status)}</strong>
        </AsOf>
      </div>
      {summary.kind === "recorded" ? (
        <div className={styles.alert}>
          <OctagonAlert aria-hidden size={18} />
          <strong>Allergies</strong>
          <ul className={styles.list}>
            {summary.allergies.map((allergy) => (
              <li key={allergy.id}>
                <AsOf at={at}>{allergyWords(allergy)}</AsOf>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className={classes(summary.kind === "not-asked" ? styles.open : styles.allergies)}>
          <span className={styles.label}>Allergies</span> <AsOf at={at}>{summary.words}</AsOf>
        </p>
      )}
    </section>
  );
}
