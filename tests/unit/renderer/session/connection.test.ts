import { describe, expect, test } from "vitest";
import { addressFault, choiceOf } from "../../../../renderer/session/connection-draft";
import { failedStep, testWords } from "../../../../renderer/session/connection-words";
import { type ConnectionTest, connectionSteps } from "../../../../shared/workstation/connection";

describe("what was typed of a connection", () => {
  test("spaces around the address go; none of an empty authority is sent; a password is sent as it is", () => {
    expect(choiceOf({ url: " postgresql://a@b/c\n", password: " x ", certificateAuthority: " \n" })).toEqual({
      url: "postgresql://a@b/c",
      password: " x ",
      certificateAuthority: null,
    });
    expect(choiceOf({ url: "u", password: "", certificateAuthority: "\nPEM\n\n" }).certificateAuthority).toBe("PEM\n");
  });

  test("an address is refused beside its field when it is none, or holds a password", () => {
    expect(addressFault("  ")).toContain("first");
    expect(addressFault("db.hospital.example")).toContain("postgresql://");
    expect(addressFault("postgresql://app:secret@db.hospital.example/lamplight")).toContain("password out of");
    for (const fine of [
      "postgresql://app@db.hospital.example:5432/lamplight",
      "postgres://app@a:5432,b:5433/lamplight",
      "postgresql://app@[fd00::1]:5432/lamplight",
    ]) {
      expect(addressFault(fine)).toBeNull();
    }
  });
});

describe("a test in one sentence", () => {
  const states = (...given: ConnectionTest["steps"][number]["state"][]): ConnectionTest => ({
    steps: connectionSteps.map((step, at) => ({ step, state: given[at] ?? "not-checked", message: "" })),
  });

  test("names the first step that failed", () => {
    const test = states("passed", "failed");
    expect(failedStep(test)).toBe("Server");
    expect(testWords(test)).toContain("failed at “Server”");
  });

  test("calls nothing passed that nobody checked", () => {
    expect(testWords(states("passed", "passed", "passed", "passed", "passed"))).toBe("All 5 steps passed.");
    expect(testWords(states("passed", "passed", "not-checked", "passed", "passed"))).toContain("1 of 5");
  });
});
