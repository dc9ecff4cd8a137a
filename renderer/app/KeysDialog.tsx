import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { KeyHint } from "../design/KeyHint";
import type { areas } from "./areas";
import styles from "./KeysDialog.module.css";

const everywhere: readonly (readonly [keys: string, what: string])[] = [
  ["Ctrl+L", "Lock the workstation"],
  ["Ctrl+Shift+L", "Lock it and let somebody else sign in"],
  ["Ctrl+K", "Find a patient, a place or an act"],
  ["Ctrl+J", "Assistant beside the chart"],
  ["Alt+Left", "Back to where you were"],
  ["F5", "Read again what is shown"],
  ["Ctrl+P", "Print this page"],
  ["?", "These keys"],
];
const inTables: readonly (readonly [keys: string, what: string])[] = [
  ["Up, Down", "From row to row"],
  ["Home, End", "First and last row"],
  ["Enter", "Open the row"],
  ["Left, Right", "From tab to tab; in a trend, from set to set"],
  ["T", "In Vitals: trend or table"],
  ["R", "In Vitals: record observations"],
  ["Ctrl+Enter", "In the vitals form: save"],
];

export interface KeysDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly areas: typeof areas;
}

/** Every key, shown by `?`. */
export function KeysDialog({ isOpen, onClose, areas: allowed }: KeysDialogProps) {
  const places = allowed.map(({ word }, at) => [`Alt+${at + 1}`, word] as const);
  return (
    <Dialog
      title="Keys"
      width="wide"
      isOpen={isOpen}
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <div className={styles.columns}>
        <Keys title="Everywhere" keys={everywhere} />
        <Keys title="Places" keys={places} />
        <Keys title="In tables and charts" keys={inTables} />
      </div>
    </Dialog>
  );
}

function Keys({ title, keys }: { readonly title: string; readonly keys: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className={styles.keys}>
        {keys.map(([key, what]) => (
          <div key={key} className={styles.line}>
            <dt>
              <KeyHint keys={key} />
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
