import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import styles from "./PrintSheet.module.css";

/** What goes on paper in place of the page, for as long as it is here. Unseen on the screen. */
export function PrintSheet({ children }: { readonly children: ReactNode }) {
  return createPortal(
    <div className={styles.sheet} aria-hidden="true">
      {children}
    </div>,
    document.body,
  );
}
