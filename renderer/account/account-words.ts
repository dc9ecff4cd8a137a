import type { AccountView } from "../../shared/account/account";
import { formatDay } from "../design/format";

export function passwordWords(changedAt: string | null): string {
  return changedAt === null
    ? "It has not been changed since the account was made."
    : `Changed on ${formatDay(changedAt)}. It need not be changed again unless somebody else may know it.`;
}

const codesLeft = (count: number): string => {
  if (count === 0) return "No recovery code is left: make new ones.";
  return count === 1 ? "1 recovery code is left: make new ones." : `${count} recovery codes are left.`;
};

/** The second factor in words; its state stands before them. */
export function factorWords(factor: AccountView["secondFactor"]): string {
  if (factor.since !== null) {
    const demanded = factor.required ? " Your role requires it." : "";
    return `Set up on ${formatDay(factor.since)}. ${codesLeft(factor.recoveryCodesLeft)}${demanded}`;
  }
  return factor.required
    ? "Your role requires one. Set it up now, or at the next sign-in."
    : "A code from your phone beside the password: a stolen password alone then opens nothing.";
}

export function badgeWords(badge: AccountView["badge"]): string {
  if (badge.since !== null && badge.allowed) return `Added on ${formatDay(badge.since)}.`;
  if (badge.since !== null) return "You added one, but the rules for your role do not let it open anything now.";
  return badge.allowed
    ? "A badge on the reader tells the workstation who you are, so that you need not type your username."
    : "The rules for your role allow none.";
}
