import { ShownOnce } from "../account/ShownOnce";
import { Button } from "../design/Button";
import { AlertDialog } from "../design/Dialog";
import { Facts } from "../design/Facts";
import type { HandOver } from "./hand-over";
import styles from "./TemporaryPasswordDialog.module.css";

export interface TemporaryPasswordDialogProps {
  readonly handOver: HandOver;
  readonly onClose: () => void;
}

/** A password for somebody else, shown once. It opens nothing but the page on which they choose their own. */
export function TemporaryPasswordDialog({ handOver, onClose }: TemporaryPasswordDialogProps) {
  const { name, username, password } = handOver;
  const facts = (
    <Facts
      facts={[
        ["Name", name],
        ["Username", username],
        [
          "Password",
          <code key="password" className={styles.password}>
            {password}
          </code>,
        ],
      ]}
    />
  );
  return (
    <AlertDialog
      title={`Temporary password for ${name}`}
      isOpen
      // It cannot be shown again: a stray key must not take it away.
      escapable={false}
      onClose={() => undefined}
      actions={
        <Button variant="primary" onPress={onClose}>
          I have kept it
        </Button>
      }
    >
      <ShownOnce
        text={password}
        sheet={
          <>
            <h1>Lamplight: temporary password</h1>
            {facts}
            <p>It works for the first sign-in only. Choose a password of your own there, and destroy this paper.</p>
          </>
        }
      >
        <p>
          Shown only now. Hand it over in person or by a call to a number you know. At the first sign-in {name} must
          choose another.
        </p>
        {facts}
      </ShownOnce>
    </AlertDialog>
  );
}
