import type { ReactNode } from "react";
import styles from "./State.module.css";

export interface EmptyStateProps {
  readonly title: string;
  /** What it means, and the next step. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing is here, said in words, with the next step. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <p className={styles.title}>{title}</p>
      {children ? <div className={styles.words}>{children}</div> : null}
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  );
}
