import { type ReactNode, useId } from "react";
import { classes } from "./classes";
import styles from "./Field.module.css";
import { FieldNotes, notesOf } from "./FieldNotes";

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly options: readonly SelectOption<Value>[];
  /** null while nothing is chosen; then `placeholder` is shown. */
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly placeholder?: string;
  readonly description?: ReactNode;
  readonly error?: string | null | undefined;
  readonly hideLabel?: boolean;
  readonly isDisabled?: boolean;
  readonly className?: string | undefined;
}

/** A choice from a short list: the platform's own select, whose role is combobox and which every aid knows. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const id = useId();
  const notes = { id, description: props.description, error: props.error };
  return (
    <div className={classes(styles.field, props.className)}>
      <label htmlFor={id} className={props.hideLabel ? styles.hidden : styles.label}>
        {props.label}
      </label>
      <select
        id={id}
        className={styles.input}
        value={props.value ?? ""}
        disabled={props.isDisabled}
        aria-invalid={props.error ? true : undefined}
        aria-describedby={notesOf(notes)}
        onChange={(event) => {
          const chosen = props.options.find((option) => option.value === event.target.value);
          if (chosen) props.onChange(chosen.value);
        }}
      >
        {props.value === null ? (
          <option value="" disabled>
            {props.placeholder ?? "Choose"}
          </option>
        ) : null}
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldNotes {...notes} />
    </div>
  );
}
