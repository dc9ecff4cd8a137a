import type { ReactNode } from "react";
import styles from "./Cover.module.css";

/** The page before a person is signed in: the app's name and one box. */
export function Cover({ children, foot }: { readonly children: ReactNode; readonly foot?: ReactNode }) {
  return (
    <div className={styles.cover}>
      <main className={styles.box}>
        <p className={styles.name}>
          <span aria-hidden="true" className={styles.mark} />
          Lamplight
        </p>
        {children}
      </main>
      {foot ? <footer className={styles.foot}>{foot}</footer> : null}
    </div>
  );
}
