import { describe, expect, test } from "vitest";
import { auditQuestion, filterFaults, noFilter } from "../../../../renderer/audit/audit-filter";
import { chainWords, detailWords, pageWords } from "../../../../renderer/audit/audit-words";
import { entryCounts } from "../../../../renderer/audit/entry-counts";
import { tools } from "../../../../shared/tools/registry";

const entry = (at: Date, denied = false) => ({
  at: at.toISOString(),
  action: denied ? ("ACCESS_DENIED" as const) : ("ACCESS_GRANTED" as const),
  outcome: denied ? "RBAC_DENIED" : "granted",
});

describe("the plot of entries", () => {
  test("counts by the hour over a shift, the empty hours too, and refusals apart", () => {
    const { unit, counts } = entryCounts([
      entry(new Date(2026, 3, 5, 1, 59)),
      entry(new Date(2026, 3, 5, 1, 1), true),
      entry(new Date(2026, 3, 4, 22, 30)),
    ]);
    expect(unit).toBe("hour");
    expect(counts.map(({ label, granted, denied }) => [label, granted, denied])).toEqual([
      ["04-Apr 22:00", 1, 0],
      ["04-Apr 23:00", 0, 0],
      ["05-Apr 00:00", 0, 0],
      ["05-Apr 01:00", 1, 1],
    ]);
  });

  test("counts by the day over weeks and by the month over years", () => {
    const days = entryCounts([entry(new Date(2026, 2, 20)), entry(new Date(2026, 3, 5))]);
    expect([days.unit, days.counts.length, days.counts[0]?.label]).toEqual(["day", 17, "20-Mar"]);
    const months = entryCounts([entry(new Date(2024, 11, 31)), entry(new Date(2026, 0, 1))]);
    expect([months.unit, months.counts.length, months.counts.at(-1)?.label]).toEqual(["month", 14, "Jan 2026"]);
  });

  test("of nothing is nothing", () => {
    expect(entryCounts([]).counts).toEqual([]);
  });
});

describe("the filter", () => {
  test("asks only for what was filled in, in the tool's own words", () => {
    const question = auditQuestion({ ...noFilter, patient: " fce57 ", outcome: "denied", staff: "STF002" }, 100, true);
    expect(question).toEqual({ offset: 100, limit: 100, patient_id: "FCE57", outcome: "denied", staff_id: "STF002" });
    expect(tools.get_audit_trail.input.safeParse(question).success).toBe(true);
  });

  test("asks for an order only where it is another than the usual, and for nothing else that a page remembers", () => {
    const view = { sort: "tool", direction: "ascending", whole: true, filter: noFilter, offset: 5 } as const;
    const question = auditQuestion(noFilter, 0, true, view);
    expect(question).toEqual({ offset: 0, limit: 100, sort: "tool", direction: "ascending" });
    expect(auditQuestion(noFilter, 0, true, { ...view, sort: "at", direction: "descending" })).toEqual({
      offset: 0,
      limit: 100,
    });
  });

  test("takes what has a digit for an id and anything else for a part of a name, and times as moments", () => {
    expect(auditQuestion({ ...noFilter, staff: "johnson" }, 0, true)).toMatchObject({ staff_name: "johnson" });
    expect(auditQuestion({ ...noFilter, from: "2026-07-05T09:05" }, 0, true)).toMatchObject({
      from: "2026-07-05T08:05:00.000Z",
    });
    expect(filterFaults({ ...noFilter, session: "abc" })).toHaveProperty("session");
  });

  test("never asks one's own history for another person", () => {
    expect(auditQuestion({ ...noFilter, staff: "STF001" }, 0, false)).not.toHaveProperty("staff_id");
  });

  test("says which field cannot be asked", () => {
    expect(filterFaults({ ...noFilter, patient: "?" })).toHaveProperty("patient");
    expect(filterFaults({ ...noFilter, from: "2026-04-05", to: "2026-04-04" })).toHaveProperty("to");
    expect(filterFaults({ ...noFilter, from: "2026-04-05", to: "2026-04-05" })).toEqual({});
  });
});

describe("the words", () => {
  const anchors = { state: "agree" as const, message: "", anchors: 4, last_at: null, faults: [], notices: [] };
  const verdict = { intact: true, chains: 1, entries: 1204, faults: [], anchors, verified_at: "2026-04-05T03:12:00Z" };
  test("tell an intact chain from a broken one", () => {
    expect(chainWords(verdict)).toBe(
      "Intact: 1,204 entries in 1 chain checked, nothing was altered, removed or reordered.",
    );
    expect(chainWords({ ...verdict, intact: false, faults: ["a", "b"] })).toContain("2 faults found");
    expect(chainWords({ ...verdict, intact: false })).toContain("not the one that was anchored");
  });

  test("tell where in the trail one is", () => {
    expect(pageWords(100, 100, 1204)).toBe("101 to 200 of 1,204");
    expect(pageWords(0, 0, 0)).toBe("None of 0");
  });

  test("tell details as words and leave plain text alone", () => {
    expect(detailWords('{"reason":"idle","seconds":900,"none":null}')).toBe("reason idle; seconds 900");
    expect(detailWords('{"attempt":"f44cd10d-f1e5-48cc-a4c6-51bec2d17be1"}')).toBe("attempt f44cd10d");
    expect(detailWords('{"until":"2026-11-22T01:24:33.787Z"}')).toBe("until 22-Nov-2026 01:24");
    expect(detailWords("as it was")).toBe("as it was");
    expect(detailWords(null)).toBe("");
  });
});
