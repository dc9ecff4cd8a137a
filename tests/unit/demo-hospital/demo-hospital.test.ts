import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { auditHistory } from "../../../electron/demo-hospital/audit-history";
import { type DemoData, readDemoData } from "../../../electron/demo-hospital/demo-data";
import { momentsAround } from "../../../electron/demo-hospital/moments";
import { patientRows } from "../../../electron/demo-hospital/patient-rows";
import { shiftRows } from "../../../electron/demo-hospital/shift-rows";
import { vitalCourse } from "../../../electron/demo-hospital/vital-course";
import { auditActions } from "../../../shared/audit/actions";
import { earlyWarningScore } from "../../../shared/clinical/early-warning-score";
import { isToolName } from "../../../shared/tools/registry";

const now = new Date("2026-03-29T00:40:00Z");
let data: DemoData;
beforeAll(async () => {
  data = await readDemoData(fileURLToPath(new URL("../../../resources/demo-hospital", import.meta.url)));
});
const on5A = () => data.patients.filter((patient) => patient.place?.ward === "5A");
const latest = (number: string) => {
  const patient = data.patients.find((one) => one.number === number);
  if (!patient?.vitals) throw new Error(`no vital signs of ${number}`);
  const set = vitalCourse(number, patient.vitals).at(-1);
  if (!set) throw new Error("no set");
  return earlyWarningScore({
    respiratoryRate: set.respiratory_rate,
    oxygenSaturation: set.oxygen_saturation,
    spo2Scale: set.spo2_scale,
    onOxygen: set.on_oxygen,
    systolic: set.systolic,
    pulse: set.pulse,
    consciousness: set.consciousness as "A",
    temperature: set.temperature,
    ageYears: 50,
    pregnant: patient.pregnant,
  });
};

describe("the hospital", () => {
  test("has the size that was promised", () => {
    expect(data.patients).toHaveLength(50);
    expect(new Set(data.patients.map((patient) => patient.number)).size).toBe(50);
    expect(data.patients.flatMap((patient) => patient.appointments)).toHaveLength(100);
    expect(data.patients.flatMap((patient) => patient.records)).toHaveLength(80);
    expect(shiftRows(data, momentsAround(now))).toHaveLength(50);
    expect(auditHistory(data, now)).toHaveLength(99);
    expect(on5A()).toHaveLength(14);
  });

  test("knows the people whom the documents name", () => {
    expect(data.patients.find((one) => one.number === "FCE57")).toMatchObject({
      family: "Arnold",
      given: "Leah",
      gender: "female",
      born: "1985-07-14",
      prefix: "Mrs",
      place: { ward: "5A" },
    });
    expect(data.patients.find((one) => one.number === "6VCB8")).toMatchObject({
      family: "Chen",
      given: "Michael",
      gender: "male",
      place: { ward: "5A" },
    });
    expect(data.staff.slice(0, 2).map((one) => [one.id, one.username, one.name])).toEqual([
      ["STF001", "demo_doctor", "Dr. Craig Hawkins"],
      ["STF002", "demo_nurse", "Sarah Johnson"],
    ]);
  });

  test("places each patient in a bed of their own that exists", () => {
    const beds = data.patients.flatMap((patient) =>
      patient.place ? [`${patient.place.ward}-${patient.place.bed}`] : [],
    );
    expect(new Set(beds).size).toBe(beds.length);
    for (const patient of data.patients)
      if (patient.place)
        expect(Number(patient.place.bed)).toBeLessThanOrEqual(
          data.wards.find((ward) => ward.code === patient.place?.ward)?.beds ?? 0,
        );
  });

  test("leaves many patients off the demo nurse's and doctor's care team, on any later day too", () => {
    const others = data.patients.filter((patient) => patient.place?.ward !== "5A");
    expect(
      others.filter((patient) => !patient.appointments.some((one) => one[4] === "STF001" || one[4] === "STF002"))
        .length,
    ).toBeGreaterThanOrEqual(10);
  });

  test("names only staff that it has", () => {
    const known = new Set(data.staff.map((one) => one.id));
    for (const patient of data.patients) {
      for (const record of patient.records) if (record.author) expect(known).toContain(record.author);
      for (const one of patient.appointments) expect(known).toContain(one[4]);
    }
  });

  test("is the same every time, but for keys", () => {
    const rows = () => {
      const {
        patient_identity: _i,
        patient_insurance: _n,
        ...rest
      } = patientRows({ data, moments: momentsAround(now), now, fieldKey: { id: "k", key: Buffer.alloc(32) } });
      return JSON.stringify(rest);
    };
    expect(rows()).toBe(rows());
  });

  test("has nobody in the future: nothing was written, measured or prescribed after now", () => {
    const rows = patientRows({ data, moments: momentsAround(now), now, fieldKey: { id: "k", key: Buffer.alloc(32) } });
    for (const [table, column] of [
      ["medical_record", "written_at"],
      ["vital_signs", "recorded_at"],
      ["observation", "measured_at"],
      ["admission", "admitted_at"],
      ["treatment_plan", "written_at"],
    ] as const)
      for (const row of rows[table]) expect(String(row[column]) <= now.toISOString(), table).toBe(true);
    for (const row of rows.medication)
      expect(String(row["started_on"]).replace("null", "2000") <= "2026-03-29").toBe(true);
    for (const row of rows.vital_signs) {
      const stay = rows.admission.find(
        (one) => one["patient_id"] === row["patient_id"] && one["discharged_at"] === null,
      );
      expect(String(row["recorded_at"]) >= String(stay?.["admitted_at"]), "measured before admission").toBe(true);
    }
  });
});

describe("the ward", () => {
  test("has one who deteriorates, some low-medium by a single red value, and some without a score", () => {
    expect(latest("W7QLD")).toMatchObject({ scored: true, total: 15, band: "high" });
    expect(latest("P3KWT")).toMatchObject({ scored: true, total: 3, singleRed: true, band: "low-medium" });
    expect(latest("T4PVR")).toMatchObject({ scored: true, total: 3, singleRed: true, band: "low-medium" });
    expect(latest("R8MCQ")).toMatchObject({ scored: false, reason: "MISSING_INPUT" });
    expect(latest("B5NLH")).toMatchObject({ scored: false, reason: "NOT_APPLICABLE" });
    expect(latest("FCE57")).toMatchObject({ scored: true, total: 0, band: "low" });
  });

  test("reads SpO2 of a patient with hypercapnic failure on scale 2", () => {
    expect(latest("6VCB8")).toMatchObject({ scored: true, parts: { oxygenSaturation: 0, oxygen: 2 } });
  });

  test("prints doses without U, without a micro sign and without a trailing zero", () => {
    for (const patient of data.patients)
      for (const one of patient.medications)
        expect(one.dose, `${patient.number} ${one.generic}`).not.toMatch(
          /µ|μ|mcg|\bIU\b|\bU\b|\.\d*0(?!\d)|(?<!\d)\.\d/u,
        );
  });

  test("gives nobody on it a medicine that they are allergic to", () => {
    for (const patient of data.patients) {
      if (typeof patient.allergies === "string") continue;
      const substances = patient.allergies.map((one) => one.substance.toLowerCase());
      const active = patient.medications
        .filter((one) => one.status === "active")
        .map((one) => one.generic.toLowerCase());
      for (const medicine of active)
        expect(
          substances.some((substance) => medicine.includes(substance)),
          `${patient.number} ${medicine}`,
        ).toBe(false);
      if (substances.includes("penicillin")) expect(active.join()).not.toMatch(/cillin|cef|ceph/u);
    }
  });

  test("holds one text that tries to instruct an assistant, far from the nurse's ward", () => {
    const tricked = data.patients.filter((patient) =>
      patient.records.some((record) => /ignore all previous instructions/iu.test(record.text)),
    );
    expect(tricked.map((patient) => [patient.number, patient.place])).toEqual([["V3LRN", undefined]]);
  });
});

describe("shifts and history", () => {
  test("the demo nurse and doctor are on 5A now, and nobody works two shifts at once", () => {
    for (const moment of [
      "2026-03-29T00:40:00Z",
      "2026-07-01T06:59:00Z",
      "2026-10-25T01:30:00Z",
      "2026-12-31T23:59:59Z",
    ]) {
      const at = new Date(moment);
      const shifts = shiftRows(data, momentsAround(at));
      for (const staff of ["STF001", "STF002"]) {
        const current = shifts.filter(
          (one) => one.staff_id === staff && new Date(one.starts_at) <= at && new Date(one.ends_at) > at,
        );
        expect(current.map((one) => one.ward_code)).toEqual(["5A"]);
      }
      for (const one of shifts)
        for (const other of shifts)
          if (one !== other && one.staff_id === other.staff_id)
            expect(one.ends_at <= other.starts_at || other.ends_at <= one.starts_at).toBe(true);
      expect(new Set(shifts.map((one) => one.id)).size).toBe(50);
    }
  });

  test("the audit's past grows, uses known actions and tools, and shows nobody beyond their reach", () => {
    const ids = new Set(
      on5A().map(
        (patient) =>
          patientRows({
            data: { ...data, patients: [patient] },
            moments: momentsAround(now),
            now,
            fieldKey: { id: "k", key: Buffer.alloc(32) },
          }).patient[0]?.["id"],
      ),
    );
    let before = "";
    for (const entry of auditHistory(data, now)) {
      expect(entry.at > before && entry.at < now.toISOString()).toBe(true);
      before = entry.at;
      expect(auditActions).toContain(entry.action);
      if (entry.tool !== null) expect(isToolName(entry.tool)).toBe(true);
      if (entry.role === "Nurse" || entry.role === "Doctor") for (const id of entry.patients) expect(ids).toContain(id);
    }
  });
});
