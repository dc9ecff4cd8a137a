import { Search } from "lucide-react";
import { type KeyboardEvent, type Ref, useId } from "react";
import { classes } from "./classes";
import styles from "./Field.module.css";

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: () => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
  readonly description?: string;
  readonly autoFocus?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
  readonly className?: string | undefined;
}

/** A searchbox; Escape empties it. */
export function SearchField(props: SearchFieldProps) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape" && props.value !== "") {
      event.preventDefault();
      event.stopPropagation();
      props.onChange("");
    }
    if (event.key === "Enter") props.onSubmit?.();
    props.onKeyDown?.(event);
  };
  return (
    <div className={classes(styles.field, props.className)}>
      <label htmlFor={id} className={props.hideLabel ? styles.hidden : styles.label}>
        {props.label}
      </label>
      <div className={styles.search}>
        <Search aria-hidden size={16} />
        <input
          id={id}
          ref={props.ref}
          type="search"
          value={props.value}
          autoFocus={props.autoFocus}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          aria-describedby={props.description ? `${id}-description` : undefined}
          className={styles.input}
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {props.description ? (
        <div id={`${id}-description`} className={styles.description}>
          {props.description}
        </div>
      ) : null}
    </div>
  );
}
