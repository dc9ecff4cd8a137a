import { expect, test } from "vitest";
import { readWardsCsv } from "../../electron/administration/wards-csv";

const heading = "ward_code,ward_name,department,bed_code";
const read = (...lines: string[]) => readWardsCsv(Buffer.from(lines.join("\n"), "utf8"));
const faults = (...lines: string[]) => {
  const answer = read(...lines);
  return "faults" in answer
    ? answer.faults.map(({ line, column, message }) => `${line}/${column ?? "-"}: ${message}`)
    : answer.wards;
};

test("wards keep the order of the file, beds of one ward are gathered", () => {
  expect(
    read(
      heading,
      "5A,Internal Medicine,Medicine,01",
      "ICU,Intensive Care,Surgery,1",
      "5A,Internal Medicine,Medicine,02",
    ),
  ).toEqual({
    wards: [
      { code: "5A", name: "Internal Medicine", department: "Medicine", beds: ["01", "02"] },
      { code: "ICU", name: "Intensive Care", department: "Surgery", beds: ["1"] },
    ],
  });
});

test.each([
  ["a byte order mark", `\u{feff}${heading}\n5A,Innere Medizin,Médecine,01\n`],
  ["semicolons", `${heading.replaceAll(",", ";")}\n5A;Innere Medizin;Médecine;01\n`],
  ["line ends of Windows and empty lines", `${heading}\r\n\r\n5A,Innere Medizin,Médecine,01\r\n\r\n`],
  ["rows of nothing but separators", `${heading}\n5A,Innere Medizin,Médecine,01\n,,,\n , , ,\n`],
  ["quotation marks and spaces", `"ward_code", ward_name ,Department,bed_code\n5A,"Innere Medizin",Médecine , 01\n`],
  ["another order of columns", "bed_code,department,ward_name,ward_code\n01,Médecine,Innere Medizin,5A\n"],
  ["accents written as two characters", `${heading}\n5A,Innere Medizin,Me\u0301decine,01\n`],
])("%s are understood", (_, text) => {
  expect(readWardsCsv(Buffer.from(text, "utf8"))).toEqual({
    wards: [{ code: "5A", name: "Innere Medizin", department: "Médecine", beds: ["01"] }],
  });
});

test("a comma inside quotation marks belongs to the name", () => {
  expect(faults(heading, '5A,"Medicine, internal",Medicine,01')).toMatchObject([{ name: "Medicine, internal" }]);
});

test("every fault is told at once, with its line and column", () => {
  expect(
    faults(
      heading,
      "5A,Internal Medicine,Medicine,01",
      ",Internal Medicine,Medicine,02",
      "5A,Surgery,Medicine,03",
      "5A,Internal Medicine,Surgery,04",
      "5A,Internal Medicine,Medicine,01",
      "5A,Internal Medicine,Medicine",
      "5A,Internal Medicine,Medicine,a bed",
      `6B,${"x".repeat(81)},,01`,
    ),
  ).toEqual([
    "3/ward_code: empty",
    "4/ward_name: ward 5A has another name in line 2",
    "5/department: ward 5A has another one in line 2",
    "6/bed_code: ward 5A has bed 01 in line 2 already",
    "7/-: 4 values expected, 3 found",
    "8/bed_code: must have 1 to 20 letters and digits",
    "9/ward_name: must have 1 to 80 characters",
    "9/department: empty",
  ]);
});

test("a heading that is wrong is told column by column", () => {
  expect(faults("ward_code,ward_name,bed_code,bed_code,floor", "5A,x,1,1,5")).toEqual([
    "1/department: this column is missing",
    "1/floor: there is no such column",
    "1/bed_code: this column is there twice",
  ]);
});

test.each([
  ["an empty file", "", "1/-: the file is empty"],
  ["a heading alone", `${heading}\n`, "2/-: the file holds no bed"],
  ["a quotation mark that is not closed", `${heading}\n5A,"Internal,Medicine,01\n`, "a quotation mark is not closed"],
])("%s is refused", (_, text, expected) => {
  expect(JSON.stringify(faults(text))).toContain(expected);
});

test("what is no UTF-8 is refused instead of stored with replacement characters", () => {
  const latin = Buffer.concat([
    Buffer.from(`${heading}\n5A,M`),
    Buffer.from([0xe9]),
    Buffer.from("decine,Medicine,01\n"),
  ]);
  expect(readWardsCsv(latin)).toEqual({ faults: [{ line: 1, column: null, message: "the file is no text in UTF-8" }] });
  expect(readWardsCsv(Buffer.alloc(5_000_001, 0x61))).toMatchObject({
    faults: [{ message: expect.stringContaining("larger") }],
  });
});
