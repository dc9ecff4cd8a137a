import type { AuditAction } from "./actions";

/** The actions that tell of a refusal whatever their outcome says. What broke off is none. */
export const refusedActions = [
  "ACCESS_DENIED",
  "LOGIN_FAILED",
  "BREAK_GLASS_DENIED",
  "OUTBOX_REFUSED",
  "TOKEN_REUSE",
] as const satisfies readonly AuditAction[];

/** The outcome of a sign-in that was not even judged. */
export const lockedOutcome = "locked";

/** Whether an entry tells of a refusal. */
export function tellsOfRefusal(entry: { readonly action: AuditAction; readonly outcome: string }): boolean {
  return (refusedActions as readonly AuditAction[]).includes(entry.action) || entry.outcome === lockedOutcome;
}
