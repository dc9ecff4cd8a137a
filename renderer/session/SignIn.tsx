import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { SessionView } from "../../shared/session/session-state";
import type { SignInStep } from "../../shared/session/sign-in";
import type { BadgeRead } from "../../shared/session/waiting";
import { call } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";
import { Notice } from "../design/Notice";
import { UpdateNotice } from "../updates/UpdateNotice";
import { BadgeCodeStep } from "./BadgeCodeStep";
import { CodeStep } from "./CodeStep";
import { Cover } from "./Cover";
import { CredentialsStep } from "./CredentialsStep";
import { EnrolmentStep } from "./EnrolmentStep";
import { OwnPasswordStep } from "./OwnPasswordStep";
import type { StepProps } from "./step-props";

export interface SignInProps {
  readonly status: AppStatus;
  readonly onSignedIn: (session: SessionView) => void;
}

type Step = Exclude<SignInStep, { step: "done" }> | { readonly step: "badge-code"; readonly name: string };

/** Sign-in, one question at a time: who, then what the account still asks for. Shows no data before the last is answered. */
export function SignIn({ status, onSignedIn }: SignInProps) {
  const arrival = useQuery({ ...commandQuery("session.arrival", {}), staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  const [step, setStep] = useState<Step | null>(null);
  // Kept over the steps: who starts over need not type who they are again. null until somebody typed or was meant.
  const [typed, setTyped] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const [heard, setHeard] = useState<BadgeRead | null>(null);
  const read = heard ?? arrival.data?.read ?? null;

  useWardEvent("badge.read", (badge) => {
    // A step that is under way belongs to whoever began it.
    if (step !== null && step.step !== "badge-code") return;
    setHeard(badge);
    if (badge.outcome !== "holder") return;
    setTyped(badge.username);
    setStep(badge.codeIsEnough ? { step: "badge-code", name: badge.name } : null);
  });
  // Somebody's badge was read on the lock page, and brought them here.
  const arrived = arrival.data?.read;
  const [answered, setAnswered] = useState(false);
  if (arrived && !answered) {
    setAnswered(true);
    if (arrived.outcome === "holder" && arrived.codeIsEnough && step === null) {
      setStep({ step: "badge-code", name: arrived.name });
    }
  }

  const onStep = (next: SignInStep) => {
    setMessage(null);
    if (next.step === "done") onSignedIn(next.session);
    else setStep(next);
  };
  const onStartOver = (why?: string) => {
    // What was proven so far is worth nothing from here on; should the call be lost, it ends by itself.
    void call("session.cancelSignIn", {}).catch(() => undefined);
    setMessage(why ?? null);
    setStep(null);
  };
  return (
    <Cover foot={<Foot status={status} />} demo={status.demo}>
      {step === null ? (
        <>
          <CredentialsStep
            demo={status.demo}
            username={typed ?? arrival.data?.username ?? ""}
            onUsername={setTyped}
            known={typed === null && arrival.data?.username !== null && arrival.data !== undefined}
            badge={arrival.data?.badge.present === true ? { read } : null}
            waiting={arrival.data?.waiting ?? []}
            message={message}
            onStep={onStep}
          />
          <UpdateNotice />
          {status.notices.map((notice) => (
            <Notice key={notice} kind="info">
              {notice}
            </Notice>
          ))}
        </>
      ) : (
        <LaterStep step={step} onStep={onStep} onStartOver={onStartOver} />
      )}
    </Cover>
  );
}

function LaterStep({ step, ...props }: StepProps & { readonly step: Step }) {
  switch (step.step) {
    case "code":
      return <CodeStep {...props} />;
    case "password-change":
      return <OwnPasswordStep username={step.username} {...props} />;
    case "enrolment":
      return <EnrolmentStep {...props} />;
    case "badge-code":
      return <BadgeCodeStep name={step.name} {...props} />;
  }
}

function Foot({ status }: { readonly status: AppStatus }) {
  const where = status.database === "embedded" ? "Database on this machine" : "Central database";
  return `${where}. Version ${status.version}. What you open is recorded.`;
}
