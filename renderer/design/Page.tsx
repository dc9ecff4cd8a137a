import type { ReactNode } from "react";
import styles from "./Page.module.css";

export interface PageProps {
  readonly title: string;
  /** Beside the title: filters, a count, small buttons. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** One area's page: its heading with tools beside it, and the content below, which scrolls. */
export function Page({ title, tools, children }: PageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        {tools ? <div className={styles.tools}>{tools}</div> : null}
      </header>
      <div className={styles.content}>{children}</div>
    </div>
  );
}
