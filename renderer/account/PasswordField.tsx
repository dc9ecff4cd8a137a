import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, type Ref, useId, useState } from "react";
import { Button } from "../design/Button";
import { TextField } from "../design/TextField";
import styles from "./PasswordField.module.css";

export interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `current-password` or `new-password`. */
  readonly autoComplete: "current-password" | "new-password";
  readonly autoFocus?: boolean;
  readonly error?: string | null | undefined;
  readonly description?: ReactNode;
  readonly ref?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

/** A password, hidden until its person asks to see it. Pasting is allowed: a password manager knows better ones than people. */
export function PasswordField({ autoComplete, ...field }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const why = useId();
  // A field that was emptied is as good as new: the next thing typed is hidden again.
  const visible = shown && field.value !== "";
  const Icon = visible ? EyeOff : Eye;
  return (
    <div className={styles.row}>
      <TextField
        {...field}
        type={visible ? "text" : "password"}
        autoComplete={autoComplete}
        maxLength={256}
        className={styles.field}
      />
      {/* Its words leave the field's own name alone: “Password” stays one thing on the page. */}
      <Button
        variant="quiet"
        className={styles.toggle}
        aria-describedby={why}
        isDisabled={field.value === ""}
        onPress={() => setShown(!visible)}
      >
        <Icon aria-hidden size={16} /> {visible ? "Hide" : "Show"}
      </Button>
      <span id={why} className="visually-hidden">
        What is typed in {field.label}
      </span>
    </div>
  );
}
