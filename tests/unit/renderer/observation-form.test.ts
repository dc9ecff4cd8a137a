import { describe, expect, test } from "vitest";
import {
  blankDraft,
  changed,
  draftFaults,
  figureFault,
  type ObservationDraft,
  setOf,
  takenAt,
  unlikely,
} from "../../../renderer/vitals/observation-draft";
import { liveScore } from "../../../renderer/vitals/score-words";
import { observationFault } from "../../../shared/clinical/observation-set";

/** 14:30 on a summer afternoon in the tests' time zone. */
const now = new Date("2026-06-10T14:30:20+01:00").getTime();
const whole: ObservationDraft = {
  ...blankDraft,
  respiratory_rate: "18",
  oxygen_saturation: "96",
  systolic: "122",
  diastolic: "78",
  pulse: "84",
  temperature: "37.2",
  oxygen: "air",
  consciousness: "A",
  spo2_scale: "1",
};
const adult = { birth_year: 1985, pregnant: false };

describe("what is typed", () => {
  test("becomes the set that PostgreSQL takes, comma or point", () => {
    expect(setOf(whole)).toEqual({
      respiratory_rate: 18,
      oxygen_saturation: 96,
      spo2_scale: 1,
      on_oxygen: false,
      systolic: 122,
      diastolic: 78,
      pulse: 84,
      consciousness: "A",
      temperature: 37.2,
    });
    expect(setOf({ ...whole, temperature: "37,2" }).temperature).toBe(37.2);
    expect(observationFault(setOf(whole))).toBeNull();
  });

  test("says nothing of a scale where no saturation was measured", () => {
    expect(setOf({ ...whole, oxygen_saturation: "", spo2_scale: "2" }).spo2_scale).toBeNull();
    expect(setOf({ ...whole, spo2_scale: "2" }).spo2_scale).toBe(2);
  });

  test.each([
    ["respiratory_rate", "101", "Only 0 to 100/min can be entered."],
    ["oxygen_saturation", "101", "Only 0 to 100 % can be entered."],
    ["temperature", "372", "Only 20 to 45 °C can be entered."],
    ["temperature", "37.25", "One decimal at most."],
    ["pulse", "84.5", "A whole number."],
    ["pulse", "8o", "A number from 0 to 350/min."],
    ["pulse", "-5", "A number from 0 to 350/min."],
    ["pulse", "1e2", "A number from 0 to 350/min."],
  ] as const)("%s %s is told beside the field and never saved as something else", (name, typed, words) => {
    expect(figureFault(name, typed)).toBe(words);
    expect(setOf({ ...whole, [name]: typed })[name]).toBeNull();
    expect(draftFaults({ ...whole, [name]: typed }, now)).toMatchObject({ [name]: words });
  });

  test("diastolic above systolic is a fault; nothing measured is one of the whole", () => {
    expect(draftFaults({ ...whole, systolic: "78", diastolic: "122" }, now).diastolic).toContain("swapped");
    expect(draftFaults({ ...blankDraft, oxygen: "air", spo2_scale: "2" }, now)).toEqual({
      set: "Enter at least one measurement.",
    });
    expect(draftFaults({ ...blankDraft, consciousness: "V" }, now)).toEqual({});
    expect(draftFaults({ ...blankDraft, diastolic: "70" }, now)).toEqual({});
  });

  test("what is rare is asked about and not refused", () => {
    expect(draftFaults({ ...whole, pulse: "210" }, now)).toEqual({});
    expect(unlikely(setOf({ ...whole, pulse: "210" }))).toEqual(["Pulse 210/min is unusually high."]);
    expect(unlikely(setOf({ ...whole, temperature: "31.5" }))).toEqual(["Temperature 31.5 °C is unusually low."]);
    expect(unlikely(setOf({ ...whole, systolic: "80", diastolic: "78" }))).toHaveLength(1);
    expect(unlikely(setOf(whole))).toEqual([]);
  });
});

describe("the time taken", () => {
  test("stands still from the first figure on, and goes with the last", () => {
    const begun = changed(blankDraft, "pulse", "8", now);
    expect(begun).toMatchObject({ pulse: "8", time: "14:30", day: "2026-06-10" });
    const later = changed(begun, "systolic", "120", now + 45 * 60_000);
    expect(later.time).toBe("14:30");
    expect(changed(changed(later, "pulse", "", now), "systolic", "", now)).toEqual(blankDraft);
  });

  test("that was chosen before the first figure is kept", () => {
    expect(changed(changed(blankDraft, "time", "9:05", now), "pulse", "80", now).time).toBe("9:05");
  });

  test.each([
    ["9:05", "2026-06-10T09:05:00+01:00"],
    ["0905", "2026-06-10T09:05:00+01:00"],
    ["09.05", "2026-06-10T09:05:00+01:00"],
  ])("%s is five past nine", (time, moment) => {
    expect(takenAt({ ...whole, time }, now)).toBe(new Date(moment).getTime());
    expect(draftFaults({ ...whole, time }, now)).toEqual({});
  });

  test.each([
    ["25:00", "", /^A time of day/u],
    ["soon", "", /^A time of day/u],
    ["14:45", "", /still ahead/u],
    ["14:00", "2026-06-09", /More than 24 hours/u],
    ["", "2026-06-09", /^A time of day/u],
  ])("%s on %s is told beside the field", (time, day, words) => {
    expect(draftFaults({ ...whole, time, day }, now).time).toMatch(words);
  });

  test("yesterday evening is yesterday evening", () => {
    expect(takenAt({ ...whole, time: "23:50", day: "2026-06-09" }, now)).toBe(
      new Date("2026-06-09T23:50:00+01:00").getTime(),
    );
    expect(draftFaults({ ...whole, time: "23:50", day: "2026-06-09" }, now)).toEqual({});
  });
});

describe("the score while it is typed", () => {
  const score = (changes: Partial<ObservationDraft> = {}, patient: Parameters<typeof liveScore>[1] = adult) =>
    liveScore(setOf({ ...whole, ...changes }), patient, now);

  test("of a whole set: total, band, response and when the next is due", () => {
    expect(score()).toMatchObject({
      result: { total: 0, band: "low" },
      due: "At least every 12 hours: next set due by 11-Jun-2026 02:30.",
    });
    const ill = score({ respiratory_rate: "25", pulse: "115", temperature: "38.5" });
    expect(ill.result).toMatchObject({ total: 6, band: "medium", singleRed: true });
    expect(ill.words).toMatch(/^6, medium risk\. One value alone scores 3\. Urgent/u);
    expect(ill.due).toBe("At least every hour: next set due by 15:30.");
    expect(score({ respiratory_rate: "25", oxygen_saturation: "90", pulse: "135" })).toMatchObject({
      result: { total: 9, band: "high" },
      due: "Continuous monitoring of vital signs.",
    });
    expect(score({ consciousness: "C" })).toMatchObject({ result: { total: 3, band: "low-medium" } });
    expect(score({ pulse: "95" }).due).toContain("4 to 6 hours: next set due by 20:30");
  });

  test("the scale decides: 90 % on air is nothing on scale 2", () => {
    expect(score({ oxygen_saturation: "90" }).result?.total).toBe(3);
    expect(score({ oxygen_saturation: "90", spo2_scale: "2" }).result?.total).toBe(0);
    expect(score({ oxygen_saturation: "97", spo2_scale: "2", oxygen: "oxygen" }).result?.total).toBe(5);
  });

  test("of a partial set there is none, and every missing value is named", () => {
    expect(score({ pulse: "", temperature: "", oxygen: "" })).toEqual({
      result: null,
      due: null,
      words: "No score yet: oxygen, pulse and temperature are missing.",
    });
    expect(score({ pulse: "900" }).words).toBe("No score yet: pulse is missing.");
    // Diastolic takes no part in NEWS2.
    expect(score({ diastolic: "" }).result).not.toBeNull();
  });

  test("under 16, in pregnancy and where that is not known there is none, whatever is typed", () => {
    expect(score({}, { birth_year: 2010, pregnant: false }).words).toContain("under 16");
    expect(score({}, { birth_year: 1995, pregnant: true }).words).toContain("pregnancy");
    expect(score({}, null).words).toMatch(/^Not checked/u);
    for (const patient of [{ birth_year: 2010, pregnant: false }, { birth_year: 1995, pregnant: true }, null])
      expect(score({}, patient).result).toBeNull();
    expect(score({ pulse: "" }, { birth_year: 1995, pregnant: true }).words).toContain("pregnancy");
  });
});
