import type { Overview } from "../../shared/clinical/chart";
import { failureOf, isFailure } from "../bridge/bridge-failure";
import styles from "./AdmitPanel.module.css";

export interface AdmissionOfProps {
  readonly number: string;
  readonly found: Overview | null;
  readonly error: unknown;
}

/** Whom the number belongs to, so that a slip of one letter is seen before it is written. */
export function AdmissionOf({ number, found, error }: AdmissionOfProps) {
  return (
    <p role="status" className={styles.who}>
      {found ? (
        <>
          <strong>{found.name}</strong>{" "}
          {found.birth_year === null ? "Birth year not recorded" : `Born ${found.birth_year}`}, {found.gender}, Patient
          No. {found.patient_id}.{" "}
          {found.ward ? (
            <strong>{`Already on ward ${found.ward}${found.bed ? `, bed ${found.bed}` : ""}.`}</strong>
          ) : (
            "Not admitted."
          )}
        </>
      ) : number === "" ? (
        "Enter a patient number; the name appears here."
      ) : error ? (
        isFailure(error, "PATIENT_NOT_FOUND") ? (
          `No patient has the number ${number}.`
        ) : (
          failureOf(error).message
        )
      ) : (
        `Looking up ${number}`
      )}
    </p>
  );
}
