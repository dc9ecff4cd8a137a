import { expect, test } from "vitest";
import { bedsOf, wardsWithBeds } from "../../../../renderer/administration/free-beds";
import {
  importWords,
  progressWords,
  reportTotals,
  reportWords,
} from "../../../../renderer/administration/import-words";
import type { ImportReport } from "../../../../shared/ipc/administration-commands";

const report: ImportReport = {
  file: "leah.json",
  patient: { patient_id: "FCE57", name: "ARNOLD, Leah" },
  stored: { Condition: { inFile: 12, new: 10, unchanged: 2 }, Observation: { inFile: 1200, new: 1200, unchanged: 0 } },
  notStored: [{ type: "Claim", count: 40, reason: "billing documents are not kept" }],
  refused: null,
};
const refused: ImportReport = {
  ...report,
  patient: null,
  stored: {},
  notStored: [],
  refused: "line 12, column 3: unexpected end",
};

test("a report adds up what was new, what was known and what was left out", () => {
  expect(reportTotals(report)).toEqual({ inFile: 1212, new: 1210, unchanged: 2, notStored: 40 });
  expect(reportWords(report)).toBe("1,210 new, 2 already here. 40 not stored, listed below.");
});

test("a second import says that nothing is new", () => {
  const again = { ...report, stored: { Condition: { inFile: 12, new: 0, unchanged: 12 } }, notStored: [] };
  expect(reportWords(again)).toBe("Nothing new: all 12 were already here. Everything in the file was stored.");
});

test("a refused file is counted as such and says that nothing was stored", () => {
  expect(reportWords(refused)).toBe("Refused. Nothing of this file was stored.");
  expect(importWords([report, refused])).toBe("1 file imported, 1 file refused.");
  expect(importWords([])).toBe("No file was chosen.");
});

test("progress tells the file, the step and the share", () => {
  expect(progressWords({ file: "leah.json", phase: "storing", done: 40, of: 1204 })).toBe(
    "Storing leah.json: 40 of 1,204",
  );
  expect(progressWords({ file: "leah.json", phase: "done", done: 1204, of: 1204 })).toBe("Done with leah.json");
});

test("free beds are offered by ward, in the order in which they stand", () => {
  const beds = [
    { ward: "5B", wardName: "Surgery", bed: "2" },
    { ward: "5A", wardName: "Internal Medicine", bed: "10" },
    { ward: "5A", wardName: "Internal Medicine", bed: "9" },
  ];
  expect(wardsWithBeds(beds).map(({ ward, free }) => [ward, free])).toEqual([
    ["5A", 2],
    ["5B", 1],
  ]);
  expect(bedsOf(beds, "5A")).toEqual(["9", "10"]);
});
