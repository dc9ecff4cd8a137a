import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admission, admitPatient, freeBeds, importPatient } from "../../electron/records/registration";
import type { Role } from "../../shared/access/roles";
import { connectDirectly, type Direct, type RawSession, signInDirectly } from "../support/direct";
import { accountOf, startTestHospital, type TestHospital } from "../support/hospital";
import { columns } from "../support/product-table";

let hospital: TestHospital;
let direct: Direct;
const sessions = {} as Record<Role, RawSession>;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  for (const role of columns) sessions[role] = await signInDirectly(direct, accountOf(role));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const others = columns.filter((role) => role !== "Admin");
async function atHome(): Promise<string> {
  const { rows } = await hospital.owner(
    "SELECT patient_number AS n FROM hospital.patient p WHERE NOT EXISTS (SELECT FROM hospital.placement b WHERE b.patient_id = p.id) ORDER BY random() LIMIT 1",
  );
  return String(rows[0]?.["n"]);
}
async function aBed(): Promise<{ ward: string; bed: string }> {
  const beds = await freeBeds(hospital.database, sessions.Admin.token);
  const bed = beds[Math.floor(Math.random() * beds.length)];
  if (!bed) throw new Error("no bed is free");
  return { ward: bed.ward, bed: bed.bed };
}
const admit = (
  admission: Partial<Admission> & { patient_id: string; ward: string; bed: string },
  role: Role = "Admin",
) => admitPatient(hospital.database, sessions[role].token, { submission: randomUUID(), reason: "", ...admission });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "admitted",
    (error: { failure?: { code: string } }) => error.failure?.code ?? "?",
  );
const admissionsOf = async (patient: string) =>
  (
    await hospital.owner(
      "SELECT a.id FROM hospital.admission a JOIN hospital.patient p ON p.id = a.patient_id WHERE p.patient_number = $1 AND a.discharged_at IS NULL",
      [patient],
    )
  ).rows.length;

describe("admitting", () => {
  test("puts the patient into the bed, with an audit entry that names who and whom", async () => {
    const place = { patient_id: await atHome(), ...(await aBed()) };
    await admit({ ...place, reason: " chest pain " });
    const { rows } = await hospital.owner(
      "SELECT b.ward_code AS ward, b.bed_code AS bed, a.reason, a.bed_code FROM hospital.placement b JOIN hospital.patient p ON p.id = b.patient_id JOIN hospital.admission a ON a.patient_id = p.id AND a.discharged_at IS NULL WHERE p.patient_number = $1",
      [place.patient_id],
    );
    expect(rows).toEqual([{ ward: place.ward, bed: place.bed, reason: "chest pain", bed_code: place.bed }]);
    const audit = await hospital.owner(
      "SELECT staff_id, action, outcome, detail, (SELECT patient_number FROM hospital.patient WHERE id = e.patient_ids[1]) AS whom FROM private.audit_entry e ORDER BY xid DESC LIMIT 1",
    );
    expect(audit.rows).toEqual([
      {
        staff_id: "STF003",
        action: "PATIENT_ADMITTED",
        outcome: "granted",
        detail: { ward: place.ward, bed: place.bed },
        whom: place.patient_id,
      },
    ]);
    expect(await freeBeds(hospital.database, sessions.Admin.token)).not.toContainEqual(
      expect.objectContaining({ ward: place.ward, bed: place.bed }),
    );
  });

  test.each(others)("is not for a %s, nor is the list of free beds", async (role) => {
    const patient_id = await atHome();
    expect(await codeOf(admit({ patient_id, ...(await aBed()) }, role))).toBe("RBAC_DENIED");
    expect(await codeOf(freeBeds(hospital.database, sessions[role].token))).toBe("RBAC_DENIED");
    expect(await admissionsOf(patient_id)).toBe(0);
  });

  test("twice with one submission is one admission, in a row and at the same moment", async () => {
    for (const together of [false, true]) {
      const admission = { patient_id: await atHome(), submission: randomUUID(), ...(await aBed()) };
      const first = together
        ? await Promise.all([admit(admission), admit(admission), admit(admission)])
        : [await admit(admission), await admit(admission)];
      expect(new Set(first.map((answer) => answer.admittedAt)).size).toBe(1);
      expect(await admissionsOf(admission.patient_id)).toBe(1);
    }
  });

  test("two people who choose the same bed at the same moment: one gets it, the other is told, and both are audited", async () => {
    const bed = await aBed();
    const patients = [await atHome()];
    while (patients.length < 4) {
      const next = await atHome();
      if (!patients.includes(next)) patients.push(next);
    }
    const outcomes = await Promise.all(patients.map((patient_id) => codeOf(admit({ patient_id, ...bed }))));
    expect(outcomes.sort()).toEqual(["BED_TAKEN", "BED_TAKEN", "BED_TAKEN", "admitted"]);
    const { rows } = await hospital.owner(
      "SELECT outcome, count(*)::int AS n FROM private.audit_entry WHERE detail @> $1 GROUP BY 1 ORDER BY 1",
      [JSON.stringify(bed)],
    );
    expect(rows).toEqual([
      { outcome: "BED_TAKEN", n: 3 },
      { outcome: "granted", n: 1 },
    ]);
  });

  test("a patient who is in a bed, a bed that does not exist and a patient who does not exist are told apart", async () => {
    const place = await aBed();
    expect(await codeOf(admit({ patient_id: "FCE57", ...place }))).toBe("ALREADY_ADMITTED");
    expect(await codeOf(admit({ patient_id: await atHome(), ward: "5A", bed: "99" }))).toBe("INVALID_INPUT");
    expect(await codeOf(admit({ patient_id: "NOBODY", ...place }))).toBe("PATIENT_NOT_FOUND");
  });
});

describe("importing", () => {
  const bundle = (id: string, more: object = {}) => ({
    patient: {
      id,
      family_name: "Imported",
      given_name: "Ida",
      gender: "female",
      birth_year: 1990,
      allergy_status: "not-asked",
    },
    identity: { date_of_birth: "1990-01-02" },
    Condition: [
      {
        id: `${id.slice(0, -1)}0`,
        patient_id: "ignored",
        code: "1",
        code_system: "s",
        display: "Asthma",
        status: "active",
      },
    ],
    resources: [
      { type: "Patient", keys: [id] },
      { type: "Condition", keys: [`${id.slice(0, -1)}0`] },
    ],
    ...more,
  });
  const newId = () => `${randomUUID().slice(0, -1)}1`;

  test.each(others)("is not for a %s", async (role) => {
    const id = newId();
    expect(await codeOf(importPatient(hospital.database, sessions[role].token, bundle(id)))).toBe("RBAC_DENIED");
    expect((await hospital.owner("SELECT FROM hospital.patient WHERE id = $1", [id])).rows).toEqual([]);
  });

  test("a second time, or four times at once, changes nothing and counts nothing new", async () => {
    const id = newId();
    const fresh = {
      ...bundle(id),
      Condition: [{ id: `${id.slice(0, -1)}0`, code: "1", code_system: "s", display: "Asthma", status: "active" }],
    };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => importPatient(hospital.database, sessions.Admin.token, fresh)),
    );
    const created = answers.map((answer) => JSON.stringify(answer.created)).sort();
    expect(created).toEqual([...Array(3).fill('{"Patient":0,"Condition":0}'), '{"Patient":1,"Condition":1}']);
    expect(new Set(answers.map((answer) => answer.patientNumber)).size).toBe(1);
    const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM hospital.diagnosis WHERE patient_id = $1", [
      id,
    ]);
    expect(rows).toEqual([{ n: 1 }]);
  });

  test("a bundle cannot write into another patient's chart, whichever ids it names", async () => {
    const { rows } = await hospital.owner("SELECT id FROM hospital.patient WHERE patient_number = 'FCE57'");
    const leah = String(rows[0]?.["id"]);
    const set = await hospital.owner(
      "INSERT INTO hospital.vital_signs (id, patient_id, recorded_at, pulse) VALUES (gen_random_uuid(), $1, now(), 80) RETURNING id",
      [leah],
    );
    const setId = String(set.rows[0]?.["id"]);
    const id = newId();
    const diagnosis = {
      id: randomUUID(),
      patient_id: leah,
      code: "1",
      code_system: "s",
      display: "Planted",
      status: "active",
    };
    const vitals = { id: setId, patient_id: leah, recorded_at: "2026-01-01T00:00:00Z", pulse: 20, temperature: 41 };
    const identity = { patient_id: leah, date_of_birth: "1999-09-09" };
    await importPatient(
      hospital.database,
      sessions.Admin.token,
      bundle(id, { Condition: [diagnosis], VitalSigns: [vitals], identity }),
    );
    expect(
      (await hospital.owner("SELECT patient_id FROM hospital.diagnosis WHERE id = $1", [diagnosis.id])).rows,
    ).toEqual([{ patient_id: id }]);
    expect(
      (await hospital.owner("SELECT pulse, temperature FROM hospital.vital_signs WHERE id = $1", [setId])).rows,
    ).toEqual([{ pulse: 80, temperature: null }]);
    expect(
      (
        await hospital.owner("SELECT date_of_birth::text AS d FROM hospital.patient_identity WHERE patient_id = $1", [
          leah,
        ])
      ).rows[0]?.["d"],
    ).toMatch(/^1985/);
  });

  test("a bundle that breaks a rule in its last row leaves nothing behind", async () => {
    const id = newId();
    const bad = bundle(id, {
      Condition: [],
      Immunization: [{ id: randomUUID(), code: "1", code_system: "s", display: null, status: "done" }],
    });
    await expect(importPatient(hospital.database, sessions.Admin.token, bad)).rejects.toThrow();
    expect((await hospital.owner("SELECT FROM hospital.patient WHERE id = $1", [id])).rows).toEqual([]);
  });
});
