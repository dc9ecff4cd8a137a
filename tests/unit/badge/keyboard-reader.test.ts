import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createKeyboardReader, GAP, type Key, type Stroke } from "../../../electron/badge/keyboard-reader";

/** A page with one field behind a reader, on a clock of its own. */
function page(prefix = ";") {
  let now = 0;
  let field = "";
  const badges: string[] = [];
  const pressed: string[] = [];
  const apply = (stroke: Stroke) => {
    if (stroke.kind === "text") field += stroke.text;
    else if (stroke.key === "Backspace") field = field.slice(0, -1);
    else pressed.push(stroke.key);
  };
  const reader = createKeyboardReader({
    prefix,
    monotonic: () => now,
    type: async (stroke) => {
      // The keys that are pressed for the person come by again, as they do in Chromium; text that is inserted does not.
      if (stroke.kind === "key") expect(reader.take(key(stroke.key))).toBe(false);
      // Inserted text reaches the page a moment later.
      if (stroke.kind === "text") await Promise.resolve();
      apply(stroke);
    },
  });
  reader.onRead((badge) => badges.push(badge.toString("latin1")));
  return {
    badges,
    pressed,
    field: () => field,
    reader,
    press(name: string, modifiers: Partial<Key> = {}) {
      if (reader.take(key(name, modifiers))) return;
      if (Array.from(name).length === 1) field += name;
      else apply({ kind: "key", key: name === "Enter" ? "Return" : name });
    },
    async pass(milliseconds: number) {
      now += milliseconds;
      await vi.advanceTimersByTimeAsync(milliseconds);
    },
  };
}
const key = (name: string, modifiers: Partial<Key> = {}): Key => ({
  type: "keyDown",
  key: name,
  control: false,
  alt: false,
  meta: false,
  isAutoRepeat: false,
  ...modifiers,
});

/** A small generator with a seed, so that a failure can be repeated. */
function randomFrom(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a badge is read and no part of it reaches the field, whatever was typed there before", async () => {
  const { press, pass, badges, field, pressed } = page();
  for (const letter of "secret") {
    press(letter);
    await pass(120);
  }
  for (const sign of [";", ...Array.from("004512A7"), "Enter"]) {
    press(sign);
    await pass(4);
  }
  await pass(500);
  expect(badges).toEqual(["004512A7"]);
  expect(field()).toBe("secret");
  expect(pressed).toEqual([]);
});

test("Shift between a reader's capital letters is no part of the badge and does not end it", async () => {
  const { press, pass, badges, field } = page();
  for (const sign of [";", "Shift", "A", "Shift", "B", "1", "2", "Enter"]) {
    press(sign);
    await pass(8);
  }
  expect(badges).toEqual(["AB12"]);
  expect(field()).toBe("");
});

test.each([
  ["too slow", [";", "1", "2", "3", "4", "5", "Enter"], GAP + 30],
  ["too short", [";", "1", "2", "3", "Enter"], 5],
  ["without its prefix", ["1", "2", "3", "4", "5", "6", "Enter"], 5],
  ["with a sign that no badge has", [";", "1", "2", "!", "4", "5", "6", "Enter"], 5],
])("what is %s is typing, and comes whole and in order", async (_why, keys, gap) => {
  const { press, pass, badges, field, pressed } = page();
  for (const sign of keys) {
    press(sign);
    await pass(gap);
  }
  await pass(500);
  expect(badges).toEqual([]);
  expect(field()).toBe(keys.filter((sign) => sign.length === 1).join(""));
  expect(pressed).toEqual(["Return"]);
});

test("a sign that is held back is in the field soon after, without another key", async () => {
  const { press, pass, field } = page();
  press(";");
  expect(field()).toBe("");
  await pass(GAP + 1);
  expect(field()).toBe(";");
});

test("a command is never held back", async () => {
  const { press, pass, field, reader } = page("l;");
  expect(reader.take(key("l", { control: true }))).toBe(false);
  await pass(200);
  press("a");
  expect(field()).toBe("a");
});

test("what was half read is forgotten with its page", async () => {
  const { press, pass, badges, field, reader } = page();
  for (const sign of [";", "1", "2", "3"]) press(sign);
  reader.reset();
  for (const sign of ["4", "5", "6", "7", "Enter"]) press(sign);
  await pass(500);
  expect(badges).toEqual([]);
  expect(field()).toBe("4567");
});

test.each([";", "%B", "1"])(
  "300 people who type with rollover, pauses and corrections never read as a badge (prefix %s)",
  async (prefix) => {
    const letters = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789;:%B1!?@äöüßé -");
    for (let person = 0; person < 300; person += 1) {
      const random = randomFrom(person * 7919 + 17);
      const { press, pass, badges, field } = page(prefix);
      let expected = "";
      let burst = 0;
      for (let count = 0; count < 40; count += 1) {
        const kind = random();
        if (kind < 0.06) {
          press("Backspace");
          expected = expected.slice(0, -1);
        } else if (kind < 0.1) {
          press("Enter");
        } else {
          const letter =
            kind < 0.2 ? (prefix[0] as string) : (letters[Math.floor(random() * letters.length)] as string);
          press(letter);
          expected += letter;
        }
        // Three keys of a roll may come within milliseconds; a hand then moves on.
        const rolls = burst < 3 && random() < 0.4;
        burst = rolls ? burst + 1 : 0;
        await pass(rolls ? 2 + random() * 40 : 60 + random() * 250);
      }
      await pass(500);
      expect(badges).toEqual([]);
      expect(field()).toBe(expected);
    }
  },
);

test("1,000 badges of any length and speed of a reader are read whole", async () => {
  const signs = "0123456789ABCDEFabcdef";
  for (let round = 0; round < 1000; round += 1) {
    const random = randomFrom(round + 1);
    const { press, pass, badges, field } = page("~B");
    const number = Array.from(
      { length: 4 + Math.floor(random() * 60) },
      () => signs[Math.floor(random() * signs.length)],
    ).join("");
    for (const sign of ["~", "B", ...Array.from(number), "Enter"]) {
      press(sign);
      await pass(random() * 30);
    }
    expect(badges).toEqual([number]);
    expect(field()).toBe("");
  }
});
