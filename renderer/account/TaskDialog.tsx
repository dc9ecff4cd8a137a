import { type FormEvent, type ReactNode, useId } from "react";
import type { Failure } from "../../shared/failure";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import styles from "./TaskDialog.module.css";

export interface TaskDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  /** The button that does it. */
  readonly act: string;
  readonly ready: boolean;
  readonly busy: boolean;
  /** What is said while it runs. */
  readonly busyWords?: string;
  readonly danger?: boolean;
  readonly failure: Failure | null;
  readonly children: ReactNode;
}

/** A dialog with one form and one act; what is typed stays when it is refused. */
export function TaskDialog(props: TaskDialogProps) {
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (props.ready && !props.busy) props.onSubmit();
  };
  return (
    <Dialog
      title={props.title}
      isOpen
      onClose={props.onClose}
      actions={
        <>
          <span role="status" className={styles.busy}>
            {props.busy ? (props.busyWords ?? "Checking") : ""}
          </span>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button
            type="submit"
            form={form}
            variant={props.danger ? "danger" : "primary"}
            isDisabled={!props.ready || props.busy}
          >
            {props.act}
          </Button>
        </>
      }
    >
      <form id={form} aria-label={props.title} className={styles.form} onSubmit={submit}>
        {props.children}
        {props.failure ? <ErrorState failure={props.failure} /> : null}
      </form>
    </Dialog>
  );
}
