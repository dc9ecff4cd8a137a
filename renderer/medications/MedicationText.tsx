import { Fragment } from "react";
import type { Medication } from "../../shared/clinical/chart";
import styles from "./MedicationText.module.css";
import { medicationLine } from "./medication-line";

/** One medicine as it is printed; wraps between its parts and never inside the name or the dose. */
export function MedicationText({ medication }: { readonly medication: Medication }) {
  const line = medicationLine(medication);
  const parts = [...line.before, null, ...line.after];
  return (
    <span className={styles.line}>
      <b className={styles.part}>{line.generic}</b>
      {parts.map((part, at) => (
        <Fragment key={part === null ? "dose" : `${at} ${part}`}>
          {" – "}
          {part === null ? <Dose dose={line.dose} /> : <span className={styles.part}>{part}</span>}
        </Fragment>
      ))}
    </span>
  );
}

function Dose({ dose }: { readonly dose: string | null }) {
  if (dose === null) return <span className={styles.missing}>dose not recorded</span>;
  return (
    <span className={styles.part}>
      <span className={styles.word}>DOSE</span> <b>{dose}</b>
    </span>
  );
}
