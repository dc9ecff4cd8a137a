import type { LucideIcon } from "lucide-react";
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import button from "./Button.module.css";
import { classes } from "./classes";
import styles from "./IconButton.module.css";

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children" | "aria-label"> {
  /** The button's name; also shown as a tip. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly variant?: "primary" | "secondary" | "quiet" | "danger";
  readonly className?: string | undefined;
}

/** A button that is only a sign; its name is read out and shown on hover and focus. */
export function IconButton({ label, icon: Icon, variant = "quiet", className, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={classes(button.button, button[variant], button.icon, className)}
      >
        <Icon aria-hidden size={18} />
      </AriaButton>
      <Tooltip className={classes(styles.tip)} offset={4}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
