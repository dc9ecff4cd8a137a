import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Enrolment } from "../../shared/session/sign-in";
import { isFailure } from "../bridge/bridge-failure";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { AlertDialog, Dialog } from "../design/Dialog";
import { AuthenticatorSetup } from "./AuthenticatorSetup";
import { CodeField } from "./CodeField";
import { type CodeKind, isComplete } from "./code-words";
import { PasswordField } from "./PasswordField";
import { RecoveryCodes } from "./RecoveryCodes";
import { TaskDialog } from "./TaskDialog";

export type SecondFactorTask = "set-up" | "replace" | "renew-codes" | "remove";

const titles: Readonly<Record<SecondFactorTask, string>> = {
  "set-up": "Set up second factor",
  replace: "Replace authenticator",
  "renew-codes": "New recovery codes",
  remove: "Remove second factor",
};
const consequences: Readonly<Record<SecondFactorTask, string>> = {
  "set-up": "First your password, then a square to scan with your phone.",
  replace:
    "First your password and a code from the authenticator that you have now, then a square to scan with the other. The one you have now counts until the other is confirmed; then new recovery codes take the place of the old.",
  "renew-codes": "The codes you have now stop working as soon as the new ones are made.",
  remove: "From then on your password alone opens your account. Your recovery codes stop working.",
};
const acts: Readonly<Record<SecondFactorTask, string>> = {
  "set-up": "Next",
  replace: "Next",
  "renew-codes": "Make new codes",
  remove: "Remove second factor",
};
/** What is said once the recovery codes were kept. */
const kept: Readonly<Record<SecondFactorTask, string>> = {
  "set-up": "The second factor is on.",
  replace: "The new authenticator counts now.",
  "renew-codes": "The new recovery codes count now.",
  remove: "The second factor is off.",
};

interface Proof {
  readonly password: string;
  readonly code: string;
}

export interface SecondFactorDialogProps {
  readonly task: SecondFactorTask;
  /** With words when something was changed. */
  readonly onClose: (words?: string) => void;
}

/** Everything about the second factor begins with the password; what it shows once stays until it was kept. */
export function SecondFactorDialog({ task, onClose }: SecondFactorDialogProps) {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const title = titles[task];
  if (codes !== null) {
    return (
      <AlertDialog
        title="Keep your recovery codes"
        isOpen
        escapable={false}
        onClose={() => undefined}
        actions={
          <Button variant="primary" onPress={() => onClose(kept[task])}>
            I have kept them
          </Button>
        }
      >
        <RecoveryCodes codes={codes} />
      </AlertDialog>
    );
  }
  if (enrolment !== null) {
    return (
      <Dialog title={title} width="wide" isOpen onClose={() => onClose()}>
        <AuthenticatorSetup
          enrolment={enrolment}
          confirm={async (code) => (await call("account.confirmSecondFactor", { code })).recoveryCodes}
          onConfirmed={setCodes}
          back={<Button onPress={() => onClose()}>Cancel</Button>}
        />
      </Dialog>
    );
  }
  const prove = async (proof: Proof): Promise<void> => {
    if (task === "set-up") setEnrolment(await call("account.startSecondFactor", { password: proof.password }));
    else if (task === "replace") setEnrolment(await call("account.startSecondFactor", proof));
    else if (task === "renew-codes") setCodes((await call("account.renewRecoveryCodes", proof)).recoveryCodes);
    else {
      await call("account.removeSecondFactor", proof);
      onClose(kept.remove);
    }
  };
  return <ProofDialog task={task} prove={prove} onClose={() => onClose()} />;
}

interface ProofDialogProps {
  readonly task: SecondFactorTask;
  readonly prove: (proof: Proof) => Promise<void>;
  readonly onClose: () => void;
}

/** The password, and where there is a second factor already, its code. */
function ProofDialog({ task, prove, onClose }: ProofDialogProps) {
  const [password, setPassword] = useState("");
  const [kind, setKind] = useState<CodeKind>("one-time");
  const [code, setCode] = useState("");
  const send = useMutation({ mutationFn: prove, gcTime: 0 });
  const change = (work: () => void) => {
    send.reset();
    work();
  };
  const needsCode = task !== "set-up";
  const wrongPassword = isFailure(send.error, "SIGN_IN_FAILED");
  const wrongCode = isFailure(send.error, "CODE_WRONG");
  return (
    <TaskDialog
      title={titles[task]}
      act={acts[task]}
      danger={task === "remove"}
      onClose={onClose}
      onSubmit={() => send.mutate({ password, code })}
      ready={password !== "" && (!needsCode || isComplete(kind, code))}
      busy={send.isPending}
      failure={send.isError && !wrongPassword && !wrongCode ? failureOf(send.error) : null}
    >
      <p>{consequences[task]}</p>
      <PasswordField
        label="Password"
        value={password}
        onChange={(value) => change(() => setPassword(value))}
        autoComplete="current-password"
        autoFocus
        error={wrongPassword ? "This is not your password." : null}
      />
      {needsCode ? (
        <CodeField
          kind={kind}
          onKind={(next) =>
            change(() => {
              setKind(next);
              setCode("");
            })
          }
          value={code}
          onChange={(value) => change(() => setCode(value))}
          error={wrongCode ? failureOf(send.error).message : null}
        />
      ) : null}
    </TaskDialog>
  );
}
