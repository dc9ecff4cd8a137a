import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  /** `primary` for the one thing a screen is for; `danger` for what cannot be undone. */
  readonly variant?: "primary" | "secondary" | "quiet" | "danger";
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A button with words. */
export function Button({ variant = "secondary", className, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={classes(styles.button, styles[variant], className)}>
      {children}
    </AriaButton>
  );
}
