import { expect, test } from "vitest";
import { unbrokenParts } from "../../../../renderer/assistant/unbroken";

const kept = (text: string) => unbrokenParts(text).flatMap((part) => (part.keep ? [part.text] : []));

test("a dose stays with its unit and a day with its time", () => {
  expect(kept("paracetamol 120 mg oral, given 05-Apr-2026 09:05, SpO2 94 %")).toEqual([
    "120 mg",
    "05-Apr-2026 09:05",
    "94 %",
  ]);
  expect(kept("noradrenaline 0.5 mg/mL since 12-Mar-2019")).toEqual(["0.5 mg/mL", "12-Mar-2019"]);
});

test("nothing of the text is lost or changed, and plain words stay breakable", () => {
  const text = "3 records, 2 grams of care, ward 5A, 10 hours, 07:00";
  expect(
    unbrokenParts(text)
      .map((part) => part.text)
      .join(""),
  ).toBe(text);
  expect(kept(text)).toEqual([]);
  expect(unbrokenParts("")).toEqual([]);
});
