import type { SignInStep } from "../../shared/session/sign-in";

/** What every step after the first is handed. */
export interface StepProps {
  readonly onStep: (step: SignInStep) => void;
  /** Back to the username. A message says why, where it was not the person's own wish. */
  readonly onStartOver: (message?: string) => void;
}
