import { CircleArrowUp } from "lucide-react";
import styles from "./UpdateLine.module.css";
import { installedWords } from "./update-words";
import { useUpdate } from "./use-update";

/** In the top bar: a newer version lies ready. Nothing to do now, and nobody's work is interrupted for it. */
export function UpdateLine() {
  const { data } = useUpdate();
  const words = data ? installedWords(data) : null;
  return (
    // There before its words are, so that they are read out when they come.
    <div role="status" aria-label="Update" className={words === null ? undefined : styles.line}>
      {words === null ? null : (
        <>
          <CircleArrowUp aria-hidden size={16} /> {words} It starts when you sign out.
        </>
      )}
    </div>
  );
}
