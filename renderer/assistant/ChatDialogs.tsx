import { useState } from "react";
import type { Chat } from "../../shared/assistant/turn";
import { failureOf } from "../bridge/bridge-failure";
import { Button } from "../design/Button";
import { AlertDialog, Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { TextField } from "../design/TextField";

interface ChatDialogProps {
  readonly chat: Chat;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onClose: () => void;
}

/** Gives a chat another title. */
export function RenameChat({
  chat,
  error,
  busy,
  onClose,
  onRename,
}: ChatDialogProps & { readonly onRename: (title: string) => void }) {
  const [title, setTitle] = useState(chat.title);
  const usable = title.trim() !== "" && !busy;
  const submit = () => {
    if (usable) onRename(title.trim());
  };
  return (
    <Dialog
      title="Rename chat"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!usable} onPress={submit}>
            Rename
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField label="Title" value={title} onChange={setTitle} maxLength={120} autoFocus />
      </form>
      {error ? <ErrorState failure={failureOf(error)} title="not renamed" /> : null}
    </Dialog>
  );
}

/** Asks before a chat is gone for good. */
export function DeleteChat({
  chat,
  error,
  busy,
  onClose,
  onDelete,
}: ChatDialogProps & { readonly onDelete: () => void }) {
  return (
    <AlertDialog
      title="Delete chat"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Keep
          </Button>
          <Button variant="danger" isDisabled={busy} onPress={onDelete}>
            Delete
          </Button>
        </>
      }
    >
      <p>“{chat.title}” and its answers are deleted for good. The audit trail of what was looked up stays.</p>
      {error ? <ErrorState failure={failureOf(error)} title="not deleted" /> : null}
    </AlertDialog>
  );
}
