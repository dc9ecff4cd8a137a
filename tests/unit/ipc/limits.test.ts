import { describe, expect, test } from "vitest";
import { tokenBucket, withinLimits } from "../../../electron/ipc/limits";

const nested = (depth: number): unknown => (depth === 0 ? "leaf" : { inside: nested(depth - 1) });

describe("a request of a page passes", () => {
  test.each([
    undefined,
    null,
    "text",
    7,
    true,
    {},
    [],
    { a: [1, { b: null }] },
    nested(24),
    "x".repeat(262_142),
    Array(10_000).fill(1),
  ])("%#", (value) => {
    expect(withinLimits(value)).toBe(true);
  });
});

describe("a request of a page is refused when it", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const refused: Readonly<Record<string, unknown>> = {
    "is nested too deep": nested(25),
    "is an array nested too deep": Array.from({ length: 30 }).reduce((inside) => [inside], 1),
    "is larger than 256 KiB": "x".repeat(262_143),
    "is larger than 256 KiB in bytes, though not in letters": "ü".repeat(140_000),
    "is large in sum": Array.from({ length: 300 }, () => "x".repeat(1000)),
    "holds itself": circle,
    "has an own __proto__": JSON.parse('{"a": {"__proto__": {"isAdmin": true}}}'),
    "has another prototype": Object.create({ isAdmin: true }),
    "is a map": new Map([["a", 1]]),
    "is a set inside": { a: new Set([1]) },
    "is a buffer": new Uint8Array(10),
    "is a date": new Date(),
    "is an array of a billion holes": Array(1_000_000_000),
    "is a very long array": Array(10_001).fill(0),
    "is a function": () => 1,
    "holds a big integer, which JSON has not": { a: 1n },
  };
  test.each(Object.entries(refused))("%s", (_, value) => {
    expect(withinLimits(value)).toBe(false);
  });
});

test("a page that runs wild is slowed to the rate, and may save up no more than the burst", () => {
  let now = 0;
  const pass = tokenBucket({ rate: 10, burst: 20, monotonic: () => now });
  const passed = () => Array.from({ length: 100 }, pass).filter(Boolean).length;
  expect(passed()).toBe(20);
  expect(passed()).toBe(0);
  now += 500;
  expect(passed()).toBe(5);
  now += 3_600_000;
  expect(passed()).toBe(20);
  let steady = 0;
  for (let step = 0; step < 1000; step += 1) {
    now += 10;
    if (pass()) steady += 1;
  }
  expect(steady).toBeGreaterThanOrEqual(99);
  expect(steady).toBeLessThanOrEqual(101);
});
