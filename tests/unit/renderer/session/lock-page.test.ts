import { describe, expect, test } from "vitest";
import { badgeIsFor, badgeReadWords } from "../../../../renderer/session/badge-words";
import { leftWords, spokenLeft } from "../../../../renderer/session/countdown-words";
import { lockReasons } from "../../../../renderer/session/lock-reason";
import { mustSignInAgain } from "../../../../renderer/session/lock-words";
import { failures } from "../../../../shared/failure";
import { lockedSessionSchema } from "../../../../shared/session/session-state";

describe("the countdown, for who listens", () => {
  /** Every sentence that is said, in order, while the seconds run down. */
  function said(from: number): string[] {
    const spoken: string[] = [];
    for (let left = from; left >= 0; left -= 1) {
      const words = spokenLeft(left, from);
      if (words !== "" && spoken.at(-1) !== words) spoken.push(words);
    }
    return spoken;
  }

  test("after the dialog itself only 30 and 10 seconds are said", () => {
    expect(said(60)).toEqual(["30 seconds left.", "10 seconds left."]);
    expect(spokenLeft(60, 60)).toBe("");
    expect(spokenLeft(31, 60)).toBe("");
  });

  test("a mark that was passed before it opened is never said: it would be untrue", () => {
    expect(said(20)).toEqual(["10 seconds left."]);
    expect(said(30)).toEqual(["10 seconds left."]);
    expect(said(9)).toEqual([]);
  });

  test("one second is one second", () => expect(leftWords(1)).toBe("1 second left."));
});

describe("a badge on the lock page", () => {
  const holder = { outcome: "holder", username: "demo_nurse", name: "Grace Miller", rule: "with-code" } as const;

  test("is the own, somebody else's, or nobody's that is known", () => {
    expect(badgeIsFor({ ...holder, codeIsEnough: true }, "demo_nurse")).toBe("own");
    expect(badgeIsFor({ ...holder, codeIsEnough: true }, "demo_doctor")).toBe("other");
    expect(badgeIsFor({ outcome: "unknown" }, "demo_nurse")).toBe("nobody");
    expect(badgeIsFor({ outcome: "unavailable" }, "demo_nurse")).toBe("nobody");
  });

  test("asks for the code only where the rule says that it is enough, and never names who is not known", () => {
    expect(badgeReadWords({ ...holder, codeIsEnough: true })).toContain("Type the code");
    expect(badgeReadWords({ ...holder, codeIsEnough: false })).toContain("Type your password");
    expect(badgeReadWords({ outcome: "unknown" })).toBe(failures.BADGE_UNKNOWN);
    expect(badgeReadWords({ outcome: "unavailable" })).toContain("Type your password");
  });
});

test("every reason to lock has a sentence, an ended session among them", () => {
  for (const reason of lockedSessionSchema.shape.reason.options)
    expect(lockReasons[reason]).toMatch(/^[A-Z].{12,}\.$/u);
  expect(lockReasons.revoked).toContain("administrator");
});

test("after a refusal that no password mends the page leads to the sign-in; a wrong password stays where it is", () => {
  for (const code of ["SESSION_REVOKED", "SESSION_EXPIRED", "PASSWORD_CHANGE_REQUIRED", "CODE_REQUIRED"] as const)
    expect(mustSignInAgain(code)).toBe(true);
  for (const code of ["SIGN_IN_FAILED", "ACCOUNT_LOCKED", "DATABASE_UNAVAILABLE"] as const)
    expect(mustSignInAgain(code)).toBe(false);
});
