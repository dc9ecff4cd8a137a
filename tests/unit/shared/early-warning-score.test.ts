import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { earlyWarningScore, type ScoreInput, type ScoreParts } from "../../../shared/clinical/early-warning-score";

interface Vector {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expect: {
    readonly ok: boolean;
    readonly total?: number;
    readonly parts?: Readonly<Record<string, number>>;
    readonly band?: string;
    readonly singleRed?: boolean;
    readonly monitoring?: string;
    readonly error?: string;
    readonly field?: string;
  };
}
const { vectors } = JSON.parse(readFileSync("tests/fixtures/clinical/news2-vectors.json", "utf8")) as {
  vectors: Vector[];
};

/** The published rows' names for our fields. */
const names: Readonly<Record<string, string>> = {
  respRate: "respiratoryRate",
  spo2: "oxygenSaturation",
  sbp: "systolic",
  tempC: "temperature",
  temp: "temperature",
};
const ours = (record: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [names[key] ?? key, value]));

test.each(vectors.map((vector) => [vector.id, vector] as const))("published row %s", (_, vector) => {
  const expected = vector.expect.ok
    ? {
        scored: true,
        total: vector.expect.total,
        parts: ours(vector.expect.parts ?? {}),
        singleRed: vector.expect.singleRed,
        band: vector.expect.band,
        monitoring: vector.expect.monitoring,
      }
    : { scored: false, reason: vector.expect.error, field: names[vector.expect.field ?? ""] ?? vector.expect.field };
  expect(earlyWarningScore(ours(vector.input) as unknown as ScoreInput)).toEqual(expected);
});

test("there are rows of every kind", () => {
  expect(vectors).toHaveLength(20);
  expect(vectors.filter((vector) => !vector.expect.ok)).toHaveLength(4);
});

const well: ScoreInput = {
  respiratoryRate: 16,
  oxygenSaturation: 97,
  spo2Scale: 1,
  onOxygen: false,
  systolic: 120,
  pulse: 70,
  consciousness: "A",
  temperature: 37,
  ageYears: 60,
  pregnant: false,
};
const partsOf = (change: Partial<ScoreInput>): ScoreParts => {
  const result = earlyWarningScore({ ...well, ...change });
  if (!result.scored) throw new Error(`${result.reason} ${result.field ?? ""}`);
  return result.parts;
};

/** Both sides of every step of the charts, typed from the published chart: value and points. */
const steps = {
  respiratoryRate: [
    [0, 3],
    [8, 3],
    [9, 1],
    [11, 1],
    [12, 0],
    [20, 0],
    [21, 2],
    [24, 2],
    [25, 3],
    [100, 3],
  ],
  oxygenSaturation: [
    [0, 3],
    [91, 3],
    [92, 2],
    [93, 2],
    [94, 1],
    [95, 1],
    [96, 0],
    [100, 0],
  ],
  systolic: [
    [0, 3],
    [90, 3],
    [91, 2],
    [100, 2],
    [101, 1],
    [110, 1],
    [111, 0],
    [219, 0],
    [220, 3],
    [350, 3],
  ],
  pulse: [
    [0, 3],
    [40, 3],
    [41, 1],
    [50, 1],
    [51, 0],
    [90, 0],
    [91, 1],
    [110, 1],
    [111, 2],
    [130, 2],
    [131, 3],
    [350, 3],
  ],
  temperature: [
    [20, 3],
    [35, 3],
    [35.04, 3],
    [35.05, 1],
    [35.1, 1],
    [36, 1],
    [36.1, 0],
    [38, 0],
    [38.05, 1],
    [38.1, 1],
    [39, 1],
    [39.05, 2],
    [39.1, 2],
    [45, 2],
  ],
} as const;
test.each(Object.entries(steps))("every step of %s", (field, rows) => {
  for (const [value, points] of rows)
    expect(partsOf({ [field]: value })[field as keyof typeof steps], String(value)).toBe(points);
});

test("scale 2 is for who breathes with high carbon dioxide: too much oxygen scores there, and only with oxygen", () => {
  const onAir = [
    [83, 3],
    [84, 2],
    [85, 2],
    [86, 1],
    [87, 1],
    [88, 0],
    [92, 0],
    [93, 0],
    [97, 0],
    [100, 0],
  ] as const;
  const onOxygen = [
    [83, 3],
    [84, 2],
    [86, 1],
    [88, 0],
    [92, 0],
    [93, 1],
    [94, 1],
    [95, 2],
    [96, 2],
    [97, 3],
    [100, 3],
  ] as const;
  for (const [value, points] of onAir)
    expect(partsOf({ spo2Scale: 2, oxygenSaturation: value }).oxygenSaturation, `${value} on air`).toBe(points);
  for (const [value, points] of onOxygen)
    expect(
      partsOf({ spo2Scale: 2, oxygenSaturation: value, onOxygen: true }).oxygenSaturation,
      `${value} on oxygen`,
    ).toBe(points);
  expect(partsOf({ onOxygen: true }).oxygen).toBe(2);
});

describe("no score is given", () => {
  test.each([
    "respiratoryRate",
    "oxygenSaturation",
    "onOxygen",
    "systolic",
    "pulse",
    "consciousness",
    "temperature",
  ] as const)("for a set without %s", (field) => {
    expect(earlyWarningScore({ ...well, [field]: null })).toEqual({ scored: false, reason: "MISSING_INPUT", field });
  });
  test("under sixteen, in pregnancy, and for a value that is text", () => {
    expect(earlyWarningScore({ ...well, ageYears: 15 })).toEqual({
      scored: false,
      reason: "NOT_APPLICABLE",
      field: "ageYears",
    });
    expect(earlyWarningScore({ ...well, ageYears: 16 }).scored).toBe(true);
    expect(earlyWarningScore({ ...well, pregnant: true })).toEqual({
      scored: false,
      reason: "NOT_APPLICABLE",
      field: "pregnant",
    });
    expect(earlyWarningScore({ ...well, pulse: "80" as never })).toEqual({
      scored: false,
      reason: "INVALID_TYPE",
      field: "pulse",
    });
    expect(earlyWarningScore({ ...well, consciousness: "Voice" as never })).toEqual({
      scored: false,
      reason: "INVALID_ENUM",
      field: "consciousness",
    });
  });
});

test("bands: a single red part is never low, and a total of 7 is high whatever made it", () => {
  const bandOf = (change: Partial<ScoreInput>) => {
    const result = earlyWarningScore({ ...well, ...change });
    return result.scored ? [result.total, result.band, result.monitoring] : result;
  };
  expect(bandOf({})).toEqual([0, "low", "12h"]);
  expect(bandOf({ pulse: 95 })).toEqual([1, "low", "4-6h"]);
  expect(bandOf({ consciousness: "C" })).toEqual([3, "low-medium", "1h"]);
  expect(bandOf({ respiratoryRate: 22, onOxygen: true, pulse: 95 })).toEqual([5, "medium", "1h"]);
  expect(bandOf({ respiratoryRate: 22, onOxygen: true, pulse: 95, systolic: 95 })).toEqual([7, "high", "continuous"]);
});
