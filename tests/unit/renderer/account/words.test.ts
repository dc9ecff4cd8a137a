import { describe, expect, test } from "vitest";
import { badgeWords, factorWords, passwordWords } from "../../../../renderer/account/account-words";
import { isComplete } from "../../../../renderer/account/code-words";
import { inGroups } from "../../../../renderer/account/in-groups";
import { checkWords, maySend, repeatFault } from "../../../../renderer/account/password-words";

describe("a new password", () => {
  test("goes out only when both fields agree and nobody refused it", () => {
    expect(maySend({ state: "acceptable" }, "four quiet words", "four quiet words")).toBe(true);
    expect(maySend({ state: "acceptable" }, "four quiet words", "four quiet word")).toBe(false);
    expect(maySend({ state: "refused", reason: "Too common." }, "password", "password")).toBe(false);
    expect(maySend({ state: "checking" }, "four quiet words", "four quiet words")).toBe(false);
    expect(maySend({ state: "none" }, "", "")).toBe(false);
  });

  test("that nobody could check is never called good, and is judged when it is sent", () => {
    expect(maySend({ state: "not-checked" }, "four quiet words", "four quiet words")).toBe(true);
    expect(checkWords({ state: "not-checked" })).toContain("Not checked");
    expect(checkWords({ state: "refused", reason: "Too common." })).toBe("Too common.");
  });

  test("nobody is told off while the second one is still being typed, and is as soon as it cannot become the first", () => {
    expect(repeatFault("four quiet words", "")).toBeNull();
    expect(repeatFault("four quiet words", "four qui")).toBeNull();
    expect(repeatFault("four quiet words", "four x")).toContain("not the same");
    expect(repeatFault("four quiet words", "four quiet words and more")).toContain("not the same");
    expect(repeatFault("four quiet words", "four quiet words")).toBeNull();
  });
});

describe("a code", () => {
  test.each([
    ["one-time", "123456", true],
    ["one-time", "123 456", true],
    ["one-time", "12345", false],
    ["one-time", "1234567", false],
    ["one-time", "12345a", false],
    ["recovery", "7KQ2-9MXF", true],
    ["recovery", "7kq2 9mxf", true],
    ["recovery", "7KQ2", false],
  ] as const)("%s %s may be sent: %s", (kind, typed, may) => expect(isComplete(kind, typed)).toBe(may));
});

test("a key is typed in groups of four, and spaces in it are no letters", () => {
  expect(inGroups("JBSWY3DPEHPK3PXPAB")).toBe("JBSW Y3DP EHPK 3PXP AB");
  expect(inGroups("JBSW Y3DP")).toBe("JBSW Y3DP");
  expect(inGroups("")).toBe("");
});

describe("the own account", () => {
  const on = { since: "2026-04-05T08:05:00Z", required: false, recoveryCodesLeft: 10 };

  test("says since when, how many recovery codes are left, and asks for new ones before the last is gone", () => {
    expect(factorWords(on)).toBe("Set up on 05-Apr-2026. 10 recovery codes are left.");
    expect(factorWords({ ...on, recoveryCodesLeft: 1 })).toContain("1 recovery code is left: make new ones");
    expect(factorWords({ ...on, recoveryCodesLeft: 0 })).toContain("No recovery code is left");
    expect(factorWords({ ...on, required: true })).toContain("Your role requires it");
  });

  test("a second factor that is missing though the role demands it is said so", () => {
    expect(factorWords({ since: null, required: true, recoveryCodesLeft: 0 })).toContain("Your role requires one");
    expect(factorWords({ since: null, required: false, recoveryCodesLeft: 0 })).not.toContain("requires");
  });

  test("a badge that the rules stopped is not called working", () => {
    expect(badgeWords({ since: "2026-04-05T08:05:00Z", allowed: false })).toContain("do not let it open anything");
    expect(badgeWords({ since: "2026-04-05T08:05:00Z", allowed: true })).toBe("Added on 05-Apr-2026.");
    expect(badgeWords({ since: null, allowed: false })).toContain("allow none");
  });

  test("a password that was never changed is not given a date", () => {
    expect(passwordWords(null)).toContain("not been changed");
    expect(passwordWords("2026-04-05T08:05:00Z")).toContain("05-Apr-2026");
  });
});
