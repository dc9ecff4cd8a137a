import { type ReactNode, type Ref, useId } from "react";
import { classes } from "./classes";
import styles from "./Field.module.css";
import { FieldNotes, notesOf } from "./FieldNotes";

export interface TextFieldProps {
  readonly label: string;
  /** What a draft calls this field. */
  readonly name?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: ReactNode;
  /** What is wrong with what was typed; the text itself is kept. */
  readonly error?: string | null | undefined;
  readonly type?: "text" | "password" | "date" | "datetime-local";
  /** Which keys a touch keyboard shows. */
  readonly inputMode?: "text" | "numeric";
  readonly multiline?: boolean;
  readonly hideLabel?: boolean;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
  readonly autoFocus?: boolean;
  readonly autoComplete?: string;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly ref?: Ref<HTMLInputElement & HTMLTextAreaElement>;
  readonly className?: string | undefined;
}

/** A labelled line or area of text, with its error beside it. */
export function TextField(props: TextFieldProps) {
  const id = useId();
  const notes = { id, description: props.description, error: props.error };
  const shared = {
    id,
    name: props.name,
    value: props.value,
    disabled: props.isDisabled,
    required: props.isRequired,
    autoFocus: props.autoFocus,
    autoComplete: props.autoComplete ?? "off",
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    inputMode: props.inputMode,
    spellCheck: false,
    ref: props.ref,
    "aria-invalid": props.error ? (true as const) : undefined,
    "aria-describedby": notesOf(notes),
  };
  return (
    <div className={classes(styles.field, props.className)}>
      <label htmlFor={id} className={props.hideLabel ? styles.hidden : styles.label}>
        {props.label}
      </label>
      {props.multiline ? (
        <textarea
          {...shared}
          className={classes(styles.input, styles.area)}
          onChange={(event) => props.onChange(event.target.value)}
        />
      ) : (
        <input
          {...shared}
          type={props.type ?? "text"}
          className={styles.input}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
      <FieldNotes {...notes} />
    </div>
  );
}
