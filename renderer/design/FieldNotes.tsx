import type { ReactNode } from "react";
import styles from "./Field.module.css";

export interface FieldNotesProps {
  /** Id of the field. */
  readonly id: string;
  readonly description?: ReactNode;
  /** What is wrong with what was typed or chosen. */
  readonly error?: string | null | undefined;
}

/** The ids of what stands below a field, for its `aria-describedby`. */
export function notesOf({ id, description, error }: FieldNotesProps): string | undefined {
  const ids = [description ? `${id}-description` : "", error ? `${id}-error` : ""];
  return ids.join(" ").trim() || undefined;
}

/** What stands below a field: how it is meant, and what is wrong with what it holds. */
export function FieldNotes({ id, description, error }: FieldNotesProps) {
  return (
    <>
      {description ? (
        <div id={`${id}-description`} className={styles.description}>
          {description}
        </div>
      ) : null}
      {error ? (
        <div id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </div>
      ) : null}
    </>
  );
}
