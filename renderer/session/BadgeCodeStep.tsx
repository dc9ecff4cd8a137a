import { useMutation } from "@tanstack/react-query";
import { Nfc } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { isComplete } from "../account/code-words";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { TextField } from "../design/TextField";
import styles from "./Cover.module.css";
import { isSignInOver } from "./step-failure";
import type { StepProps } from "./step-props";

/** A badge whose holder's session waits here: the code opens it, and the password stays for what is sealed. */
export function BadgeCodeStep({ name, onStep, onStartOver }: StepProps & { readonly name: string }) {
  const [code, setCode] = useState("");
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const open = useMutation({
    mutationFn: (typed: string) => call("session.signInByBadge", { code: typed }),
    onSuccess: onStep,
    onError: (error) => {
      if (isSignInOver(error)) onStartOver(failureOf(error).message);
      box.current?.focus();
      box.current?.select();
    },
    gcTime: 0,
  });
  const ready = isComplete("one-time", code) && !open.isPending;
  return (
    <>
      <h1>Sign in: badge and code</h1>
      <p role="status" className={styles.badge}>
        <Nfc aria-hidden size={20} /> Badge read: {name}.
      </p>
      <form
        className={styles.form}
        aria-label="Badge and code"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (ready) open.mutate(code);
        }}
      >
        <TextField
          label="One-time code"
          value={code}
          onChange={(value) => {
            setCode(value);
            open.reset();
          }}
          autoFocus
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={12}
          description="The six digits on your phone. Drafts and chats open when you type the password later."
          error={open.isError ? failureOf(open.error).message : null}
          ref={box}
        />
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Verify
          </Button>
          <Button onPress={() => onStartOver()}>Use the password instead</Button>
          <span role="status">{open.isPending ? "Checking" : ""}</span>
        </div>
      </form>
    </>
  );
}
