import styles from "./GaugeBar.module.css";
import type { Gauge } from "./gauges";

const percent = (part: number): string => `${(part * 100).toFixed(1)}%`;

/** A bar with its words. The bar is for the eye alone; a screen reader hears the words. */
export function GaugeBar({ gauge }: { readonly gauge: Gauge }) {
  return (
    <div className={styles.gauge}>
      <div aria-hidden="true" className={styles.track}>
        {gauge.kind === "share" ? (
          <div className={styles.taken} style={{ width: percent(gauge.taken) }} />
        ) : (
          <>
            <div
              className={styles.calm}
              style={{ left: percent((1 - gauge.warning) / 2), width: percent(gauge.warning) }}
            />
            <div className={styles.zero} />
            <div
              className={styles.at}
              style={{ left: `clamp(0px, calc(${percent((1 + gauge.at) / 2)} - 2px), calc(100% - 4px))` }}
            />
          </>
        )}
      </div>
      <div className={styles.words}>{gauge.words}</div>
    </div>
  );
}
