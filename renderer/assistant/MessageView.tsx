import type { ChatMessage } from "../../shared/assistant/turn";
import { standingDisclaimer } from "../../shared/assistant/turn";
import { formatMoment, formatTime } from "../design/format";
import { AnswerText } from "./AnswerText";
import type { ChartLink } from "./chart-link";
import styles from "./MessageView.module.css";
import { modelName, modeWords } from "./model-words";
import { ToolCallLine } from "./ToolCallLine";

export interface MessageViewProps {
  readonly message: ChatMessage;
  /** True while the answer is still being written. */
  readonly writing?: boolean;
  readonly onOpenChart: (link: ChartLink) => void;
}

/** One question or one answer with its tool calls, what made it, and the standing disclaimer. */
export function MessageView({ message, writing = false, onOpenChart }: MessageViewProps) {
  if (message.author === "person")
    return (
      <article aria-label="Question" className={styles.question}>
        <p className={styles.asked}>{message.text}</p>
        <time dateTime={message.at} title={formatMoment(message.at)} className={styles.small}>
          {formatTime(message.at)}
        </time>
      </article>
    );
  return (
    <article aria-label="Answer" aria-busy={writing} className={styles.reply}>
      {message.toolCalls.length > 0 ? (
        <div className={styles.calls}>
          {message.toolCalls.map((call, index) => (
            <ToolCallLine key={`${call.callId} ${index}`} call={call} />
          ))}
        </div>
      ) : null}
      {message.text === "" ? null : <AnswerText text={message.text} onOpenChart={onOpenChart} />}
      {message.incomplete ? <p className={styles.incomplete}>Incomplete: the answer was stopped or broke off</p> : null}
      {writing ? null : (
        <p className={styles.small}>
          {message.model ? `${modelName(message.model)}, ${modeWords(message.model.mode)}. ` : ""}
          {standingDisclaimer}
        </p>
      )}
    </article>
  );
}
