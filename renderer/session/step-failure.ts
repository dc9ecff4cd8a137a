import { isFailure } from "../bridge/bridge-failure";

/**
 * Whether what was thrown means that the sign-in is no longer under way: it took too long, was tried too often, or the account
 * changed meanwhile. The way on is the first page, which says why.
 */
export function isSignInOver(error: unknown): boolean {
  return isFailure(error, "NOT_SIGNED_IN", "SESSION_EXPIRED", "SESSION_REVOKED", "ACCOUNT_LOCKED", "SIGN_IN_FAILED");
}
