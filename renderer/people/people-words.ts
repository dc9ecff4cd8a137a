import type { badgeRules, SignInRule, StaffAccount } from "../../shared/account/account";
import { formatTime } from "../design/format";

/** What holds an account back; `active` when nothing does. The first that applies counts. */
export type AccountState = "disabled" | "no-account" | "locked" | "temporary-password" | "active";

/** `now` in milliseconds. */
export function stateOf(account: StaffAccount, now: number): AccountState {
  if (account.disabledAt !== null) return "disabled";
  if (!account.hasPassword) return "no-account";
  if (account.lockedUntil !== null && new Date(account.lockedUntil).getTime() > now) return "locked";
  return account.mustChangePassword ? "temporary-password" : "active";
}

export const stateWords: Readonly<Record<AccountState, string>> = {
  active: "Active",
  disabled: "Disabled",
  "no-account": "No account yet",
  locked: "Locked for now",
  "temporary-password": "Waits for own password",
};

/** A state with what an administrator needs beside it. */
export function stateSentence(account: StaffAccount, now: number): string {
  const state = stateOf(account, now);
  if (state !== "locked") return stateWords[state];
  return `Locked until ${formatTime(account.lockedUntil ?? "")} (wrong passwords)`;
}

export const filters = [
  "everybody",
  "signed-in",
  "no-account",
  "disabled",
  "locked",
  "temporary-password",
  "no-second-factor",
] as const;
export type PeopleFilter = (typeof filters)[number];

export const filterWords: Readonly<Record<PeopleFilter, string>> = {
  everybody: "Everybody",
  "signed-in": "Signed in now",
  "no-account": "No account yet",
  disabled: "Disabled",
  locked: "Locked for now",
  "temporary-password": "Waiting for own password",
  "no-second-factor": "Without second factor",
};

function passes(account: StaffAccount, filter: PeopleFilter, now: number): boolean {
  switch (filter) {
    case "everybody":
      return true;
    case "signed-in":
      return account.openSessions > 0;
    case "no-second-factor":
      return !account.secondFactor && account.disabledAt === null && account.hasPassword;
    default:
      return stateOf(account, now) === filter;
  }
}

/** The people who pass the filter and in whose name, username, staff id, role or department every word that was typed is found. */
export function peopleFound(
  people: readonly StaffAccount[],
  typed: string,
  filter: PeopleFilter,
  now: number,
): readonly StaffAccount[] {
  const words = typed.toLocaleLowerCase("en").split(/\s+/u).filter(Boolean);
  return people.filter((account) => {
    const text = [account.name, account.username, account.staffId, account.role, account.department]
      .join(" ")
      .toLocaleLowerCase("en");
    return passes(account, filter, now) && words.every((word) => text.includes(word));
  });
}

/** `No session`, `1 session`, `3 sessions`. */
export function sessionCountWords(count: number): string {
  if (count === 0) return "No session";
  return count === 1 ? "1 session" : `${count} sessions`;
}

export function endedWords(count: number): string {
  if (count === 0) return "No session was open any more.";
  return `${sessionCountWords(count)} ended. Open screens lock within 5 seconds.`;
}

export const badgeRuleWords: Readonly<Record<(typeof badgeRules)[number], string>> = {
  off: "Opens nothing",
  "with-password": "Stands for the username; password needed",
  "with-code": "With a one-time code, without password",
};

/** What a rule means from now on, in a sentence. */
export function ruleSentence(rule: SignInRule): string {
  const factor =
    rule.secondFactor === "required"
      ? "needs a second factor from the next sign-in"
      : "may sign in without a second factor";
  const badge = {
    off: "a badge opens nothing",
    "with-password": "a badge stands for the username",
    "with-code": "a badge and a one-time code unlock without the password",
  }[rule.badge];
  return `${rule.role}: ${factor}; ${badge}.`;
}
