import styles from "./Age.module.css";
import { classes } from "./classes";
import { useNow } from "./clock";
import { formatAge, formatMoment, isStale } from "./format";

export interface AgeProps {
  /** The moment that the figure beside it was true. */
  readonly at: string;
  /** After how many minutes the figure counts as old; without it nothing is called old. */
  readonly staleAfterMinutes?: number;
  readonly prefix?: string;
}

/** How old a figure is: `12 min ago`, kept up to date; an old one is greyed and says so in a word. */
export function Age({ at, staleAfterMinutes, prefix }: AgeProps) {
  const now = useNow();
  const stale = staleAfterMinutes !== undefined && isStale(at, now, staleAfterMinutes);
  return (
    <time dateTime={at} title={formatMoment(at)} className={classes(styles.age, stale && styles.stale)}>
      {prefix ? `${prefix} ` : ""}
      {formatAge(at, now)}
      {stale ? ", old" : ""}
    </time>
  );
}
