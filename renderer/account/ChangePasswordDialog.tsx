import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isFailure } from "../bridge/bridge-failure";
import { call, failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { NewPassword } from "./NewPassword";
import { PasswordField } from "./PasswordField";
import { maySend } from "./password-words";
import { TaskDialog } from "./TaskDialog";
import { usePasswordCheck } from "./use-password-check";

/** Another password. It ends every session, so the next page is the sign-in. */
export function ChangePasswordDialog({ onClose }: { readonly onClose: (words?: string) => void }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [repeat, setRepeat] = useState("");
  const check = usePasswordCheck(next);
  const change = useMutation({
    mutationFn: () => call("account.changePassword", { current, next }),
    onSuccess: () => {
      onClose();
      // Nobody is signed in any more; whoever asks next is told so, and the sign-in page comes.
      return client.invalidateQueries({ queryKey: commandQuery("session.current", {}).queryKey });
    },
    gcTime: 0,
  });
  const wrong = isFailure(change.error, "SIGN_IN_FAILED");
  return (
    <TaskDialog
      title="Change password"
      act="Change password"
      onClose={onClose}
      onSubmit={() => change.mutate()}
      ready={current !== "" && maySend(check, next, repeat)}
      busy={change.isPending}
      busyWords="Changing. This takes a moment."
      failure={change.isError && !wrong ? failureOf(change.error) : null}
    >
      <p>All your sessions end, this one too. Sign in again with the new password; drafts and chats are still yours.</p>
      <PasswordField
        label="Current password"
        value={current}
        onChange={(value) => {
          setCurrent(value);
          change.reset();
        }}
        autoComplete="current-password"
        autoFocus
        error={wrong ? "This is not your password." : null}
      />
      <NewPassword next={next} repeat={repeat} onNext={setNext} onRepeat={setRepeat} check={check} />
    </TaskDialog>
  );
}
