import { ArrowDown } from "lucide-react";
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from "react";
import { Button } from "../design/Button";
import styles from "./ConversationLog.module.css";

export interface ConversationLogProps {
  /** Changes with everything that is added, so that the log can follow it. */
  readonly content: unknown;
  /** Changes when the person sends or opens something: then the newest is what they want to see. */
  readonly newest: string;
  readonly children: ReactNode;
}

/** How near to the end counts as reading the newest lines. */
const near = 48;

/**
 * The log. It follows what is written only while the reader is at its end; a reader who scrolled up is left where they
 * are and told that there is more below. Not spoken by itself: a screen reader hears the status line instead.
 */
export function ConversationLog({ content, newest, children }: ConversationLogProps) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [below, setBelow] = useState(false);

  const toEnd = useCallback(() => {
    following.current = true;
    setBelow(false);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  // the value is the signal
  useLayoutEffect(() => {
    if (following.current) toEnd();
    else setBelow(true);
  }, [content, toEnd]);
  // the value is the signal
  useLayoutEffect(toEnd, [newest, toEnd]);

  const onScroll = () => {
    if (!box.current) return;
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    following.current = scrollHeight - scrollTop - clientHeight < near;
    if (following.current) setBelow(false);
  };
  return (
    <div className={styles.frame}>
      {/* a region that scrolls must be reachable by keyboard */}
      <div
        ref={box}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        tabIndex={0}
        className={styles.log}
        onScroll={onScroll}
      >
        <div className={styles.column}>{children}</div>
      </div>
      {below ? (
        <Button className={styles.jump} onPress={toEnd}>
          <ArrowDown aria-hidden size={16} />
          Jump to newest
        </Button>
      ) : null}
    </div>
  );
}
