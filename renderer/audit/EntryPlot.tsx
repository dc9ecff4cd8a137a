import type { AuditEntry } from "../../shared/tools/audit-tools";
import styles from "./EntryPlot.module.css";
import { entryCounts } from "./entry-counts";

const height = 56;

/** How the entries of this page lie in time, refusals hatched; the same numbers one key away as a table. */
export function EntryPlot({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { unit, counts } = entryCounts(entries);
  if (counts.length === 0) return null;
  const most = counts.reduce((top, count) => Math.max(top, count.granted + count.denied), 1);
  const step = 100 / counts.length;
  const width = Math.min(step * 0.8, 4);
  const first = counts[0]?.label ?? "";
  const last = counts.at(-1)?.label ?? "";
  const denied = counts.reduce((sum, count) => sum + count.denied, 0);
  const summary = `Entries of this page per ${unit}, ${first} to ${last}: at most ${most} in one ${unit}, ${denied} refused`;
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>{summary}</figcaption>
      <svg
        role="img"
        aria-label={summary}
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
        className={styles.plot}
      >
        <defs>
          <pattern id="audit-refused" width="1.2" height="6" patternUnits="userSpaceOnUse">
            <rect width="1.2" height="3" className={styles.denied} />
          </pattern>
        </defs>
        {counts.map((count, index) => {
          const granted = (count.granted / most) * (height - 2);
          const refused = (count.denied / most) * (height - 2);
          const x = index * step + (step - width) / 2;
          return (
            <g key={count.key}>
              <title>{`${count.label}: ${count.granted} granted, ${count.denied} refused`}</title>
              <rect x={x} y={height - granted} width={width} height={granted} className={styles.granted} />
              <rect
                x={x}
                y={height - granted - refused}
                width={width}
                height={refused}
                fill="url(#audit-refused)"
                className={styles.edge}
              />
            </g>
          );
        })}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        <span>{first}</span>
        <span>
          <span className={styles.keyGranted} /> granted <span className={styles.keyDenied} /> refused
        </span>
        <span>{last}</span>
      </div>
      <details className={styles.details}>
        <summary>The same as a table</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Granted</th>
              <th scope="col">Refused</th>
            </tr>
          </thead>
          <tbody>
            {counts
              .filter((count) => count.granted + count.denied > 0)
              .map((count) => (
                <tr key={count.key}>
                  <th scope="row">{count.label}</th>
                  <td>{count.granted}</td>
                  <td>{count.denied}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
