import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { AuthenticatorSetup } from "../account/AuthenticatorSetup";
import { RecoveryCodes } from "../account/RecoveryCodes";
import { call, failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { QueryView } from "../design/QueryView";
import { ArrivalHeading } from "./ArrivalHeading";
import styles from "./Cover.module.css";
import { isSignInOver } from "./step-failure";
import type { StepProps } from "./step-props";

/** The role demands a second factor and there is none yet: set it up, keep the recovery codes, go on. */
export function EnrolmentStep({ onStep, onStartOver }: StepProps) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const start = useQuery({
    ...commandQuery("session.startEnrolment", {}),
    // A key that is asked for again is another key: what is on the screen must stay the one that counts.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    enabled: codes === null,
  });
  const confirm = async (code: string) => {
    try {
      return (await call("session.confirmEnrolment", { code })).recoveryCodes;
    } catch (error) {
      if (isSignInOver(error)) onStartOver(failureOf(error).message);
      throw error;
    }
  };
  if (codes !== null) return <KeepCodes codes={codes} onStep={onStep} />;
  const back = <Button onPress={() => onStartOver()}>Start over</Button>;
  return (
    <>
      <h1>Sign in: second factor</h1>
      <p>Your role asks for a code from your phone beside the password. Setting it up takes a minute.</p>
      <QueryView query={start} label="Preparing the second factor" rows={5}>
        {(enrolment) => (
          <AuthenticatorSetup enrolment={enrolment} confirm={confirm} onConfirmed={setCodes} back={back} />
        )}
      </QueryView>
      {start.data === undefined ? <div className={styles.actions}>{back}</div> : null}
    </>
  );
}

function KeepCodes({ codes, onStep }: { readonly codes: readonly string[]; readonly onStep: StepProps["onStep"] }) {
  const enter = useMutation({
    mutationFn: () => call("session.current", {}),
    onSuccess: (session) => onStep({ step: "done", session }),
  });
  return (
    <>
      <ArrivalHeading>Keep your recovery codes</ArrivalHeading>
      <RecoveryCodes codes={codes} />
      {enter.isError ? <ErrorState failure={failureOf(enter.error)} /> : null}
      <div className={styles.actions}>
        <Button variant="primary" isDisabled={enter.isPending} onPress={() => enter.mutate()}>
          I have kept them
        </Button>
        <span role="status">{enter.isPending ? "Signing in" : ""}</span>
      </div>
    </>
  );
}
