import { Drama } from "lucide-react";
import { classes } from "./classes";
import styles from "./DemoMark.module.css";

/** What is said beside the mark, on screen and on paper. */
const meaning = "Invented people only";

/** The mark of the demo hospital: a sign, a colour, a shape of its own and the word, wherever people could be taken for real. */
export function DemoMark({ spelledOut = false }: { readonly spelledOut?: boolean }) {
  return (
    <span className={styles.mark}>
      <span className={styles.sign}>
        <Drama aria-hidden size={16} />
        <strong>DEMO</strong>
      </span>
      <span className={classes(spelledOut ? styles.words : "visually-hidden")}>{meaning}</span>
    </span>
  );
}

/** A hatched edge along the top of the window: seen from across the room, and never over anything. */
export function DemoEdge() {
  return <div aria-hidden="true" className={styles.edge} data-print="no" />;
}

/**
 * The head of each printed page. It is a header of a table, which a page break repeats and for which it keeps room; what
 * holds it must be `display: table` in print.
 */
export function DemoPrintHead() {
  return (
    <div className={styles.printHead} data-testid="demo-print-head">
      <div className={styles.printLine}>
        <strong>DEMO</strong> {meaning}. This page is no patient's record.
      </div>
    </div>
  );
}
