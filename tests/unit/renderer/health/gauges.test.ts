import { describe, expect, test } from "vitest";
import { gaugesOf } from "../../../../renderer/health/gauges";
import { figureWords, reportWords, sizeWords } from "../../../../renderer/health/health-words";
import type { HealthCheck } from "../../../../shared/workstation/health";

describe("figures in words", () => {
  test("the unit that a name ends with goes to the value", () => {
    expect(figureWords("home_free_bytes", 12_400_000_000)).toEqual({ name: "Home free", value: "12.4 GB" });
    expect(figureWords("offset_milliseconds", -340)).toEqual({ name: "Offset", value: "-340 ms" });
    expect(figureWords("bad_above_milliseconds", 30_000)).toEqual({ name: "Bad above", value: "30 s" });
    expect(figureWords("newest_field_key_age_days", 1)).toEqual({ name: "Newest field key age", value: "1 day" });
    // A name that is only a unit keeps its name.
    expect(figureWords("days", 3)).toEqual({ name: "Days", value: "3" });
  });

  test("what is no number is said, and what is missing is said to be missing", () => {
    expect(figureWords("encrypted", true).value).toBe("yes");
    expect(figureWords("server_version", "18.1").value).toBe("18.1");
    expect(figureWords("hours_since_check", null).value).toBe("not known");
  });

  test("sizes by powers of ten", () => {
    expect([0, 999, 1000, 1_500_000, 2e12].map(sizeWords)).toEqual(["0 B", "999 B", "1 kB", "1.5 MB", "2 TB"]);
  });
});

test("a report in one line, the worst first; nothing looked at is not good", () => {
  const report = (...states: HealthCheck["state"][]) => ({
    takenAt: "2026-04-05T09:05:00.000Z",
    version: "0.0.0",
    state: "bad" as const,
    checks: states.map((state) => ({ name: "disk" as const, state, message: "", figures: {} })),
  });
  expect(reportWords(report("good", "bad", "good", "not-checked", "warning"))).toBe(
    "1 bad, 1 to look at, 1 not checked, 2 good.",
  );
  expect(reportWords(report())).toBe("Nothing was looked at.");
});

describe("gauges", () => {
  test("every pair of free and total space is one, named by its place", () => {
    const figures = { home_free_bytes: 25e9, home_total_bytes: 100e9, free_bytes: 1e9, total_bytes: 2e9 };
    expect(gaugesOf(figures)).toEqual([
      { kind: "share", words: "Home: 25 GB of 100 GB free", taken: 0.75 },
      { kind: "share", words: "1 GB of 2 GB free", taken: 0.5 },
    ]);
  });

  test("none is drawn of figures that are missing, not finite or nonsense", () => {
    expect(gaugesOf({ home_free_bytes: 25e9 })).toEqual([]);
    expect(gaugesOf({ home_free_bytes: 25e9, home_total_bytes: 0 })).toEqual([]);
    expect(gaugesOf({ home_free_bytes: null, home_total_bytes: 5 })).toEqual([]);
    expect(gaugesOf({ offset_milliseconds: 40 })).toEqual([]);
  });

  test("a clock beyond the scale stands at its end, on its own side", () => {
    const limits = { warning_above_milliseconds: 2000, bad_above_milliseconds: 30_000 };
    expect(gaugesOf({ offset_milliseconds: -90_000, ...limits })).toMatchObject([{ at: -1, words: "90.0 s ahead" }]);
    expect(gaugesOf({ offset_milliseconds: 12, ...limits })).toMatchObject([{ words: "No difference" }]);
    const [gauge] = gaugesOf({ offset_milliseconds: 2000, ...limits });
    expect(gauge).toMatchObject({ kind: "offset", words: "2.0 s behind" });
    if (gauge?.kind === "offset") expect(gauge.at).toBe(gauge.warning);
  });
});
