import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { NewPassword } from "../account/NewPassword";
import { maySend } from "../account/password-words";
import { usePasswordCheck } from "../account/use-password-check";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import styles from "./Cover.module.css";
import { isSignInOver } from "./step-failure";
import type { StepProps } from "./step-props";

/** A password that somebody else gave is replaced by an own one before anything else. */
export function OwnPasswordStep({ username, onStep, onStartOver }: StepProps & { readonly username: string }) {
  const [next, setNext] = useState("");
  const [repeat, setRepeat] = useState("");
  const check = usePasswordCheck(next);
  const choose = useMutation({
    mutationFn: (password: string) => call("session.choosePassword", { password }),
    onSuccess: onStep,
    onError: (error) => {
      if (isSignInOver(error)) onStartOver(failureOf(error).message);
    },
    gcTime: 0,
  });
  const ready = maySend(check, next, repeat) && !choose.isPending;
  return (
    <>
      <h1>Sign in: your own password</h1>
      <p>
        The password that you were given opens nothing but this page. Choose one that only you know, {username}. Other
        sessions of yours end.
      </p>
      <form
        className={styles.form}
        aria-label="Your own password"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (ready) choose.mutate(next);
        }}
      >
        <NewPassword next={next} repeat={repeat} onNext={setNext} onRepeat={setRepeat} check={check} autoFocus />
        {choose.isError ? <ErrorState failure={failureOf(choose.error)} /> : null}
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Set password
          </Button>
          <Button onPress={() => onStartOver()}>Start over</Button>
          <span role="status">{choose.isPending ? "Setting the password. This takes a moment." : ""}</span>
        </div>
      </form>
    </>
  );
}
