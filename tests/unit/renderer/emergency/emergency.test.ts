import { expect, test } from "vitest";
import { faultsOf } from "../../../../renderer/emergency/break-glass-form";
import { clockWords, readsWords, spokenWords } from "../../../../renderer/emergency/emergency-words";

test("the countdown reads in minutes and seconds and never below nothing", () => {
  expect([3600, 3599, 61, 9, 0, -4].map(clockWords)).toEqual(["60:00", "59:59", "1:01", "0:09", "0:00", "0:00"]);
});

test("in an hour of seconds five things are said aloud, each once and in order", () => {
  const said: string[] = [];
  for (let left = 3600; left > 0; left -= 1) {
    const words = spokenWords("A4CHN", left);
    if (said.at(-1) !== words) said.push(words);
  }
  expect(said).toEqual(
    ["60 minutes", "30 minutes", "10 minutes", "5 minutes", "1 minute"].map(
      (left) => `Emergency access to patient A4CHN: at most ${left} left.`,
    ),
  );
});

test("what was read is told by the tools' own titles", () => {
  expect(readsWords([])).toBe("Nothing was read.");
  expect(
    readsWords([
      { tool: "get_allergies", count: 2 },
      { tool: "get_medications", count: 1 },
      { tool: "a_later_tool", count: 1 },
    ]),
  ).toBe("Allergies 2 times, Medications once, a_later_tool once.");
});

test("each thing that is missing has its own words, and words are needed only for another reason", () => {
  const form = { patientId: " fce57 ", reason: "unconscious", words: "" } as const;
  expect(faultsOf(form, "secret", null)).toEqual({});
  expect(Object.keys(faultsOf({ patientId: "Leah Arnold", reason: null, words: "" }, "", ""))).toEqual([
    "patientId",
    "reason",
    "password",
    "code",
  ]);
  expect(Object.keys(faultsOf({ ...form, reason: "other", words: "  " }, "secret", "123456"))).toEqual(["words"]);
  expect(faultsOf({ ...form, reason: "other", words: "a fall" }, "secret", null)).toEqual({});
});
