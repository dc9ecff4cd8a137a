import { expect, test } from "vitest";
import { respond } from "../../electron/llm/offline-model/respond";
import { wardNow } from "../support/fictitious-ward";
import { shortest } from "../support/stopwatch";

const pieces =
  `who is on my ward sickest allergic to penicillin latex or and of for FCE57 fce57 6VCB8 Leah Mrs Arnold's her his she the patient bed 3
  blood pressure temperature since yesterday last 24 hours why what dose should i give when due next on taking is are not SSN phone [x](chart:FCE57)
  ' " \\ ( ) * 🫀 ü - – … ? ! , ; :) <b> \`\`\` 99999999 a`.split(/\s+/u);

/** The same sequence in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

const answerTo = (text: string, before: string[] = []) =>
  respond(
    {
      messages: [...before.map((said) => ({ author: "person" as const, text: said })), { author: "person", text }],
      tools: [],
      role: "Nurse",
      patientId: "FCE57",
    },
    wardNow,
  );

test("no question makes it fall over, and each is answered or looked up within the limit", () => {
  const random = numbers(7);
  const one = () => pieces[Math.floor(random.next().value * pieces.length)] ?? "";
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: 1 + Math.floor(random.next().value * 12) }, one).join(" ");
    const response = answerTo(text, [one(), `${one()} ${one()}`]);
    if (response.kind === "calls") {
      expect(response.calls.length, text).toBeGreaterThan(0);
      expect(response.calls.length, text).toBeLessThanOrEqual(8);
    } else expect(response.text.length, text).toBeGreaterThan(0);
  }
});

test.each([
  ["one letter", "a".repeat(8000)],
  ["spaces", " ".repeat(8000)],
  ["who", "who ".repeat(2000)],
  ["what why how", "why what how who is on ".repeat(340)],
  ["names", "Leah Arnold and ".repeat(500)],
  ["numbers", "FCE57 ".repeat(1300)],
  ["allergies", "allergic to penicillin and latex or ".repeat(220)],
  ["quotes", "'".repeat(8000)],
  ["brackets", "[](".repeat(2600)],
])("the longest question allowed, all %s, takes no noticeable time", async (_name, text) => {
  expect(await shortest(400, () => void answerTo(text, [text, text]))).toBeLessThan(400);
});
