import { formatTime } from "../design/format";
import { Link } from "../design/Link";
import styles from "./DraftLine.module.css";
import type { DraftState } from "./use-draft";

/** One quiet line at a form: that unsent text is back, or can be had back. Says nothing while there is nothing to say. */
export function DraftLine({ draft }: { readonly draft: DraftState }) {
  return (
    <p role="status" className={styles.line}>
      {draft.kind === "none" ? null : <Words draft={draft} />}
    </p>
  );
}

function Words({ draft }: { readonly draft: DraftState }) {
  const typed = draft.at === null ? "" : `, typed at ${formatTime(draft.at)}`;
  switch (draft.kind) {
    case "back":
      return (
        <>
          <span>{`Your unsent text is back${typed}.`}</span>
          <Link onPress={draft.discard}>Discard</Link>
        </>
      );
    case "other":
      return (
        <>
          <span>{`There is other unsent text of yours for this${typed}.`}</span>
          <Link onPress={draft.putBack}>Put it back</Link>
          <Link onPress={draft.discard}>Discard</Link>
        </>
      );
    case "discarded":
      return (
        <>
          <span>Your unsent text was discarded.</span>
          <Link onPress={draft.putBack}>Undo</Link>
        </>
      );
    case "replaced":
      return (
        <>
          <span>The earlier text is back in place of what stood here.</span>
          <Link onPress={draft.putBack}>Undo</Link>
        </>
      );
    default:
      return null;
  }
}
