import type { WardRow } from "../../shared/clinical/chart";
import { useNow } from "../design/clock";
import { dayOf, formatDay, formatTime } from "../design/format";
import { printedDose } from "../medications/medication-line";
import styles from "./NextDose.module.css";

type Due = NonNullable<WardRow["medicines_due"]>;

/** The next medicine due with its dose, whole: never shortened. */
export function NextDose({ due }: { readonly due: Due }) {
  const now = useNow();
  const next = due[0];
  if (!next) return <span className={styles.none}>None scheduled</span>;
  const today = dayOf(new Date(next.due_at).getTime()) === dayOf(now);
  const late = new Date(next.due_at).getTime() < now;
  return (
    <>
      <span className={styles.time}>
        {today ? formatTime(next.due_at) : `${formatDay(next.due_at).slice(0, 6)} ${formatTime(next.due_at)}`}
      </span>{" "}
      {next.generic}
      {next.dose ? <b className={styles.dose}> {printedDose(next.dose)}</b> : null}
      {late ? <span className={styles.late}> due time passed</span> : null}
      {due.length > 1 ? <span className={styles.more}> and {due.length - 1} more</span> : null}
    </>
  );
}
