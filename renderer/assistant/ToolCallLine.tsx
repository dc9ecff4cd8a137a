import { Ban, Check, ChevronDown, ChevronRight, CircleAlert, LoaderCircle } from "lucide-react";
import { useId, useState } from "react";
import type { ToolCallView } from "../../shared/assistant/turn";
import { isToolName, tools } from "../../shared/tools/registry";
import { durationWords, verdictOf } from "./spoken-status";
import styles from "./ToolCallLine.module.css";

const signs = { running: LoaderCircle, good: Check, refused: Ban, fault: CircleAlert } as const;

/** One tool call of the assistant, folded to a line: what was asked, what became of it and how long it took. */
export function ToolCallLine({ call }: { readonly call: ToolCallView }) {
  const [open, setOpen] = useState(false);
  const details = useId();
  const verdict = verdictOf(call);
  const Sign = signs[verdict.kind];
  const Fold = open ? ChevronDown : ChevronRight;
  return (
    // a fieldset is for form fields; this groups a line and its details
    <div role="group" aria-label={`Tool call ${call.toolName}`} className={styles.call}>
      <button
        type="button"
        className={styles.line}
        aria-expanded={open}
        aria-controls={details}
        onClick={() => setOpen(!open)}
      >
        <Fold aria-hidden size={16} className={styles.sign} />
        <span className={styles.title}>{isToolName(call.toolName) ? tools[call.toolName].title : "Unknown tool"}</span>
        <span className={styles.name}>{call.toolName}</span>
        <span className={styles.verdict} data-kind={verdict.kind}>
          <Sign aria-hidden size={15} className={styles.sign} />
          {verdict.words}
        </span>
        <span className={styles.time}>{durationWords(call.milliseconds)}</span>
      </button>
      <div id={details} hidden={!open} className={styles.details}>
        <p>{call.summary || "No answer yet."}</p>
        <dl className={styles.given}>
          {Object.entries(call.arguments).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
          {Object.keys(call.arguments).length === 0 ? (
            <div>
              <dt>Arguments</dt>
              <dd>none</dd>
            </div>
          ) : null}
          {call.code ? (
            <div>
              <dt>Code</dt>
              <dd>{call.code}</dd>
            </div>
          ) : null}
        </dl>
      </div>
    </div>
  );
}
