import { failures } from "../../shared/failure";
import type { BadgeRead } from "../../shared/session/waiting";

/** What a read badge asks of its holder next, in a sentence. */
export function badgeReadWords(read: BadgeRead): string {
  switch (read.outcome) {
    case "holder":
      return `Badge read: ${read.name}. ${read.codeIsEnough ? "Type the code from your phone." : "Type your password."}`;
    case "unknown":
      return failures.BADGE_UNKNOWN;
    case "unavailable":
      return "The badge cannot be checked just now. Type your password.";
  }
}

/** Whose badge it is to a lock page: its own person's, somebody else's, or nobody's that is known here. */
export function badgeIsFor(read: BadgeRead, username: string): "own" | "other" | "nobody" {
  if (read.outcome !== "holder") return "nobody";
  return read.username === username ? "own" : "other";
}
