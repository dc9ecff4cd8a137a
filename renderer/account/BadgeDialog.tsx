import { useMutation } from "@tanstack/react-query";
import { Nfc } from "lucide-react";
import { useState } from "react";
import { isFailure } from "../bridge/bridge-failure";
import { call, failureOf } from "../bridge/call";
import styles from "./BadgeDialog.module.css";
import { PasswordField } from "./PasswordField";
import { TaskDialog } from "./TaskDialog";

/** The next badge on the reader becomes one's own. */
export function BadgeDialog({ onClose }: { readonly onClose: (words?: string) => void }) {
  const [password, setPassword] = useState("");
  const add = useMutation({
    mutationFn: () => call("account.addBadge", { password }),
    onSuccess: () => onClose("The badge is yours. Hold it to the reader when the workstation is locked."),
    gcTime: 0,
  });
  const wrong = isFailure(add.error, "SIGN_IN_FAILED");
  return (
    <TaskDialog
      title="Add badge"
      act="Add badge"
      onClose={() => onClose()}
      onSubmit={() => add.mutate()}
      ready={password !== ""}
      busy={add.isPending}
      busyWords="Waiting for the badge"
      failure={add.isError && !wrong ? failureOf(add.error) : null}
    >
      <p>
        Type your password, press Add badge, and then hold your badge to the reader. A badge that you had before stops
        working.
      </p>
      <PasswordField
        label="Password"
        value={password}
        onChange={(value) => {
          add.reset();
          setPassword(value);
        }}
        autoComplete="current-password"
        autoFocus
        error={wrong ? "This is not your password." : null}
      />
      <p role="alert" className={styles.hold}>
        {add.isPending ? (
          <>
            <Nfc aria-hidden size={24} /> Hold your badge to the reader now. It waits for 30 seconds.
          </>
        ) : null}
      </p>
    </TaskDialog>
  );
}
