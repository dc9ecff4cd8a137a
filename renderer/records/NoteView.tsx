import { formatMoment } from "../design/format";
import { useHighlight } from "../design/use-highlight";
import { type Note, noteKinds } from "./record-words";
import styles from "./records.module.css";

/** One note, whole; its text is text and nothing in it is a command or a link. */
export function NoteView({ note, isHighlighted }: { readonly note: Note; readonly isHighlighted: boolean }) {
  const article = useHighlight<HTMLElement>(isHighlighted);
  return (
    <article
      ref={article}
      aria-label={note.title}
      data-highlighted={isHighlighted || undefined}
      className={styles.note}
    >
      <header className={styles.head}>
        <h2 className={styles.title}>{note.title}</h2>
        <span className={styles.by}>
          {noteKinds[note.kind]}, {formatMoment(note.written_at)}, {note.author ?? "author not recorded"}
        </span>
      </header>
      <p className={styles.text}>{note.text}</p>
    </article>
  );
}
