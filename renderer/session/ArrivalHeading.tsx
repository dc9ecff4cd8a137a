import { type ReactNode, useEffect, useRef } from "react";
import styles from "./ArrivalHeading.module.css";

/** The heading of a step without a field. What had the focus is gone, so it takes it, and who listens hears what came. */
export function ArrivalHeading({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1} className={styles.heading}>
      {children}
    </h1>
  );
}
