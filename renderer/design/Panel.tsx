import { type ReactNode, useId } from "react";
import { classes } from "./classes";
import styles from "./Panel.module.css";

export interface PanelProps {
  readonly title: string;
  /** Beside the title: an age, a count, a small button. */
  readonly aside?: ReactNode;
  readonly level?: 2 | 3;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A titled region of a page. */
export function Panel({ title, aside, level = 2, children, className }: PanelProps) {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section aria-labelledby={id} className={classes(styles.panel, className)}>
      <header className={styles.header}>
        <Heading id={id} className={styles.title}>
          {title}
        </Heading>
        {aside ? <div className={styles.aside}>{aside}</div> : null}
      </header>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
