import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PasswordField } from "../account/PasswordField";
import { TaskDialog } from "../account/TaskDialog";
import { isFailure } from "../bridge/bridge-failure";
import { call, failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { Notice } from "../design/Notice";

/** A badge opened this session: what is sealed under the password says that it is missing, and how it comes back. */
export function SealedNotice() {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [password, setPassword] = useState("");
  const unseal = useMutation({
    mutationFn: () => call("session.unseal", { password }),
    // What was answered without the keys is not what is answered now.
    onSuccess: async () => {
      setAsking(false);
      setPassword("");
      await client.invalidateQueries({ queryKey: commandQuery("session.current", {}).queryKey });
      await client.invalidateQueries({ queryKey: ["command", "chats.list"] });
      await client.invalidateQueries({ queryKey: ["tool"] });
    },
    gcTime: 0,
  });
  const wrong = isFailure(unseal.error, "SIGN_IN_FAILED");
  const close = () => {
    setAsking(false);
    setPassword("");
    unseal.reset();
  };
  return (
    <Notice
      kind="info"
      title="your badge opened this."
      actions={<Button onPress={() => setAsking(true)}>Type password</Button>}
    >
      Drafts, chats and identity data stay closed until you type your password.
      {asking ? (
        <TaskDialog
          title="Open the rest"
          act="Open"
          onClose={close}
          onSubmit={() => unseal.mutate()}
          ready={password !== ""}
          busy={unseal.isPending}
          failure={unseal.isError && !wrong ? failureOf(unseal.error) : null}
        >
          <p>Your password opens your drafts, your chats and identity data on this workstation.</p>
          <PasswordField
            label="Password"
            value={password}
            onChange={(value) => {
              setPassword(value);
              unseal.reset();
            }}
            autoComplete="current-password"
            autoFocus
            error={wrong ? "This is not your password." : null}
          />
        </TaskDialog>
      ) : null}
    </Notice>
  );
}
