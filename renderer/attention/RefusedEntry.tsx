import type { RefusalDecision, RefusedObservation } from "../../shared/clinical/refused-observation";
import type { AreaProps } from "../app/area-props";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { formatMoment } from "../design/format";
import { Link } from "../design/Link";
import styles from "./AttentionPage.module.css";
import { reasonWords, subjectWords } from "./attention-words";
import { RefusedFigures } from "./RefusedFigures";

export interface RefusedEntryProps {
  readonly entry: RefusedObservation;
  /** Whether this person decides about entries at all. */
  readonly decides: boolean;
  readonly go: AreaProps["go"];
  readonly onDecide: (decision: RefusalDecision) => void;
}

/** One entry that was not stored: whose, by whom, when, what, why, and what can be done about it. */
export function RefusedEntry({ entry, decides, go, onDecide }: RefusedEntryProps) {
  const subject = subjectWords(entry);
  const { name, patient_id } = entry;
  return (
    <article aria-label={`Refused entry of ${subject}`} className={styles.entry}>
      <h2>
        {name !== null && patient_id !== null ? (
          <Link onPress={() => go({ area: "patient", patientId: patient_id, tab: "vitals" })}>{subject}</Link>
        ) : (
          subject
        )}
      </h2>
      <p>
        <strong>Not in the chart.</strong> {reasonWords[entry.reason]}
      </p>
      <p>
        {entry.recorded_at === null
          ? "Time of measurement not readable"
          : `Measured ${formatMoment(entry.recorded_at)}`}
        {`, entered by ${entry.entered_by ?? "somebody unknown"} at ${entry.workstation}`}
        {entry.entered_at === null ? "" : ` on ${formatMoment(entry.entered_at)}`}.{" "}
        <Age at={entry.refused_at} prefix="Arrived" />
      </p>
      <RefusedFigures entry={entry} />
      {decides ? (
        <div className={styles.acts}>
          {entry.can_be_taken ? (
            <Button
              variant="primary"
              aria-label={`Take over as my own entry: ${subject}`}
              onPress={() => onDecide("taken")}
            >
              Take over as my own entry
            </Button>
          ) : null}
          <Button aria-label={`Put aside: ${subject}`} onPress={() => onDecide("discarded")}>
            Put aside
          </Button>
        </div>
      ) : null}
    </article>
  );
}
