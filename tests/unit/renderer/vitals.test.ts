import { describe, expect, test } from "vitest";
import { latestObservations, observationValue } from "../../../renderer/vitals/latest-observations";
import { observationInterval } from "../../../renderer/vitals/observation-interval";
import { axisOf, plotRows } from "../../../renderer/vitals/plot-rows";
import { bandsOf } from "../../../renderer/vitals/vital-bands";
import { nearestSet, stepToSet, vitalSeries } from "../../../renderer/vitals/vital-series";
import { setWords } from "../../../renderer/vitals/vital-words";
import { findInWard } from "../../../renderer/ward/find-in-ward";
import { trendPoints } from "../../../renderer/ward/ScoreTrend";
import type { Observation, Score, VitalSigns, WardRow } from "../../../shared/clinical/chart";

const noScore: Score = {
  total: null,
  band: null,
  single_red: false,
  parts: null,
  not_scored_because: "pulse was not measured",
  recorded_at: "2026-04-05T09:00:00Z",
};

function set(hour: number, over: Partial<VitalSigns> = {}): VitalSigns {
  const recorded_at = new Date(Date.UTC(2026, 3, 5, hour)).toISOString();
  return {
    id: `00000000-0000-4000-8000-0000000000${String(hour).padStart(2, "0")}`,
    recorded_at,
    respiratory_rate: 16,
    oxygen_saturation: 97,
    spo2_scale: 1,
    on_oxygen: false,
    systolic: 120,
    diastolic: 80,
    pulse: 70,
    consciousness: "A",
    temperature: 37,
    recorded_by: null,
    score: { ...noScore, recorded_at },
    ...over,
  };
}

describe("the trend", () => {
  test("runs from old to new and leaves a gap where a value was not measured", () => {
    const series = vitalSeries([set(8), set(4, { pulse: null }), set(0)]);
    expect(series.values.pulse).toEqual([70, null, 70]);
    expect([...series.times].sort((one, other) => one - other)).toEqual(series.times);
  });

  test("breaks every line where nothing was measured for long", () => {
    const series = vitalSeries([set(20), set(4), set(2)]);
    expect(series.values.systolic).toEqual([120, 120, null, 120]);
    expect(series.sets.map((each) => each !== null)).toEqual([true, true, false, true]);
  });

  test("two sets of the same moment are both there", () => {
    const series = vitalSeries([set(4), set(4, { pulse: 99 })]);
    expect(series.values.pulse).toHaveLength(2);
    expect(new Set(series.times).size).toBe(2);
  });

  test("the keys walk from set to set over the gaps and stop at the ends", () => {
    const { sets } = vitalSeries([set(20), set(4), set(2)]);
    expect(stepToSet(sets, 1, 1)).toBe(3);
    expect(stepToSet(sets, 3, -1)).toBe(1);
    expect(stepToSet(sets, 3, 1)).toBe(3);
  });

  test("the cursor finds the nearest set and never a gap", () => {
    const series = vitalSeries([set(20), set(4)]);
    expect(nearestSet(series, series.times[1] ?? 0)).not.toBe(1);
    expect(nearestSet(vitalSeries([]), 0)).toBeNull();
  });

  test("the words of a set say what was not measured and why it has no score", () => {
    const words = setWords(set(9, { pulse: null, on_oxygen: null }));
    expect(words).toContain("pulse Not measured");
    expect(words).toContain("not scored: pulse was not measured");
  });
});

describe("the bands", () => {
  const pointsAt = (part: Parameters<typeof bandsOf>[0], value: number, scale: 1 | 2 = 1) =>
    bandsOf(part, 0, part === "temperature" ? 45 : 300, scale).find((band) => value >= band.from && value <= band.to)
      ?.points;

  test("are those of the RCP chart at their edges", () => {
    expect([8, 9, 11, 12, 20, 21, 24, 25].map((value) => pointsAt("respiratoryRate", value))).toEqual([
      3, 1, 1, 0, 0, 2, 2, 3,
    ]);
    expect([90, 91, 100, 101, 110, 111, 219, 220].map((value) => pointsAt("systolic", value))).toEqual([
      3, 2, 2, 1, 1, 0, 0, 3,
    ]);
    expect([35, 36, 38, 39].map((value) => pointsAt("temperature", value))).toEqual([3, 1, 0, 1]);
    expect(bandsOf("oxygenSaturation", 80, 100, 2).map(({ points }) => points)).toEqual([3, 2, 1, 0]);
  });

  test("lie edge to edge over the whole axis", () => {
    const bands = bandsOf("pulse", 30, 140);
    expect(bands[0]?.from).toBe(30);
    expect(bands.at(-1)?.to).toBe(140);
    bands.slice(1).forEach((band, at) => expect(band.from).toBe(bands[at]?.to));
  });

  test("an axis widens for a value outside it and never beyond what can be entered", () => {
    const pulse = plotRows.find((row) => row.part === "pulse");
    const saturation = plotRows.find((row) => row.part === "oxygenSaturation");
    expect(pulse && axisOf(pulse, [180, null])).toEqual([35, 182]);
    expect(saturation && axisOf(saturation, [60, 100])).toEqual([58, 100]);
  });
});

test.each([
  [0, "low", 720],
  [4, "low", 360],
  [3, "low-medium", 60],
  [5, "medium", 60],
  [7, "high", 30],
] as const)("a score of %i (%s) is old after %i minutes", (total, band, minutes) => {
  expect(observationInterval({ ...noScore, total, band })).toBe(minutes);
});

test("of other measurements the newest of each code is shown, with how often it was measured", () => {
  const observation = (code: string, measured_at: string, value: number | null): Observation => ({
    id: "00000000-0000-4000-8000-000000000001",
    category: "laboratory",
    code,
    code_system: "http://loinc.org",
    display: code,
    value,
    value_text: null,
    unit: "mmol/L",
    measured_at,
  });
  const all = [
    observation("K", "2026-04-04T09:00:00Z", 4),
    observation("K", "2026-04-05T09:00:00Z", 5),
    observation("Na", "2026-04-01T09:00:00Z", null),
  ];
  expect(latestObservations(all).map(({ latest, count }) => [observationValue(latest), count])).toEqual([
    ["5 mmol/L", 2],
    ["No value recorded", 1],
  ]);
});

test("the ward list is searched by name, number and bed, in any order of words", () => {
  const row = {
    patient_id: "FCE57",
    name: "ARNOLD, Leah (Mrs)",
    gender: "female",
    birth_year: 1985,
    ward: "5A",
    bed: "5A-01",
  } as WardRow;
  expect(findInWard([row], "leah arnold")).toHaveLength(1);
  expect(findInWard([row], "fce")).toHaveLength(1);
  expect(findInWard([row], "5a-01")).toHaveLength(1);
  expect(findInWard([row], "chen")).toHaveLength(0);
});

test("a small trend rises with the score and keeps the highest scores in its frame", () => {
  const heights = trendPoints([0, 5, 12, 20]).map(([, y]) => y);
  expect(heights[1]).toBeLessThan(heights[0] ?? 0);
  expect(heights[3]).toBe(heights[2]);
});
