import { Nfc } from "lucide-react";
import type { FormEvent } from "react";
import { isComplete } from "../account/code-words";
import { call } from "../bridge/call";
import { Button } from "../design/Button";
import { TextField } from "../design/TextField";
import styles from "./Cover.module.css";
import type { StepProps } from "./step-props";
import { useCodeStep } from "./use-code-step";

/** A badge whose holder's session waits here: the code opens it, and the password stays for what is sealed. */
export function BadgeCodeStep({ name, ...step }: StepProps & { readonly name: string }) {
  const open = useCodeStep((code) => call("session.signInByBadge", { code }), step);
  const ready = isComplete("one-time", open.code) && !open.isPending;
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
          if (ready) open.send();
        }}
      >
        <TextField
          label="One-time code"
          value={open.code}
          onChange={open.type}
          autoFocus
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={12}
          description="The six digits on your phone. Drafts and chats open when you type the password later."
          error={open.error}
          ref={open.box}
        />
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Verify
          </Button>
          <Button onPress={() => step.onStartOver()}>Use the password instead</Button>
          <span role="status">{open.isPending ? "Checking" : ""}</span>
        </div>
      </form>
    </>
  );
}
