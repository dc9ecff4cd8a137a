import { describe, expect, test } from "vitest";
import { mapBundle } from "../../../electron/fhir/map-bundle";
import { readBundle } from "../../../electron/fhir/read-bundle";
import { identityAssociation } from "../../../electron/sealing/identity-association";
import { ssnIndex } from "../../../electron/sealing/identity-row";
import { open } from "../../../electron/sealing/seal";
import { fieldKey, mapped, observation, subject, wholePatient } from "./bundle";

const bytes = (hex: string | null) => Buffer.from((hex ?? "").slice(2), "hex");

describe("a whole patient", () => {
  const { payload, patientName, notStored } = mapBundle(readBundle(wholePatient), fieldKey);

  test("is named as lists print it, and a birth month is never completed to a day", () => {
    expect(patientName).toBe("EXAMPLE, Erin Rose (Mrs)");
    expect(payload.patient).toMatchObject({ family_name: "Example", birth_year: 1961, allergy_status: "recorded" });
    expect(payload.identity.date_of_birth).toBeNull();
  });

  test("brings identity data only as ciphertext that opens for this patient and field", () => {
    expect(open(fieldKey, bytes(payload.identity.ssn), identityAssociation(payload.patient.id, "ssn"))).toBe(
      "987-65-4320",
    );
    expect(open(fieldKey, bytes(payload.identity.address), identityAssociation(payload.patient.id, "address"))).toBe(
      "1 Sample Road, Lampton, MA 00999",
    );
    expect(
      open(
        fieldKey,
        bytes(payload.identity.emergency_contact),
        identityAssociation(payload.patient.id, "emergency_contact"),
      ),
    ).toBe("Ian Example (son), 202-555-0124");
    expect(bytes(payload.identity.ssn_index)).toEqual(ssnIndex(fieldKey, "987654320"));
    expect(JSON.stringify(payload)).not.toMatch(/987-65|202-555|erin@/u);
  });

  test("keeps codes, and says partial dates in words", () => {
    expect(payload.Condition).toEqual([
      expect.objectContaining({
        code: "195967001",
        code_system: "http://snomed.info/sct",
        display: "Asthma (onset 1999, day not given)",
        onset_on: null,
        status: "active",
      }),
    ]);
    expect(payload.Procedure[0]).toMatchObject({
      display: "Appendectomy (performed 07-2010, day not given)",
      performed_at: null,
    });
    expect(payload.Immunization[0]).toMatchObject({ code: "140", occurred_at: "2021-10-05T12:00:00.000Z" });
    expect(payload.Encounter[0]).toMatchObject({ class: "ambulatory", started_at: "2020-01-02T08:00:00.000Z" });
  });

  test("follows a reference to a Medication, and reads the dosage", () => {
    expect(payload.MedicationRequest[0]).toMatchObject({
      generic: "Metformin 500 MG",
      form: "tablet",
      code: "861007",
      dose: "500 mg",
      frequency: "twice a day",
      due_times: ["08:00", "18:00"],
      route: "oral",
      started_on: "2022-02-03",
    });
  });

  test("takes the worst severity of an allergy and all its reactions", () => {
    expect(payload.AllergyIntolerance[0]).toMatchObject({
      substance: "Allergy to penicillin",
      reaction: "Hives, Wheeze",
      severity: "severe",
      recorded_on: "2001-03-04",
    });
  });

  test("puts what was measured at one moment into one set, in our units; an unknown unit stays an observation", () => {
    expect(payload.VitalSigns).toEqual([
      { id: expect.any(String), recorded_at: "2022-02-03T10:05:00.000Z", systolic: 128, temperature: 38.5 },
    ]);
    expect(payload.Observation.map((row) => [row.code, row.value, row.value_text, row.unit])).toEqual([
      ["8462-4", 10.5, null, "kPa"],
      ["1988-5", null, "< 3 mg/L", null],
    ]);
  });

  test("counts what is not stored, with the reason", () => {
    expect(notStored).toEqual([
      { type: "Claim", count: 2, reason: expect.stringContaining("billing") },
      { type: "Condition", count: 1, reason: "marked by its source as entered in error" },
      { type: "Medication", count: 1, reason: expect.stringContaining("prescriptions") },
    ]);
  });

  test("has the same ids every time, also from another export with other urn:uuid addresses", () => {
    const ids = (text: string) => {
      const again = mapBundle(readBundle(text), fieldKey).payload;
      return again.resources.flatMap((resource) => resource.keys);
    };
    expect(ids(wholePatient)).toEqual(ids(wholePatient));
    const other = wholePatient.replaceAll(
      "11111111-1111-4111-8111-111111111111",
      "99999999-9999-4999-8999-999999999999",
    );
    expect(ids(other)).toEqual(ids(wholePatient));
    expect(new Set(ids(wholePatient)).size).toBe(ids(wholePatient).length);
  });
});

describe("vital signs", () => {
  const set = (...observations: Parameters<typeof mapped>) => mapped(...observations).payload;

  test.each([
    ["8867-4", 72, "/min", { pulse: 72 }],
    ["9279-1", 16, "{breaths}/min", { respiratory_rate: 16 }],
    ["8310-5", 36.64, "Cel", { temperature: 36.6 }],
    ["2708-6", 97, "%", { oxygen_saturation: 97 }],
    ["59408-5", 97, "%", { oxygen_saturation: 97 }],
    ["8480-6", 120, "mm[Hg]", { systolic: 120 }],
    ["8462-4", 80, "mm[Hg]", { diastolic: 80 }],
  ])("%s of %d %s", (code, value, unit, columns) => {
    expect(set(observation(code, value, unit)).VitalSigns).toEqual([expect.objectContaining(columns)]);
  });

  test.each([
    ["an unknown unit", observation("8310-5", 310, "K")],
    ["a physically impossible value", observation("8867-4", 900, "/min")],
    [
      "a comparator",
      observation("8867-4", 200, "/min", {
        valueQuantity: { value: 200, comparator: ">", code: "/min", system: "http://unitsofmeasure.org" },
      }),
    ],
    [
      "a unit of another system",
      observation("8867-4", 72, "/min", {
        valueQuantity: { value: 72, code: "/min", system: "http://example.org/units" },
      }),
    ],
    ["no time of day", observation("8867-4", 72, "/min", { effectiveDateTime: "2026-01-02" })],
    ["a preliminary status", observation("8867-4", 72, "/min", { status: "preliminary" })],
  ])("with %s never reach a score", (_, resource) => {
    const payload = set(resource);
    expect(payload.VitalSigns).toEqual([]);
    expect(payload.Observation).toHaveLength(1);
  });

  test("two different values of one moment are both kept, neither overwrites the other", () => {
    const payload = set(observation("8867-4", 72, "/min", { id: "a" }), observation("8867-4", 75, "/min", { id: "b" }));
    expect(payload.VitalSigns).toEqual([expect.objectContaining({ pulse: 72 })]);
    expect(payload.Observation).toEqual([expect.objectContaining({ value: 75 })]);
  });

  test("whatever is measured, every resource is carried by at least one stored value", () => {
    const codes = ["8867-4", "9279-1", "8310-5", "2708-6", "8480-6", "1988-5"];
    const units = ["/min", "%", "Cel", "[degF]", "mm[Hg]", "mg/L"];
    for (let seed = 0; seed < 300; seed += 1) {
      const pick = <T>(list: readonly T[], by: number) => list[(seed * by + (seed >> 3)) % list.length] as T;
      const all = [1, 5, 7].map((by, order) =>
        observation(pick(codes, by), (seed * by) % 260, pick(units, by + 2), {
          id: `o${order}`,
          effectiveDateTime: `2026-01-0${1 + (seed % 2)}T0${by}:00:00Z`,
        }),
      );
      const { payload } = mapped(...all);
      const keys = new Set([
        ...payload.Observation.map((row) => row.id),
        ...payload.VitalSigns.flatMap((row) => Object.keys(row).map((field) => `${row.id}.${field}`)),
      ]);
      const observations = payload.resources.filter((resource) => resource.type === "Observation");
      expect(observations).toHaveLength(3);
      for (const resource of observations) expect(resource.keys.some((key) => keys.has(key))).toBe(true);
    }
  });
});

describe("what must not be shown as something else", () => {
  const condition = (more: object) => ({ resourceType: "Condition", subject, code: { text: "Gout" }, ...more });
  const request = (more: object) => ({
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    subject,
    medicationCodeableConcept: { text: "X" },
    ...more,
  });
  const noKnown = {
    resourceType: "AllergyIntolerance",
    patient: subject,
    code: { coding: [{ system: "http://snomed.info/sct", code: "716186003" }] },
  };

  test.each([
    ["a condition that was ruled out", condition({ verificationStatus: { coding: [{ code: "refuted" }] } })],
    ["'do not give'", request({ doNotPerform: true })],
    ["a proposal", request({ intent: "proposal" })],
    ["a draft", request({ status: "draft" })],
    ["a modifier extension", condition({ modifierExtension: [{ url: "http://example.org/not" }] })],
    ["a procedure not done", { resourceType: "Procedure", status: "not-done", code: { text: "X" }, subject }],
    [
      "a vaccine not given",
      { resourceType: "Immunization", status: "not-done", vaccineCode: { text: "X" }, patient: subject },
    ],
    [
      "a finding about somebody else",
      observation("8867-4", 140, "/min", { focus: [{ reference: "RelatedPerson/fetus" }] }),
    ],
    ["an observation without a day", observation("1988-5", 4, "mg/L", { effectiveDateTime: "2020" })],
  ])("%s is counted, not stored", (_, resource) => {
    const result = mapped(resource);
    expect(result.payload.resources).toHaveLength(1);
    expect(result.notStored).toHaveLength(1);
  });

  test("no word about allergies is 'not asked'; only the explicit statement is 'none known', and an allergy outweighs it", () => {
    expect(mapped().payload.patient.allergy_status).toBe("not-asked");
    expect(mapped(noKnown).payload.patient.allergy_status).toBe("none-known");
    const allergy = { resourceType: "AllergyIntolerance", patient: subject, code: { text: "Nuts" } };
    expect(mapped(noKnown, { ...allergy, id: "a" }).payload.patient.allergy_status).toBe("recorded");
  });

  test("doses are printed without a trailing zero, without U and without a micro sign", () => {
    const dose = (value: number, unit?: string) =>
      mapped(
        request({ dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value, ...(unit ? { unit } : {}) } }] }] }),
      ).payload.MedicationRequest[0]?.dose;
    expect([dose(5.0, "mg"), dose(0.5, "mg"), dose(4, "U"), dose(10000, "[IU]/mL"), dose(25, "ug"), dose(1)]).toEqual([
      "5 mg",
      "0.5 mg",
      "4 units",
      "10,000 units/mL",
      "25 micrograms",
      "1 (unit not given)",
    ]);
  });
});
