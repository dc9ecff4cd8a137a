import { Copy, Printer } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../design/Button";
import { copyText } from "./copy-text";
import { PrintSheet } from "./PrintSheet";
import styles from "./ShownOnce.module.css";

export interface ShownOnceProps {
  /** What Copy takes. */
  readonly text: string;
  /** What goes on paper: it must say by itself what it is. */
  readonly sheet: ReactNode;
  readonly children: ReactNode;
}

/** A secret that is shown this one time, with the ways to keep it: copy and print. */
export function ShownOnce({ text, sheet, children }: ShownOnceProps) {
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <div className={styles.once}>
      {children}
      <div className={styles.ways}>
        <Button onPress={() => setCopied(copyText(text))}>
          <Copy aria-hidden size={16} /> Copy
        </Button>
        <Button onPress={() => window.print()}>
          <Printer aria-hidden size={16} /> Print
        </Button>
        <span role="status">{copyWords(copied)}</span>
      </div>
      <PrintSheet>{sheet}</PrintSheet>
    </div>
  );
}

function copyWords(copied: boolean | null): string {
  if (copied === null) return "";
  return copied
    ? "Copied. Locking takes it off the clipboard again, so paste it before."
    : "Could not be copied. Print it, or write it down.";
}
