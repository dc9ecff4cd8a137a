import { expect, test } from "vitest";
import { mapBundle } from "../../../electron/fhir/map-bundle";
import { readBundle } from "../../../electron/fhir/read-bundle";
import { fieldKey } from "./bundle";

test("a death, which only the Patient resource knows, stands in the chart", () => {
  const text = JSON.stringify({
    resourceType: "Bundle",
    type: "collection",
    entry: [
      { resource: { resourceType: "Patient", id: "p", name: [{ family: "T" }], deceasedDateTime: "2020-05-06" } },
    ],
  });
  expect(mapBundle(readBundle(text), fieldKey).payload.Condition).toEqual([
    expect.objectContaining({ display: "Dead (2020-05-06)", onset_on: "2020-05-06" }),
  ]);
});
