import { ScoreBadge } from "../design/ScoreBadge";
import styles from "./ScorePreview.module.css";
import type { LiveScore } from "./score-words";

/** The early warning score of what is typed so far, what it asks for and until when; or, in words, why there is none. */
export function ScorePreview({ live, takenAt }: { readonly live: LiveScore; readonly takenAt: number }) {
  const { result } = live;
  return (
    <div role="status" aria-label="Early warning score" className={styles.preview}>
      {result ? (
        <span className={styles.badge} aria-hidden="true">
          <ScoreBadge
            size="large"
            score={{
              total: result.total,
              band: result.band,
              single_red: result.singleRed,
              parts: result.parts,
              not_scored_because: null,
              recorded_at: new Date(takenAt).toISOString(),
            }}
          />
        </span>
      ) : null}
      <div>
        <p className={styles.words}>
          <strong>Early warning score (NEWS2):</strong> {live.words}
        </p>
        {live.due ? <p className={styles.words}>{live.due} A suggestion; your judgement decides.</p> : null}
      </div>
    </div>
  );
}
