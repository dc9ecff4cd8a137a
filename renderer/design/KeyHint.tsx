import styles from "./KeyHint.module.css";

/** The keys of a shortcut, such as `Ctrl+J`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return <kbd className={styles.keys}>{keys}</kbd>;
}
