import type { Failure, FailureCode } from "../../shared/failure";

/** What the main process refused or could not do, thrown where a value was expected. Carries code, sentence and reference only. */
export class BridgeFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.name = "BridgeFailure";
    this.failure = failure;
  }
}

/** The failure to show for whatever was thrown; a page's own fault is told without its inner message. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BridgeFailure) return error.failure;
  return { code: "UNEXPECTED", message: "This screen could not read the answer. Try again; if it stays, tell IT." };
}

/** Whether what was thrown is the failure of one of these codes. */
export function isFailure(error: unknown, ...codes: readonly FailureCode[]): boolean {
  return error instanceof BridgeFailure && codes.includes(error.failure.code);
}
