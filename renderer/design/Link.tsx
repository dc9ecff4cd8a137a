import type { ReactNode } from "react";
import { Link as AriaLink } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Link.module.css";

export interface LinkProps {
  readonly onPress: () => void;
  readonly children: ReactNode;
  readonly current?: boolean;
  readonly className?: string | undefined;
  readonly "aria-label"?: string;
}

/** A link to a place in the app. It has no address: places live in memory and never in a URL. */
export function Link({ onPress, children, current, className, ...rest }: LinkProps) {
  return (
    <AriaLink
      {...rest}
      onPress={onPress}
      {...(current ? { "aria-current": "page" as const } : {})}
      className={classes(className ?? styles.link)}
    >
      {children}
    </AriaLink>
  );
}
