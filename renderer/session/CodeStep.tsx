import { type FormEvent, useState } from "react";
import { CodeField } from "../account/CodeField";
import { type CodeKind, isComplete } from "../account/code-words";
import { call } from "../bridge/call";
import { Button } from "../design/Button";
import styles from "./Cover.module.css";
import type { StepProps } from "./step-props";
import { useCodeStep } from "./use-code-step";

/** The password was right; the code of the second factor is wanted. */
export function CodeStep(step: StepProps) {
  const [kind, setKind] = useState<CodeKind>("one-time");
  const verify = useCodeStep((code) => call("session.verifyCode", { code }), step);
  const ready = isComplete(kind, verify.code) && !verify.isPending;
  return (
    <>
      <h1>Sign in: one-time code</h1>
      <form
        className={styles.form}
        aria-label="One-time code"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (ready) verify.send();
        }}
      >
        <CodeField
          kind={kind}
          onKind={(next) => {
            setKind(next);
            verify.type("");
            verify.box.current?.focus();
          }}
          value={verify.code}
          onChange={verify.type}
          error={verify.error}
          autoFocus
          ref={verify.box}
        />
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Verify
          </Button>
          <Button onPress={() => step.onStartOver()}>Start over</Button>
          <span role="status">{verify.isPending ? "Checking" : ""}</span>
        </div>
      </form>
      <p className={styles.small}>
        No phone and no recovery code? An administrator can reset your second factor; nothing of yours is lost.
      </p>
    </>
  );
}
