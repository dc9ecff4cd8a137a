import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ImportRequest, importBundle } from "../../../electron/fhir/import-bundle";
import { type MappedBundle, mapBundle } from "../../../electron/fhir/map-bundle";
import { readBundle } from "../../../electron/fhir/read-bundle";
import type { SealingKey } from "../../../electron/sealing/seal";
import type { ImportReport } from "../../../shared/ipc/administration-commands";

export const fieldKey: SealingKey = { id: "test", key: Buffer.alloc(32, 7) };
export const wholePatient = readFileSync(
  fileURLToPath(new URL("../../fixtures/fhir/whole-patient.json", import.meta.url)),
  "utf8",
);

type Json = Record<string, unknown>;
export const patient: Json = {
  resourceType: "Patient",
  id: "p",
  name: [{ family: "Test", given: ["Tess"] }],
  gender: "female",
  birthDate: "1980-01-31",
};
export const subject = { reference: "Patient/p" };

/** The text of a Bundle that holds the patient and these resources. */
export function bundleText(...resources: Json[]): string {
  return JSON.stringify({
    resourceType: "Bundle",
    type: "collection",
    entry: [patient, ...resources].map((resource) => ({ resource })),
  });
}

export function mapped(...resources: Json[]): MappedBundle {
  return mapBundle(readBundle(bundleText(...resources)), fieldKey);
}

/** Imports into a store that counts its calls and says that everything was new. */
export async function imported(text: ImportRequest["text"]): Promise<{ report: ImportReport; stores: number }> {
  let stores = 0;
  const report = await importBundle({
    text,
    fileName: "file.json",
    fieldKey,
    store: async (payload) => {
      stores += 1;
      const created: Record<string, number> = {};
      for (const { type } of payload.resources) created[type] = (created[type] ?? 0) + 1;
      return { patientNumber: "ABCDE", created };
    },
  });
  return { report, stores };
}

export const observation = (code: string, value: number, unit: string, more: Json = {}): Json => ({
  resourceType: "Observation",
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code, display: code }] },
  subject,
  effectiveDateTime: "2026-01-02T03:04:05Z",
  valueQuantity: { value, unit, system: "http://unitsofmeasure.org", code: unit },
  ...more,
});
