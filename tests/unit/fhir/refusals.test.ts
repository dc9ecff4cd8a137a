import { describe, expect, test } from "vitest";
import { parseFhirTime } from "../../../electron/fhir/dates";
import { maximumBundleBytes } from "../../../electron/fhir/read-bundle";
import { bundleText, imported, observation, patient, subject, wholePatient } from "./bundle";

async function refusal(text: string | Uint8Array): Promise<string> {
  const { report, stores } = await imported(text);
  expect(stores).toBe(0);
  expect(report).toMatchObject({ patient: null, stored: {}, notStored: [] });
  return report.refused ?? "taken";
}

describe("a file that is cut off", () => {
  test("is refused whole at every offset, with the place where it ends", async () => {
    const end = wholePatient.trimEnd().length;
    for (let length = 1; length < end; length += length < 200 ? 1 : 37) {
      const said = await refusal(wholePatient.slice(0, length));
      const lines = wholePatient.slice(0, length).split("\n");
      expect(said).toBe(
        `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: the file ends in the middle of its data; it was probably cut off while it was copied`,
      );
    }
    expect((await imported(wholePatient)).stores).toBe(1);
  });

  test("is refused at every offset when it is one long line with escapes, numbers and words", async () => {
    const text = JSON.stringify({ a: ['q"\\u00e9\n', -1.5e3, 0.25, true, false, null, {}], b: "\u20ac" }).replace(
      "\u20ac",
      "\\u20AC",
    );
    for (let length = 1; length < text.length; length += 1)
      expect(await refusal(text.slice(0, length)), text.slice(0, length)).toContain(
        `column ${length + 1}: the file ends`,
      );
  });
});

describe("what is no R4 Bundle of one patient", () => {
  const bundle = (entry: unknown, type: unknown = "collection") =>
    JSON.stringify({ resourceType: "Bundle", type, entry });
  test.each([
    ["nothing", "", "the file is empty"],
    ["a missing comma", '{\n  "a": 1\n  "b": 2}', "line 3, column 3: a comma or } is expected here"],
    ["a comma too many", '{"a": [1,]}', "line 1, column 10: a value is expected here"],
    ["single quotes", "{'a': 1}", "line 1, column 2: a name in double quotes is expected here"],
    ["a raw line break in a text", '{"a": "x\ny"}', "line 1, column 9: a line break"],
    ["several Bundles in a row", `${bundleText()}\n${bundleText()}`, "line 2, column 1: there is more text"],
    ["XML", "<Bundle/>", "this is XML"],
    ["a list", "[]", "no FHIR Bundle"],
    ["a single resource", JSON.stringify(patient), "this is a single Patient, not a Bundle"],
    ["a history", bundle([{ resource: patient }], "history"), "Bundle.type: must be one of"],
    ["an empty Bundle", bundle([]), "the Bundle is empty"],
    ["no patient", bundle([{ resource: { resourceType: "Claim" } }]), "holds no Patient"],
    [
      "two patients",
      bundleText({ ...patient, id: "q" }),
      "Bundle.entry[1].resource (Patient): the Bundle holds more than one Patient",
    ],
    [
      "a deletion",
      bundle([{ resource: patient, request: { method: "DELETE", url: "Patient/p" } }]),
      "Bundle.entry[0].request.method: must be POST or PUT",
    ],
    ["an entry without a resource", bundle([{ resource: patient }, {}]), "Bundle.entry[1].resource: is missing"],
    [
      "two resources of one name",
      bundleText(observation("1", 1, "1", { id: "x" }), observation("1", 2, "1", { id: "x" })),
      "Bundle.entry[2].resource (Observation): bears the same id as entry 1",
    ],
    [
      "DSTU2",
      bundleText({ resourceType: "MedicationOrder" }),
      "Bundle.entry[1]: holds a MedicationOrder, a type of an older FHIR release",
    ],
    ["STU3", bundleText({ resourceType: "Condition", clinicalStatus: "active", subject }), "as FHIR STU3 wrote it"],
    [
      "R5",
      bundleText({ resourceType: "MedicationRequest", status: "active", intent: "order", subject, medication: {} }),
      "as FHIR R5 writes it",
    ],
    ["an invented type", bundleText({ resourceType: "Spell" }), "a type of resource that FHIR R4 does not have"],
  ])("%s is refused in words", async (_, text, words) => {
    expect(await refusal(text)).toContain(words);
  });

  test("bytes that are no UTF-8, and a file that is too large, are refused", async () => {
    expect(await refusal(Buffer.from([0x7b, 0xff, 0x7d]))).toBe("the file is not UTF-8 text");
    expect(await refusal(Buffer.alloc(maximumBundleBytes + 1, 32))).toContain("larger than 50 MB");
  });

  test("a byte order mark is no fault", async () => {
    expect((await imported(`\uFEFF${bundleText()}`)).stores).toBe(1);
    expect((await imported(Buffer.from(`\uFEFF${bundleText()}`))).stores).toBe(1);
  });

  test("nesting deeper than any stack is no crash", async () => {
    expect(await refusal("[".repeat(200_000))).toContain("the file ends");
  });
});

describe("a fault of content names the entry and the path, never the value", () => {
  test.each([
    [
      "a day that no calendar has",
      observation("1", 1, "1", { effectiveDateTime: "2026-02-30T10:00:00Z" }),
      "Bundle.entry[1].resource.effectiveDateTime (Observation): is not a FHIR date or time",
    ],
    [
      "a time without an offset",
      observation("1", 1, "1", { effectiveDateTime: "2026-02-03T10:00:00" }),
      "effectiveDateTime (Observation)",
    ],
    [
      "a status that R4 does not know",
      observation("1", 1, "1", { status: "secret" }),
      "Bundle.entry[1].resource.status (Observation): must be one of registered",
    ],
    [
      "a number as text",
      observation("1", 1, "1", { valueQuantity: { value: "7secret" } }),
      "Bundle.entry[1].resource.valueQuantity.value (Observation): must be a number",
    ],
    [
      "a missing code",
      { resourceType: "Observation", status: "final", subject },
      "Bundle.entry[1].resource.code (Observation): is missing",
    ],
    [
      "another patient's resource",
      observation("1", 1, "1", { subject: { reference: "Patient/secret" } }),
      "Bundle.entry[1].resource.subject (Observation): does not refer to the Patient of this Bundle",
    ],
    [
      "a NUL",
      observation("1", 1, "1", { code: { text: "a\u0000secret" } }),
      "Bundle.entry[1].resource.code.text (Observation): holds characters that cannot be stored",
    ],
    [
      "half a surrogate pair",
      observation("1", 1, "1", { code: { text: "\ud800secret" } }),
      "holds characters that cannot be stored",
    ],
    [
      "a medicine without a name",
      {
        resourceType: "MedicationRequest",
        status: "active",
        intent: "order",
        subject,
        medicationReference: { reference: "urn:uuid:gone" },
      },
      "Bundle.entry[1].resource.medication (MedicationRequest): names no medicine",
    ],
  ])("%s", async (_, resource, words) => {
    const said = await refusal(bundleText(resource));
    expect(said).toContain(words);
    expect(said).not.toContain("secret");
  });

  test("a patient without a name", async () => {
    const text = JSON.stringify({
      resourceType: "Bundle",
      type: "batch",
      entry: [{ resource: { resourceType: "Patient", id: "p" } }],
    });
    expect(await refusal(text)).toBe("Bundle.entry[0].resource.name (Patient): gives no name");
  });
});

test("FHIR dates keep the precision they have", () => {
  expect(parseFhirTime("2010")).toMatchObject({ year: 2010, day: null, moment: null, words: "2010" });
  expect(parseFhirTime("2010-07")).toMatchObject({ day: null, words: "07-2010" });
  expect(parseFhirTime("2012-02-29")).toMatchObject({ day: "2012-02-29", moment: null });
  expect(parseFhirTime("2010-07-01T23:30:00-05:00")).toMatchObject({
    day: "2010-07-01",
    moment: "2010-07-02T04:30:00.000Z",
  });
  expect(parseFhirTime("2016-12-31T23:59:60Z")).toMatchObject({ moment: "2017-01-01T00:00:00.000Z" });
  for (const wrong of ["", "10", "2010-13", "2011-02-29", "2010-07-01T10", "2010-07-01T25:00:00Z", "today"])
    expect(parseFhirTime(wrong), wrong).toBeNull();
});
