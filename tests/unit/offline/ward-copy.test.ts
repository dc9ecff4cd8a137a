import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deleteWard, type KeptWard, keepWard, readWard } from "../../../electron/offline/ward-copy";
import { newSealingKey } from "../../../electron/sealing/seal";
import { temporaryFolder } from "./scene";

const now = Date.UTC(2026, 3, 5, 9, 5);
const workstation = "0c3f6a52-9b0e-4d53-8f0f-2d6a3a1b7c11";
const ward: KeptWard = {
  staffId: "STF010",
  shift: { ward: "5A", wardName: "Medicine 5A", endsAt: "2026-04-05T15:00:00.000Z" },
  deleteAfter: now + 12 * 3_600_000,
  snapshot: {
    wards: [{ code: "5A", name: "Medicine 5A" }],
    as_of: "2026-04-05T09:05:00.000Z",
    patients: [
      {
        patient_id: "FCE57",
        name: "ARNOLD, Leah (Mrs)",
        gender: "female",
        birth_year: 1985,
        date_of_birth: "1985-07-14",
        ward: "5A",
        bed: "01",
        pregnant: false,
        resuscitation_status: "attempt-cpr",
        allergy_status: "none-known",
        allergies: [],
        medications: [],
        vital_signs: [],
      },
    ],
  },
};

test("the copy opens for its person here, and shows nothing on the disk", async () => {
  const folder = temporaryFolder();
  const key = newSealingKey();
  await keepWard(folder, key, workstation, ward);
  expect(await readWard(folder, key, "STF010", workstation, now)).toEqual(ward);
  const bytes = readFileSync(join(folder, "ward"));
  for (const marker of ["ARNOLD", "FCE57", "1985", "Leah"])
    for (const form of ["utf8", "utf16le"] as const) expect(bytes.includes(Buffer.from(marker, form))).toBe(false);
  expect(readdirSync(folder)).toEqual(["ward"]);
});

test.each([
  ["another person", { staffId: "STF011" }],
  ["another workstation", { workstation: "f6d0d2b4-3f7e-4f57-9c6b-0a8f1b7d2c10" }],
  ["another key", { key: newSealingKey() }],
  ["twelve hours later", { now: ward.deleteAfter }],
])("for %s there is no copy, and the file is gone", async (_who, change) => {
  const folder = temporaryFolder();
  const key = newSealingKey();
  await keepWard(folder, key, workstation, ward);
  const asked = { key, staffId: "STF010", workstation, now, ...change };
  expect(await readWard(folder, asked.key, asked.staffId, asked.workstation, asked.now)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("a damaged copy is none", async () => {
  const folder = temporaryFolder();
  const key = newSealingKey();
  await keepWard(folder, key, workstation, ward);
  const bytes = readFileSync(join(folder, "ward"));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  writeFileSync(join(folder, "ward"), bytes);
  expect(await readWard(folder, key, "STF010", workstation, now)).toBeUndefined();
  await deleteWard(folder);
});
