import { useEffect, useState } from "react";
import styles from "./State.module.css";

export interface SkeletonProps {
  readonly rows?: number;
  /** What is being fetched, for a screen reader. */
  readonly label?: string;
}

/** Grey bars where content will be; not before 200 ms, so that a quick answer does not flicker. */
export function Skeleton({ rows = 4, label = "Loading" }: SkeletonProps) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" className={styles.skeleton}>
      {shown ? (
        <>
          <span className="visually-hidden">{label}</span>
          {Array.from({ length: rows }, (_, row) => (
            <span key={`bar-${row + 1}`} aria-hidden="true" className={styles.bar} />
          ))}
        </>
      ) : null}
    </div>
  );
}
