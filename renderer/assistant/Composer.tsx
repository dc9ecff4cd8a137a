import { SendHorizontal, Square } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type Ref, useId, useLayoutEffect, useRef } from "react";
import type { Failure } from "../../shared/failure";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { DraftLine } from "../drafts/DraftLine";
import type { DraftState } from "../drafts/use-draft";
import styles from "./Composer.module.css";

export interface ComposerProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
  readonly answering: boolean;
  readonly stopping: boolean;
  /** False while the chat is still being opened. */
  readonly ready: boolean;
  /** Why the last question was not taken. */
  readonly failure: Failure | null;
  /** Whom the question is about. */
  readonly about: ReactNode;
  readonly ref?: Ref<HTMLTextAreaElement>;
  /** What is kept of the text while it is not sent. */
  readonly draft: DraftState;
  readonly form: Ref<HTMLFormElement>;
}

/** As long as the bridge takes. */
const longest = 8000;
const tallest = 200;

/** Where a question is written: Enter sends, Shift+Enter begins a new line, and nothing typed is lost to a failure. */
export function Composer(props: ComposerProps) {
  const id = useId();
  const own = useRef<HTMLTextAreaElement>(null);
  const { text } = props;
  const sendable = text.trim() !== "" && props.ready && !props.answering;
  // the height follows the text
  useLayoutEffect(() => {
    const area = own.current;
    if (!area) return;
    area.style.height = "auto";
    // An empty one is a line high, however long the words in it that only hint.
    if (text === "") return;
    area.style.height = `${Math.min(tallest, area.scrollHeight + 2)}px`;
  }, [text]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes a letter, Enter is its own.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (sendable) props.onSend();
  };
  return (
    <form
      ref={props.form}
      className={styles.composer}
      aria-label="Ask the assistant"
      onSubmit={(event) => {
        event.preventDefault();
        if (sendable) props.onSend();
      }}
    >
      {props.failure ? <ErrorState failure={props.failure} title="not sent" /> : null}
      <DraftLine draft={props.draft} />
      {props.about}
      <div className={styles.row}>
        <label htmlFor={id} className="visually-hidden">
          Message
        </label>
        <textarea
          id={id}
          ref={(element) => {
            own.current = element;
            if (typeof props.ref === "function") props.ref(element);
            else if (props.ref) props.ref.current = element;
          }}
          name="text"
          rows={1}
          value={text}
          maxLength={longest}
          spellCheck={false}
          autoComplete="off"
          placeholder="Ask about the ward or a patient"
          aria-describedby={`${id}-keys`}
          className={styles.text}
          onChange={(event) => props.onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {props.answering ? (
          <Button onPress={props.onStop} isDisabled={props.stopping}>
            <Square aria-hidden size={14} />
            Stop
          </Button>
        ) : null}
        <Button variant="primary" type="submit" isDisabled={!sendable}>
          <SendHorizontal aria-hidden size={16} />
          Send
        </Button>
      </div>
      <p id={`${id}-keys`} className={styles.keys}>
        {props.answering
          ? "Still answering. Stop it first, or wait; you can go on writing."
          : "Enter sends, Shift+Enter begins a new line."}
      </p>
    </form>
  );
}
