import type { Failure } from "../../shared/failure";
import { Button } from "./Button";
import { Notice } from "./Notice";
import styles from "./State.module.css";

export interface ErrorStateProps {
  readonly failure: Failure;
  readonly onRetry?: (() => void) | undefined;
  readonly title?: string;
}

/** What went wrong, beside where it went wrong: the sentence, the reference for IT, and Retry where that can help. */
export function ErrorState({ failure, onRetry, title }: ErrorStateProps) {
  // Asking again changes nothing about a refusal; only a person can.
  const final = failure.code === "RBAC_DENIED" || failure.code === "PATIENT_NOT_FOUND";
  return (
    <Notice
      kind={final ? "info" : "warning"}
      live
      {...(title ? { title } : {})}
      actions={onRetry && !final ? <Button onPress={onRetry}>Retry</Button> : null}
    >
      {failure.message}
      {failure.reference ? <div className={styles.reference}>Reference {failure.reference}</div> : null}
    </Notice>
  );
}
