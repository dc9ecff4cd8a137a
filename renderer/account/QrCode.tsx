import { useMemo } from "react";
import styles from "./QrCode.module.css";
import { QUIET_ZONE, qrPath } from "./qr-path";

export interface QrCodeProps {
  readonly text: string;
  /** What it is for, to whom cannot see it. */
  readonly label: string;
}

/** A QR code, dark on white in any colour scheme: many cameras read no other. */
export function QrCode({ text, label }: QrCodeProps) {
  const { size, path } = useMemo(() => qrPath(text), [text]);
  const side = size + 2 * QUIET_ZONE;
  return (
    <svg
      role="img"
      aria-label={label}
      className={styles.code}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect className={styles.ground} x={-QUIET_ZONE} y={-QUIET_ZONE} width={side} height={side} />
      <path className={styles.modules} d={path} />
    </svg>
  );
}
