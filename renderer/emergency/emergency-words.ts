import type {
  BreakGlassReason,
  EmergencyOutcome,
  EmergencyReview,
  ReviewVerdict,
} from "../../shared/emergency/break-glass";
import { isToolName, tools } from "../../shared/tools/registry";

export const reasonWords: Readonly<Record<BreakGlassReason, string>> = {
  "cardiac-arrest": "Cardiac arrest or immediate danger",
  unconscious: "Unconscious, or cannot tell",
  "transfer-arriving": "Arriving from another ward now",
  "covering-colleague": "Covering for a colleague at short notice",
  other: "Another reason, in words",
};

export const outcomeWords: Readonly<Record<EmergencyOutcome, string>> = {
  announced: "Asked for a moment ago",
  opened: "Chart opened",
  abandoned: "Asked for, never opened",
  BREAK_GLASS_DENIED: "No such patient",
  BREAK_GLASS_OPEN: "Refused: another chart was still open",
  BREAK_GLASS_LIMIT: "Refused: too many in a short while",
  SIGN_IN_FAILED: "Not opened: wrong password or code",
  CODE_REQUIRED: "Not opened: no one-time code",
  ACCOUNT_LOCKED: "Not opened: account locked after wrong passwords",
  INVALID_INPUT: "Refused: no patient number, or no reason",
  RBAC_DENIED: "Refused: not for this role",
  NOT_ANNOUNCED: "Refused: opening without asking first",
};

export const verdictWords: Readonly<Record<ReviewVerdict, string>> = {
  justified: "Justified",
  unclear: "Unclear",
  "not-justified": "Not justified",
};

const endings: Readonly<Record<string, string>> = {
  person: "ended by the person",
  "time is up": "ended when the hour was up",
  "session ended": "ended with the session",
  "account disabled": "ended when the account was disabled",
};
export const endingWords = (because: string): string => endings[because] ?? "ended";

/** `59:07`. */
export function clockWords(seconds: number): string {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Minutes at which a screen reader says how much is left; a countdown that speaks each second would drown the chart. */
const marks = [60, 30, 10, 5, 1] as const;

/** What is said aloud with so many seconds left: it changes at the marks alone, so it is said once at each. */
export function spokenWords(patientId: string, seconds: number): string {
  const mark = marks.filter((minutes) => seconds <= minutes * 60).at(-1) ?? marks[0];
  const left = mark === 1 ? "1 minute" : `${mark} minutes`;
  return `Emergency access to patient ${patientId}: at most ${left} left.`;
}

/** What was read, tool by tool: `Allergies 2 times, Medications once`. */
export function readsWords(reads: EmergencyReview["reads"]): string {
  if (reads.length === 0) return "Nothing was read.";
  const words = reads.map(({ tool, count }) => {
    const title = isToolName(tool) ? tools[tool].title : tool;
    return `${title} ${count === 1 ? "once" : `${count} times`}`;
  });
  return `${words.join(", ")}.`;
}
