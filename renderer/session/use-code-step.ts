import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { SignInStep } from "../../shared/session/sign-in";
import { failureOf } from "../bridge/call";
import { isSignInOver } from "./step-failure";
import type { StepProps } from "./step-props";

/** A step of a sign-in whose one field is a code. A wrong code stays, selected: the next key replaces it. */
export function useCodeStep(send: (code: string) => Promise<SignInStep>, { onStep, onStartOver }: StepProps) {
  const [code, setCode] = useState("");
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const sending = useMutation({
    mutationFn: send,
    onSuccess: onStep,
    onError: (error) => {
      if (isSignInOver(error)) onStartOver(failureOf(error).message);
      box.current?.focus();
      box.current?.select();
    },
    gcTime: 0,
  });
  return {
    code,
    box,
    isPending: sending.isPending,
    error: sending.isError ? failureOf(sending.error).message : null,
    type: (typed: string) => {
      setCode(typed);
      sending.reset();
    },
    send: () => sending.mutate(code),
  };
}
