import { type Alert, alertRules, isAlertRule, type Verdict } from "../../shared/alerts/alert";

export const verdictWords: Readonly<Record<Verdict, string>> = {
  expected: "Expected: there was a good reason",
  unclear: "Unclear: to be followed up",
  misuse: "Misuse: nobody should have done this",
};

export const severityWords: Readonly<Record<Alert["severity"], string>> = { urgent: "Urgent", review: "To review" };

/** The rule in words. A rule that this version does not know keeps its own name. */
export function ruleWords(rule: string): string {
  return isAlertRule(rule) ? alertRules[rule] : rule;
}

/** `104 in 60 minutes`, where the rule counts something. */
export function countWords({ count, minutes }: Pick<Alert, "count" | "minutes">): string | null {
  if (count === null || count < 2) return null;
  return minutes === null
    ? `${count}`
    : `${count} in ${minutes < 120 ? `${minutes} minutes` : `${minutes / 60} hours`}`;
}

/** Who it was, where no account of the hospital did it. */
export function nobodyWords({ about_staff_id }: Pick<Alert, "about_staff_id">): string {
  return about_staff_id === null
    ? "No account of that name, or nobody signed in"
    : "Nobody signed in: lamplight-admin, as the owner of the database";
}

/** The reason that ending a session or an account by an alert leaves in the audit. */
export function containmentReason(alert: Pick<Alert, "rule">): string {
  return `Alert: ${ruleWords(alert.rule)}`;
}

/** `2 alerts, 1 review`; null where nothing waits. */
export function waitingWords({
  alerts,
  reviews,
}: {
  readonly alerts: number;
  readonly reviews: number;
}): string | null {
  const parts = [
    ...(alerts > 0 ? [alerts === 1 ? "1 alert" : `${alerts} alerts`] : []),
    ...(reviews > 0 ? [reviews === 1 ? "1 review" : `${reviews} reviews`] : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}
