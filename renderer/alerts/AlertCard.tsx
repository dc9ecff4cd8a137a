import { Eye, OctagonAlert } from "lucide-react";
import { useId } from "react";
import type { Alert } from "../../shared/alerts/alert";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { formatMoment } from "../design/format";
import styles from "./AlertCard.module.css";
import { countWords, nobodyWords, ruleWords, severityWords, verdictWords } from "./alert-words";
import { Containment } from "./Containment";

export interface AlertCardProps {
  readonly alert: Alert;
  readonly mayHandle: boolean;
  /** Whether this role may end sessions and disable accounts. */
  readonly mayContain: boolean;
  readonly onJudge: (alert: Alert) => void;
  readonly onContained: () => void;
}

/** One alert: what, who, when, about whom, and the next step. */
export function AlertCard({ alert, mayHandle, mayContain, onJudge, onContained }: AlertCardProps) {
  const title = useId();
  const counted = countWords(alert);
  const Sign = alert.severity === "urgent" ? OctagonAlert : Eye;
  return (
    <li className={styles.card} data-severity={alert.severity} aria-labelledby={title}>
      <div>
        <div className={styles.head}>
          <span className={styles.severity} data-severity={alert.severity}>
            <Sign aria-hidden size={16} /> {severityWords[alert.severity]}
          </span>
          <h3 id={title} className={styles.title}>
            {ruleWords(alert.rule)}
          </h3>
          {counted ? <span>{counted}</span> : null}
          <Age at={alert.last_at} />
        </div>
        <p className={styles.facts}>
          {alert.staff_name === null ? (
            nobodyWords(alert)
          ) : (
            <>
              <strong>{alert.staff_name}</strong>, {alert.staff_role}, {alert.staff_id}
              {alert.staff_disabled ? " (account disabled)" : ""}
            </>
          )}
          {alert.workstation ? ` at ${alert.workstation}` : ""}
          <span className={styles.soft}>
            {`. First ${formatMoment(alert.at)}`}
            {alert.repeats > 1 ? `, ${alert.repeats} times, last ${formatMoment(alert.last_at)}` : ""}.
          </span>
        </p>
        {alert.about_staff_id === null ? null : (
          <p className={styles.facts}>
            Whose sign-in: <strong>{alert.about_staff_name}</strong>, {alert.about_staff_id}
          </p>
        )}
        <Patients alert={alert} />
      </div>
      <div className={styles.actions}>
        {alert.handled_at === null && mayHandle ? (
          <Button onPress={() => onJudge(alert)} aria-describedby={title}>
            Acknowledge
          </Button>
        ) : null}
        {alert.handled_at === null && mayContain ? (
          <Containment alert={alert} describedBy={title} onContained={onContained} />
        ) : null}
      </div>
      {alert.handled_at === null ? null : (
        <p className={styles.done}>
          <strong>{alert.verdict ? verdictWords[alert.verdict] : "Acknowledged"}</strong>
          {`, ${alert.handled_by ?? "nobody named"}, ${formatMoment(alert.handled_at)}. `}
          {alert.note}
        </p>
      )}
    </li>
  );
}

function Patients({ alert }: { readonly alert: Alert }) {
  if (alert.patients === 0) return null;
  const shown = alert.patient_numbers.join(", ");
  const more =
    alert.patients > alert.patient_numbers.length ? ` and ${alert.patients - alert.patient_numbers.length} more` : "";
  if (alert.patients <= 8) return <p className={styles.patients}>{`Patients: ${shown}${more}`}</p>;
  return (
    <details className={styles.patients}>
      <summary>{`${alert.patients} patients`}</summary>
      {shown}
      {more}
    </details>
  );
}
