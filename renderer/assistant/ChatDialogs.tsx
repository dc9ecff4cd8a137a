import { useRef, useState } from "react";
import type { Chat } from "../../shared/assistant/turn";
import { failureOf } from "../bridge/bridge-failure";
import { Button } from "../design/Button";
import { AlertDialog, Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { TextField } from "../design/TextField";
import { DraftLine } from "../drafts/DraftLine";
import { useDraft } from "../drafts/use-draft";

interface ChatDialogProps {
  readonly chat: Chat;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onClose: () => void;
}

export const chatTitlePlace = (chatId: string) => `chat-title|${chatId}`;

/** Gives a chat another title. */
export function RenameChat({
  chat,
  error,
  busy,
  onClose,
  onRename,
}: ChatDialogProps & { readonly onRename: (title: string) => Promise<unknown> }) {
  const [title, setTitle] = useState(chat.title);
  const form = useRef<HTMLFormElement>(null);
  const draft = useDraft({
    place: chatTitlePlace(chat.id),
    version: 1,
    fields: { title },
    blank: { title: chat.title },
    restore: (fields) => setTitle(fields["title"] ?? chat.title),
    form,
    held: busy,
  });
  const close = () => {
    draft.settle();
    onClose();
  };
  const usable = title.trim() !== "" && !busy;
  const submit = () => {
    // What was refused stays, in the dialog and in the draft.
    if (usable) onRename(title.trim()).then(draft.settle, () => undefined);
  };
  return (
    <Dialog
      title="Rename chat"
      isOpen
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button variant="primary" isDisabled={!usable} onPress={submit}>
            Rename
          </Button>
        </>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField name="title" label="Title" value={title} onChange={setTitle} maxLength={120} autoFocus />
        <DraftLine draft={draft} />
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
