import type { ReactNode } from "react";
import styles from "./Badge.module.css";
import { classes } from "./classes";

export interface BadgeProps {
  /** Colour belongs to bands and alerts; a badge is ink on paper unless it is the brand's or the demo mark. */
  readonly tone?: "neutral" | "brand" | "demo" | "quiet";
  readonly children: ReactNode;
}

/** A short word in a frame. */
export function Badge({ tone = "neutral", children }: BadgeProps) {
  return <span className={classes(styles.badge, styles[tone])}>{children}</span>;
}
