import { type ReactNode, useId } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Dialog.module.css";

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** Called when the person leaves it by Escape or a click outside. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons, the one that is meant last. */
  readonly actions?: ReactNode;
  readonly width?: "narrow" | "wide";
  /** Id of the words to be read out with the title when it opens. */
  readonly describedBy?: string;
}

/** A dialog over the page; focus stays in it and returns to where it came from. */
export function Dialog(props: DialogProps) {
  return <Sheet {...props} role="dialog" dismissable />;
}

/** A dialog that asks for an answer: a click beside it does not dismiss it. */
export function AlertDialog(props: DialogProps & { readonly escapable?: boolean }) {
  return <Sheet {...props} role="alertdialog" dismissable={false} />;
}

function Sheet(
  props: DialogProps & {
    readonly role: "dialog" | "alertdialog";
    readonly dismissable: boolean;
    readonly escapable?: boolean;
  },
) {
  const title = useId();
  return (
    <ModalOverlay
      className={classes(styles.overlay)}
      isOpen={props.isOpen}
      isDismissable={props.dismissable}
      isKeyboardDismissDisabled={props.escapable === false}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Modal className={classes(styles.modal, props.width === "wide" && styles.wide)}>
        <AriaDialog
          role={props.role}
          aria-labelledby={title}
          {...(props.describedBy ? { "aria-describedby": props.describedBy } : {})}
          className={classes(styles.dialog)}
        >
          <h2 id={title} className={styles.title}>
            {props.title}
          </h2>
          <div className={styles.body}>{props.children}</div>
          {props.actions ? <div className={styles.actions}>{props.actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
