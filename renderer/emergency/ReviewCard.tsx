import { useId } from "react";
import type { EmergencyReview } from "../../shared/emergency/break-glass";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { Facts } from "../design/Facts";
import { formatMoment, formatTime } from "../design/format";
import { endingWords, outcomeWords, readsWords, reasonWords, verdictWords } from "./emergency-words";
import styles from "./ReviewCard.module.css";

export interface ReviewCardProps {
  readonly review: EmergencyReview;
  readonly onJudge: (review: EmergencyReview) => void;
}

/** One try at emergency access: who, whose chart, why, how long, what was read, and what was said about it. */
export function ReviewCard({ review, onJudge }: ReviewCardProps) {
  const title = useId();
  const judged = review.verdicts.length > 0;
  return (
    <li className={styles.card} aria-labelledby={title}>
      <div className={styles.head}>
        <h3 id={title} className={styles.title}>
          {review.staff_name}, {outcomeWords[review.outcome]}
        </h3>
        <Age at={review.at} />
        <span className={styles.act}>
          <Button onPress={() => onJudge(review)} aria-describedby={title}>
            {judged ? "Add to the verdict" : "Give a verdict"}
          </Button>
        </span>
      </div>
      <Facts
        facts={[
          ["Person", `${review.staff_name}, ${review.staff_role}, ${review.staff_id}, at ${review.workstation}`],
          ["Patient", patientWords(review)],
          ["Reason", review.reason ? reasonWords[review.reason] : "None that we know"],
          ["What happened", review.words ?? "Nothing was written"],
          ["When", timesWords(review)],
          ...(review.opened_at ? [["Read", readsWords(review.reads)] as const] : []),
        ]}
      />
      {judged ? (
        <ul className={styles.verdicts} aria-label="Verdict">
          {review.verdicts.map(({ at, by, verdict, note }) => (
            <li key={`${at} ${by}`}>
              <strong>{verdict ? verdictWords[verdict] : "Added"}</strong>
              {`, ${by}, ${formatMoment(at)}. `}
              {note}
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function patientWords({ patient_number: number, patient_name: name }: EmergencyReview): string {
  if (number === null) return "No patient number was given";
  return name ? `${name}, Patient No. ${number}` : `Patient No. ${number}, as it was typed; no chart was opened`;
}

function timesWords(review: EmergencyReview): string {
  const parts = [`Asked ${formatMoment(review.at)}${review.repeats > 1 ? `, ${review.repeats} times` : ""}`];
  if (review.proofs_failed > 0)
    parts.push(
      review.proofs_failed === 1 ? "one wrong password or code" : `${review.proofs_failed} wrong passwords or codes`,
    );
  if (review.opened_at) parts.push(`opened ${formatTime(review.opened_at)}`);
  if (review.ended_at) parts.push(`${endingWords(review.ended_because ?? "")} ${formatTime(review.ended_at)}`);
  else if (review.until) parts.push(`open until ${formatTime(review.until)} at the latest`);
  return `${parts.join(", ")}.`;
}
