import { type ReactNode, useState } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  /** `primary` for the one thing a screen is for; `danger` for what cannot be undone. */
  readonly variant?: "primary" | "secondary" | "quiet" | "danger";
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/**
 * A button with words. One that is switched off under the focus, as a save is while it runs, keeps the focus and does
 * nothing until the focus moves on: a browser would drop it, and the next key would act nowhere.
 */
export function Button({ variant = "secondary", className, children, isDisabled = false, ...rest }: ButtonProps) {
  const [focused, setFocused] = useState(false);
  const held = isDisabled && focused;
  return (
    <AriaButton
      {...rest}
      {...(held ? { "aria-disabled": true, type: "button", onPress: () => undefined } : {})}
      isDisabled={isDisabled && !held}
      onFocusChange={setFocused}
      className={classes(styles.button, styles[variant], className)}
    >
      {children}
    </AriaButton>
  );
}
