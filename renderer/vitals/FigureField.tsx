import { type KeyboardEvent, useId } from "react";
import { type FigureName, figures } from "../../shared/clinical/observation-set";
import { classes } from "../design/classes";
import field from "../design/Field.module.css";
import styles from "./FigureField.module.css";
import { fieldLabels } from "./observation-draft";

export interface FigureFieldProps {
  readonly figure: FigureName;
  /** As it was typed, possible or not. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
  readonly error: string | null;
}

/**
 * One figure with its unit. A line of text under the role of a spinbutton: a number field of the platform forgets what it
 * cannot read and turns with the mouse wheel. The arrow keys step, once there is a figure to step from.
 */
export function FigureField({ figure, value, onChange, onLeave, error }: FigureFieldProps) {
  const id = useId();
  const { limits, decimals, unit } = figures[figure];
  const [least, most] = limits;
  const typed = value.trim() === "" ? Number.NaN : Number(value.replace(",", "."));
  const known = Number.isFinite(typed);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (!known) return;
    const next = typed + direction * 10 ** -decimals;
    onChange(Math.min(most, Math.max(least, next)).toFixed(decimals));
  };
  return (
    <div className={field.field}>
      <label htmlFor={id} className={field.label}>
        {fieldLabels[figure]}
      </label>
      <div className={field.withUnit}>
        <input
          id={id}
          name={figure}
          role="spinbutton"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          maxLength={12}
          spellCheck={false}
          className={classes(field.input, styles.figure)}
          value={value}
          aria-valuemin={least}
          aria-valuemax={most}
          aria-valuenow={known ? typed : undefined}
          aria-valuetext={value.trim() === "" ? "Not measured" : `${value} ${unit}`}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-unit ${id}-error` : `${id}-unit`}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onLeave}
          onKeyDown={onKeyDown}
        />
        <span id={`${id}-unit`} className={styles.unit}>
          {unit}
        </span>
      </div>
      {error ? (
        <div id={`${id}-error`} className={field.error} role="alert">
          {error}
        </div>
      ) : null}
    </div>
  );
}
