import type { Ref } from "react";
import { Button } from "../design/Button";
import { TextField } from "../design/TextField";
import styles from "./CodeField.module.css";
import { type CodeKind, codeHints, codeLabels } from "./code-words";

export interface CodeFieldProps {
  readonly kind: CodeKind;
  readonly onKind: (kind: CodeKind) => void;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | null | undefined;
  readonly autoFocus?: boolean;
  readonly ref?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

/** The code of the second factor, and the way on for who has no phone at hand. */
export function CodeField({ kind, onKind, ...field }: CodeFieldProps) {
  const other = kind === "one-time" ? "recovery" : "one-time";
  return (
    <div className={styles.field}>
      <TextField
        {...field}
        label={codeLabels[kind]}
        description={codeHints[kind]}
        autoComplete={kind === "one-time" ? "one-time-code" : "off"}
        inputMode={kind === "one-time" ? "numeric" : "text"}
        maxLength={40}
      />
      <Button variant="quiet" className={styles.other} onPress={() => onKind(other)}>
        {other === "recovery" ? "Use a recovery code instead" : "Use the authenticator app instead"}
      </Button>
    </div>
  );
}
