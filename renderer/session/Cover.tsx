import type { ReactNode } from "react";
import { classes } from "../design/classes";
import { DemoEdge, DemoMark } from "../design/DemoMark";
import styles from "./Cover.module.css";

export interface CoverProps {
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  /** Marks the page as the demo hospital's. */
  readonly demo?: boolean;
  /** Room for a form with its answer beside it. */
  readonly wide?: boolean;
}

/** The page before a person is signed in: the app's name and one box. */
export function Cover({ children, foot, demo = false, wide = false }: CoverProps) {
  return (
    <div className={styles.window}>
      {demo ? <DemoEdge /> : null}
      <div className={styles.cover}>
        <main className={classes(styles.box, wide && styles.wide)}>
          <div className={styles.head}>
            <p className={styles.name}>
              <span aria-hidden="true" className={styles.mark} />
              Lamplight
            </p>
            {demo ? <DemoMark spelledOut /> : null}
          </div>
          {children}
        </main>
        {foot ? <footer className={styles.foot}>{foot}</footer> : null}
      </div>
    </div>
  );
}
