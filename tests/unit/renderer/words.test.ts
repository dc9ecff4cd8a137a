import { describe, expect, test } from "vitest";
import { formatAge, formatDay, formatMoment, isStale, yearsBetween } from "../../../renderer/design/format";
import { nextRow } from "../../../renderer/design/row-focus";
import { keepPlaces, sortRows } from "../../../renderer/design/sort-rows";
import { medicationLine, printedDose } from "../../../renderer/medications/medication-line";
import { allergySummary, allergyWords, bornWords, partedName } from "../../../renderer/patient/banner-words";
import { closedTo } from "../../../renderer/patient/chart-tabs";
import { fieldState } from "../../../renderer/patient/identity-fields";
import type { Allergy, Medication } from "../../../shared/clinical/chart";

const now = new Date("2026-04-05T09:05:00+01:00").getTime();

describe("dates and ages", () => {
  test("a day is printed with its month in letters and never shifted by a time zone", () => {
    expect(formatDay("2026-04-05")).toBe("05-Apr-2026");
    expect(formatDay("1985-07-14")).toBe("14-Jul-1985");
  });

  test("a moment is printed on the ward's own clock", () => {
    expect(formatMoment("2026-04-05T08:05:00Z")).toBe("05-Apr-2026 09:05");
    expect(formatMoment("nonsense")).toContain("not readable");
  });

  test.each([
    ["2026-04-05T09:04:40+01:00", "just now"],
    ["2026-04-05T08:53:00+01:00", "12 min ago"],
    ["2026-04-05T06:00:00+01:00", "3 h 05 min ago"],
    ["2026-04-05T07:05:00+01:00", "2 h ago"],
    ["2026-04-03T09:05:00+01:00", "2 days ago"],
    ["2026-04-05T10:05:00+01:00", "in 1 h"],
  ])("%s is %s", (moment, words) => expect(formatAge(moment, now)).toBe(words));

  test("a figure is old after its time and not before", () => {
    expect(isStale("2026-04-05T08:05:00+01:00", now, 60)).toBe(false);
    expect(isStale("2026-04-05T08:04:59+01:00", now, 60)).toBe(true);
  });

  test("age in years turns on the birthday", () => {
    expect(yearsBetween("1985-07-14", "2026-07-13")).toBe(40);
    expect(yearsBetween("1985-07-14", "2026-07-14")).toBe(41);
  });
});

describe("the banner", () => {
  test("says the birth date with the age, or the year alone, or that there is none", () => {
    expect(bornWords(1985, "1985-07-14", "2026-11-22")).toBe("Born 14-Jul-1985 (41y)");
    expect(bornWords(1985, undefined, "2026-11-22")).toBe("Born 1985");
    expect(bornWords(1985, "[REDACTED]", "2026-11-22")).toBe("Born 1985");
    expect(bornWords(null, null, "2026-11-22")).toBe("Birth date not recorded");
  });

  test("parts a name from its title, and leaves one without a title whole", () => {
    expect(partedName("ARNOLD, Leah (Mrs)")).toEqual({ bare: "ARNOLD, Leah", title: "(Mrs)" });
    expect(partedName("SMITH, Robert (Bob) (Mr)")).toEqual({ bare: "SMITH, Robert (Bob)", title: "(Mr)" });
    for (const name of ["ARNOLD, Leah", "(MRS), ", "O'NEIL, Ann-Marie", "X, Y(Z)"])
      expect(partedName(name)).toEqual({ bare: name, title: null });
  });

  const allergy = (over: Partial<Allergy>): Allergy => ({
    id: "00000000-0000-4000-8000-000000000001",
    substance: "Penicillin",
    reaction: "anaphylaxis",
    severity: "severe",
    status: "active",
    recorded_on: null,
    code: null,
    code_system: null,
    ...over,
  });

  test("tells no known allergies from not asked", () => {
    expect(allergySummary("none-known", [])).toEqual({ kind: "none-known", words: "No known allergies" });
    expect(allergySummary("not-asked", [])).toEqual({ kind: "not-asked", words: "Not asked" });
  });

  test("an active allergy is shown even where the status denies it", () => {
    expect(allergySummary("none-known", [allergy({})]).kind).toBe("recorded");
  });

  test("past allergies are neither active nor unknown", () => {
    expect(allergySummary("recorded", [allergy({ status: "resolved" })])).toEqual({
      kind: "none-active",
      words: "None active (1 no longer active)",
    });
  });

  test("the severest comes first, and an unrecorded severity is not taken for mild", () => {
    const summary = allergySummary("recorded", [
      allergy({ substance: "Latex", severity: "mild" }),
      allergy({ substance: "Egg", severity: null }),
      allergy({}),
    ]);
    expect(summary.kind === "recorded" && summary.allergies.map(({ substance }) => substance)).toEqual([
      "Penicillin",
      "Egg",
      "Latex",
    ]);
  });

  test("a missing reaction is said in words", () => {
    expect(allergyWords(allergy({ reaction: null, severity: null }))).toBe("Penicillin: reaction not recorded");
  });
});

describe("a dose", () => {
  test.each([
    ["120 mg", "120 mg"],
    ["5.0 mg", "5 mg"],
    ["2.50 mg", "2.5 mg"],
    ["0.5 mg", "0.5 mg"],
    [".5 mg", "0.5 mg"],
    ["100 mg", "100 mg"],
    ["75µg", "75 micrograms"],
    ["75 μg", "75 micrograms"],
    ["50 mcg/hour", "50 micrograms/hour"],
    ["12U", "12 units"],
    ["5000 IU", "5000 units"],
    ["10.05 mg", "10.05 mg"],
    ["1.0 g / 2.0 mL", "1 g / 2 mL"],
  ])("%s is printed %s", (given, printed) => expect(printedDose(given)).toBe(printed));

  test("the line keeps its order and leaves out what is missing", () => {
    const medication: Medication = {
      id: "00000000-0000-4000-8000-000000000001",
      generic: "verapamil",
      brand: "Isoptin",
      form: "tablet",
      dose: "120.0 mg",
      route: "oral",
      frequency: null,
      due_times: [],
      as_needed: true,
      status: "active",
      started_on: null,
      stopped_on: null,
      prescriber: null,
      code: null,
      code_system: null,
    };
    expect(medicationLine(medication)).toEqual({
      generic: "verapamil",
      before: ["ISOPTIN", "tablet"],
      dose: "120 mg",
      after: ["oral", "as needed"],
    });
    expect(medicationLine({ ...medication, brand: null, dose: null }).dose).toBeNull();
  });
});

describe("identity fields", () => {
  const identity = {
    patient_id: "FCE57",
    ssn: "[REDACTED]",
    email: null,
    date_of_birth: "1985-07-14",
    _access_level: "full",
  } as const;
  test("withheld, empty, masked and known are four things", () => {
    expect(fieldState(identity, "phone").kind).toBe("withheld");
    expect(fieldState(identity, "email").kind).toBe("empty");
    expect(fieldState(identity, "ssn").kind).toBe("masked");
    expect(fieldState(identity, "date_of_birth")).toEqual({ kind: "value", words: "14-Jul-1985" });
  });

  test("a closed tab names the role and what it lacks", () => {
    expect(closedTo("Reception", "records.read")).toBe(
      "Your role (Reception) may not see notes, diagnoses, procedures and immunizations.",
    );
  });
});

describe("a table", () => {
  const rows = [
    { key: "a", score: 2 },
    { key: "b", score: null },
    { key: "c", score: 7 },
  ];
  test("puts what has no value last in both directions", () => {
    const order = (direction: "ascending" | "descending") =>
      sortRows(rows, (row) => row.score, direction).map(({ key }) => key);
    expect(order("ascending")).toEqual(["a", "c", "b"]);
    expect(order("descending")).toEqual(["c", "a", "b"]);
  });

  test("keeps its rows in place under the pointer; new ones wait at the end", () => {
    expect(
      keepPlaces(["c", "a", "gone"], [...rows, { key: "d", score: 9 }], (row) => row.key).map(({ key }) => key),
    ).toEqual(["c", "a", "b", "d"]);
  });

  test("arrow keys stop at its ends and other keys do nothing", () => {
    expect(nextRow("ArrowDown", 2, 3)).toBe(2);
    expect(nextRow("ArrowUp", 0, 3)).toBe(0);
    expect(nextRow("End", 0, 3)).toBe(2);
    expect(nextRow("x", 0, 3)).toBeNull();
  });
});
