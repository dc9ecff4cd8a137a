import type { Score } from "../../shared/clinical/chart";
import { classes } from "./classes";
import styles from "./ScoreBadge.module.css";

type Band = NonNullable<Score["band"]>;

/** The clinical risk in the words of the RCP chart. */
export const bandWords: Readonly<Record<Band, string>> = {
  low: "low",
  "low-medium": "low-medium",
  medium: "medium",
  high: "high",
};

/** A shape for every band, so that a print or an eye without colour tells them apart. */
const bandShapes: Readonly<Record<Band, string>> = { low: "○", "low-medium": "◔", medium: "◑", high: "●" };

/** An early warning score with number, word, shape and the colour of its band; or, in words, that there is none. */
export function ScoreBadge({
  score,
  size = "normal",
}: {
  readonly score: Score | null;
  readonly size?: "normal" | "large";
}) {
  if (score === null) return <span className={styles.none}>Never recorded</span>;
  if (score.total === null || score.band === null) {
    return <span className={styles.none}>Not scored: {score.not_scored_because ?? "reason not given"}</span>;
  }
  return (
    <span className={classes(styles.badge, styles[score.band], size === "large" && styles.large)}>
      <span className={styles.total}>{score.total}</span>
      <span aria-hidden="true">{bandShapes[score.band]}</span>
      <span>{bandWords[score.band]}</span>
    </span>
  );
}

/** The points of one part, 0 to 3, in the colour of the chart. */
export function PointsBadge({ points }: { readonly points: number }) {
  return <span className={classes(styles.points, styles[`points${points}`])}>{points}</span>;
}
