import { Info, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes";
import styles from "./Notice.module.css";

export interface NoticeProps {
  readonly kind: "info" | "warning" | "danger";
  readonly title?: string;
  readonly children?: ReactNode;
  /** Buttons that are the next step. */
  readonly actions?: ReactNode;
  /** Read out when it appears; for what happens while the page is open. */
  readonly live?: boolean;
  readonly className?: string | undefined;
}

const kinds = {
  info: { icon: Info, word: "Note" },
  warning: { icon: TriangleAlert, word: "Warning" },
  danger: { icon: OctagonAlert, word: "Alert" },
} as const;

/** Something to know: told by a shape, a colour and a word. Never fades by itself. */
export function Notice({ kind, title, children, actions, live = false, className }: NoticeProps) {
  const { icon: Icon, word } = kinds[kind];
  return (
    <div
      className={classes(styles.notice, styles[kind], className)}
      role={live ? (kind === "danger" ? "alert" : "status") : undefined}
    >
      <Icon aria-hidden className={styles.icon} size={20} />
      <div className={styles.text}>
        <strong>{title ? `${word}: ${title}` : `${word}:`}</strong> {children}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
