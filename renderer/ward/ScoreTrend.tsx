import styles from "./ScoreTrend.module.css";

const width = 72;
const height = 24;
const highest = 12;

/** The points of a small trend line: oldest left, a taller line for a higher score; scores above 12 stay at the top. */
export function trendPoints(totals: readonly number[]): readonly (readonly [x: number, y: number])[] {
  const step = totals.length > 1 ? (width - 8) / (totals.length - 1) : 0;
  return totals.map((total, at) => [4 + at * step, height - 4 - (Math.min(total, highest) / highest) * (height - 8)]);
}

/** The last scores as a small line, with a dashed one where 5 is; the numbers are its name. */
export function ScoreTrend({ totals }: { readonly totals: readonly number[] }) {
  if (totals.length < 2)
    return <span className={styles.none}>{totals.length === 0 ? "No scores yet" : "One score"}</span>;
  const points = trendPoints(totals);
  const last = points.at(-1);
  const threshold = trendPoints([5])[0]?.[1] ?? 0;
  return (
    <svg
      role="img"
      aria-label={`Scores ${totals.join(", ")}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <line x1={0} x2={width} y1={threshold} y2={threshold} className={styles.threshold} />
      <polyline points={points.map((point) => point.join(",")).join(" ")} className={styles.line} />
      {last ? <circle cx={last[0]} cy={last[1]} r={3} className={styles.last} /> : null}
    </svg>
  );
}
