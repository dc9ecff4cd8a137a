import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { CodeField } from "../account/CodeField";
import { type CodeKind, isComplete } from "../account/code-words";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import styles from "./Cover.module.css";
import { isSignInOver } from "./step-failure";
import type { StepProps } from "./step-props";

/** The password was right; the code of the second factor is wanted. */
export function CodeStep({ onStep, onStartOver }: StepProps) {
  const [kind, setKind] = useState<CodeKind>("one-time");
  const [code, setCode] = useState("");
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const verify = useMutation({
    mutationFn: (typed: string) => call("session.verifyCode", { code: typed }),
    onSuccess: onStep,
    onError: (error) => {
      if (isSignInOver(error)) onStartOver(failureOf(error).message);
      box.current?.focus();
      box.current?.select();
    },
    gcTime: 0,
  });
  const ready = isComplete(kind, code) && !verify.isPending;
  return (
    <>
      <h1>Sign in: one-time code</h1>
      <form
        className={styles.form}
        aria-label="One-time code"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (ready) verify.mutate(code);
        }}
      >
        <CodeField
          kind={kind}
          onKind={(next) => {
            setKind(next);
            setCode("");
            verify.reset();
            box.current?.focus();
          }}
          value={code}
          onChange={(value) => {
            setCode(value);
            verify.reset();
          }}
          error={verify.isError ? failureOf(verify.error).message : null}
          autoFocus
          ref={box}
        />
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Verify
          </Button>
          <Button onPress={() => onStartOver()}>Start over</Button>
          <span role="status">{verify.isPending ? "Checking" : ""}</span>
        </div>
      </form>
      <p className={styles.small}>
        No phone and no recovery code? An administrator can reset your second factor; nothing of yours is lost.
      </p>
    </>
  );
}
