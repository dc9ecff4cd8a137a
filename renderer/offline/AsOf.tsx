import type { ReactNode } from "react";
import { classes } from "../design/classes";
import { useNow } from "../design/clock";
import { formatMoment, formatTime, isStale } from "../design/format";
import styles from "./AsOf.module.css";
import { STALE_AFTER } from "./offline-words";

/** A value of the ward's copy with the time that it was true; greyed when that is long ago. */
export function AsOf({ at, children }: { readonly at: string; readonly children: ReactNode }) {
  const stale = isStale(at, useNow(), STALE_AFTER);
  return (
    <span className={classes(stale && styles.stale)}>
      {children}{" "}
      <time dateTime={at} title={formatMoment(at)} className={styles.at}>
        as of {formatTime(at)}
        {stale ? ", old" : ""}
      </time>
    </span>
  );
}
