import type { FailureCode } from "../../shared/failure";

/** Refusals after which typing the password once more changes nothing: the way on is the sign-in page. */
const needsSignIn: ReadonlySet<FailureCode> = new Set([
  "CODE_REQUIRED",
  "NOT_SIGNED_IN",
  "PASSWORD_CHANGE_REQUIRED",
  "SECOND_FACTOR_REQUIRED",
  "SESSION_EXPIRED",
  "SESSION_REVOKED",
]);

export function mustSignInAgain(code: FailureCode): boolean {
  return needsSignIn.has(code);
}
