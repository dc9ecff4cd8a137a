import { v7 as uuidv7, v4 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordVitalSigns } from "../../electron/records/vital-signs-record";
import type { Role } from "../../shared/access/roles";
import { type ObservationSet, observationFault } from "../../shared/clinical/observation-set";
import { connectDirectly, type Direct, type RawSession, signInDirectly } from "../support/direct";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { ordinarySet } from "../support/outbox";
import { columns } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
const sessions = {} as Record<Role, RawSession>;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  for (const role of columns) sessions[role] = await signInDirectly(direct, accountOf(role));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

interface Change {
  readonly submission?: string;
  readonly patient_id?: string;
  readonly recorded_at?: string;
  readonly set?: Partial<ObservationSet>;
}
const toRecord = (change: Change = {}) => ({
  submission: change.submission ?? uuidv7(),
  patient_id: change.patient_id ?? scene.ours.number,
  recorded_at: change.recorded_at ?? new Date().toISOString(),
  set: { ...ordinarySet, ...change.set },
});
const record = (change: Change = {}, role: Role = "Nurse") =>
  recordVitalSigns(hospital.database, sessions[role].token, toRecord(change));
const codeOf = (work: Promise<unknown>) =>
  work.then(String, (error: Error & { failure?: { code: string } }) => error.failure?.code ?? String(error));
const raw = async (role: Role, values: readonly unknown[]) =>
  (
    await direct.rows("SELECT outcome, field FROM api.record_vital_signs($1, $2, $3, $4, $5)", [
      sessions[role].token,
      ...values,
    ])
  )[0];
async function lastEntry(role: Role): Promise<Record<string, unknown>> {
  const { rows } = await hospital.owner(
    "SELECT action, tool, outcome, patient_ids, detail FROM private.audit_entry WHERE chain_id = $1 ORDER BY sequence DESC LIMIT 1",
    [sessions[role].id],
  );
  return rows[0] ?? {};
}
const setsOf = async (id: string) =>
  (await hospital.owner("SELECT * FROM hospital.vital_signs WHERE id = $1", [id])).rows;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe("a set that a nurse records", () => {
  test("is in the chart with who, where and when, and the audit names the patient and no figure", async () => {
    const given = toRecord({ set: { pulse: 117 } });
    expect(await recordVitalSigns(hospital.database, sessions.Nurse.token, given)).toBe("stored");
    const [row] = await setsOf(given.submission);
    expect(row).toMatchObject({
      patient_id: scene.ours.id,
      pulse: 117,
      temperature: "37.2",
      recorded_by_id: sessions.Nurse.staffId,
      entered_by_id: null,
      origin: "online",
      workstation: "a bare client",
      session_id: sessions.Nurse.id,
    });
    expect(row?.["entered_at"]).not.toBeNull();
    const entry = await lastEntry("Nurse");
    expect(entry).toMatchObject({
      action: "VITAL_SIGNS_RECORDED",
      tool: "record_vital_signs",
      outcome: "granted",
      patient_ids: [scene.ours.id],
      detail: { patient: scene.ours.number, set: given.submission, origin: "online" },
    });
    expect(JSON.stringify(entry["detail"])).not.toContain("117");
  });

  test("is read back through the tool with its score and its author", async () => {
    const nurse = await signedIn(hospital, "demo_nurse");
    const given = toRecord({ set: { respiratory_rate: 25 } });
    await recordVitalSigns(hospital.database, nurse.session.databaseToken(), given);
    const outcome = await nurse.call("get_vital_signs", { patient_id: scene.ours.number });
    const { vital_signs } = (outcome.ok ? outcome.value : {}) as { vital_signs: Record<string, unknown>[] };
    expect(vital_signs.find((set) => set["id"] === given.submission)).toMatchObject({
      respiratory_rate: 25,
      origin: "online",
      recorded_by: nurse.session.person().name,
      entered_by: null,
      score: { total: 3, band: "low-medium", single_red: true },
    });
  });

  test("is one set, pressed twice, three times at once or sent again after the answer was lost", async () => {
    const given = toRecord();
    const twice = [
      await recordVitalSigns(hospital.database, sessions.Nurse.token, given),
      await recordVitalSigns(hospital.database, sessions.Nurse.token, given),
    ];
    expect(twice).toEqual(["stored", "already"]);
    const together = toRecord();
    const answers = await Promise.all(
      [1, 2, 3].map(() => recordVitalSigns(hospital.database, sessions.Nurse.token, together)),
    );
    expect(answers.sort()).toEqual(["already", "already", "stored"]);
    expect(await setsOf(together.submission)).toHaveLength(1);
    const { rows } = await hospital.owner("SELECT FROM private.audit_entry WHERE detail ->> 'set' = $1", [
      together.submission,
    ]);
    expect(rows).toHaveLength(1);
  });

  test("whose answer was lost is answered again, also when its author is off the care team by then", async () => {
    const { rows } = await hospital.owner(
      "SELECT p.id, p.patient_number AS number FROM hospital.patient p WHERE NOT EXISTS (SELECT FROM hospital.placement b WHERE b.patient_id = p.id) LIMIT 1",
    );
    const { id, number } = rows[0] as { id: string; number: string };
    await hospital.owner("UPDATE hospital.appointment SET staff_id = NULL WHERE patient_id = $1", [id]);
    await hospital.owner("DELETE FROM hospital.assignment WHERE patient_id = $1", [id]);
    await hospital.owner(
      "INSERT INTO hospital.assignment (staff_id, patient_id, reason, valid_from) VALUES ($1, $2, 'relief', now() - interval '1 hour')",
      [sessions.Nurse.staffId, id],
    );
    const given = toRecord({ patient_id: number });
    expect(await recordVitalSigns(hospital.database, sessions.Nurse.token, given)).toBe("stored");
    await hospital.owner("UPDATE hospital.assignment SET valid_to = now() WHERE patient_id = $1", [id]);
    expect(await recordVitalSigns(hospital.database, sessions.Nurse.token, given)).toBe("already");
    expect(await codeOf(record({ patient_id: number }))).toBe("PATIENT_NOT_FOUND");
    // To anybody else the same words are a patient who does not exist.
    expect(await codeOf(recordVitalSigns(hospital.database, sessions.Doctor.token, given))).toBe("PATIENT_NOT_FOUND");
  });

  test("with the id of another set changes nothing and is told so", async () => {
    const given = toRecord();
    await recordVitalSigns(hospital.database, sessions.Nurse.token, given);
    expect(await codeOf(record({ submission: given.submission, set: { pulse: 150 } }))).toBe("STORED_DIFFERENTLY");
    expect(await codeOf(record({ submission: given.submission }, "Doctor"))).toBe("STORED_DIFFERENTLY");
    expect(await setsOf(given.submission)).toMatchObject([{ pulse: 84, recorded_by_id: sessions.Nurse.staffId }]);
    expect(await lastEntry("Doctor")).toMatchObject({ action: "ACCESS_DENIED", outcome: "conflict" });
  });
});

describe("who may record", () => {
  test.each(columns)("%s on the ward's patient", async (role) => {
    const given = toRecord();
    const allowed = role === "Nurse" || role === "Doctor";
    const answer = codeOf(recordVitalSigns(hospital.database, sessions[role].token, given));
    expect(await answer).toBe(allowed ? "stored" : "RBAC_DENIED");
    expect(await setsOf(given.submission)).toHaveLength(allowed ? 1 : 0);
    if (!allowed)
      expect(await lastEntry(role)).toEqual({
        action: "ACCESS_DENIED",
        tool: "record_vital_signs",
        outcome: "RBAC_DENIED",
        patient_ids: [],
        detail: {},
      });
  });

  test.each(["Nurse", "Doctor"] as const)("a %s learns nothing of a patient of another ward", async (role) => {
    const answers = [];
    for (const number of [scene.theirs.number, "ZZZZ9"]) {
      const answer = await raw(role, [uuidv7(), number, new Date().toISOString(), ordinarySet]);
      answers.push(JSON.stringify(answer));
      expect(await lastEntry(role)).toMatchObject({ action: "ACCESS_DENIED", outcome: "PATIENT_NOT_FOUND" });
    }
    expect(answers).toEqual(Array(2).fill('{"outcome":"PATIENT_NOT_FOUND","field":null}'));
    const { rows } = await hospital.owner(
      "SELECT FROM hospital.vital_signs WHERE patient_id = $1 AND origin IS NOT NULL",
      [scene.theirs.id],
    );
    expect(rows).toEqual([]);
  });

  test("an input that cannot be is refused alike, whoever the patient is, before anybody is looked up", async () => {
    const answers = [];
    for (const number of [scene.ours.number, scene.theirs.number, "ZZZZ9"])
      answers.push(await raw("Nurse", [uuidv7(), number, new Date().toISOString(), { ...ordinarySet, pulse: 351 }]));
    expect(answers).toEqual(Array(3).fill({ outcome: "INVALID_INPUT", field: "pulse" }));
    expect(await lastEntry("Nurse")).toMatchObject({ outcome: "INVALID_INPUT", patient_ids: [] });
  });

  test("a token that opens nothing records nothing", async () => {
    expect(
      await direct.refusal("SELECT api.record_vital_signs('no token', $1, 'FCE57', now(), $2)", [
        uuidv7(),
        ordinarySet,
      ]),
    ).toBe("28000");
  });
});

describe("the time it was taken", () => {
  test("can be set back within the shift, not before it, not ahead and not more than a day", async () => {
    expect(await record({ recorded_at: minutesAgo(1) })).toBe("stored");
    const onlyNow = await hospital.owner(
      "UPDATE hospital.shift SET starts_at = now() - interval '1 hour' WHERE staff_id = $1 AND starts_at < now() AND ends_at > now() RETURNING id",
      [sessions.Nurse.staffId],
    );
    expect(onlyNow.rows.length).toBeGreaterThan(0);
    await hospital.owner("DELETE FROM hospital.assignment WHERE staff_id = $1", [sessions.Nurse.staffId]);
    await hospital.owner("UPDATE hospital.appointment SET staff_id = NULL WHERE staff_id = $1", [
      sessions.Nurse.staffId,
    ]);
    expect(await codeOf(record({ recorded_at: minutesAgo(80) }))).toBe("stored");
    // Half an hour before the shift counts, more does not.
    const earlier = codeOf(record({ recorded_at: minutesAgo(100) }));
    expect(await earlier).toBe("INVALID_INPUT");
    expect(await lastEntry("Nurse")).toMatchObject({ outcome: "INVALID_INPUT", detail: { field: "recorded_at" } });
    expect(await codeOf(record({ recorded_at: minutesAgo(-1) }))).toBe("stored");
    expect(await codeOf(record({ recorded_at: minutesAgo(-5) }))).toBe("INVALID_INPUT");
    expect(await codeOf(record({ recorded_at: minutesAgo(25 * 60) }, "Doctor"))).toBe("INVALID_INPUT");
    for (const moment of ["infinity", "-infinity", null])
      expect(await raw("Nurse", [uuidv7(), scene.ours.number, moment, ordinarySet])).toEqual({
        outcome: "INVALID_INPUT",
        field: "recorded_at",
      });
  });
});

describe("what can be", () => {
  const nothing = Object.fromEntries(Object.keys(ordinarySet).map((field) => [field, null]));
  const cases: [string, unknown][] = [
    ["a partial set", { ...nothing, pulse: 80 }],
    ["consciousness alone", { ...nothing, consciousness: "V" }],
    ["nothing", nothing],
    ["only a scale and air", { ...nothing, spo2_scale: 2, on_oxygen: true }],
    [
      "the least of everything",
      {
        ...ordinarySet,
        respiratory_rate: 0,
        oxygen_saturation: 0,
        systolic: 0,
        diastolic: 0,
        pulse: 0,
        temperature: 20,
      },
    ],
    [
      "the most of everything",
      {
        ...ordinarySet,
        respiratory_rate: 100,
        oxygen_saturation: 100,
        systolic: 350,
        diastolic: 250,
        pulse: 350,
        temperature: 45,
      },
    ],
    ["a breath too many", { ...ordinarySet, respiratory_rate: 101 }],
    ["a saturation above 100", { ...ordinarySet, oxygen_saturation: 101 }],
    ["half a beat", { ...ordinarySet, pulse: 80.5 }],
    ["two decimals of a degree", { ...ordinarySet, temperature: 37.25 }],
    ["a fever nobody has", { ...ordinarySet, temperature: 45.1 }],
    ["cold beyond the scale", { ...ordinarySet, temperature: 19.9 }],
    ["diastolic above systolic", { ...ordinarySet, systolic: 80, diastolic: 81 }],
    ["the same pressure twice", { ...ordinarySet, systolic: 80, diastolic: 80 }],
    ["a scale 3", { ...ordinarySet, spo2_scale: 3 }],
    ["a number in quotes", { ...ordinarySet, pulse: "80" }],
    ["oxygen in words", { ...ordinarySet, on_oxygen: "yes" }],
    ["an unknown level", { ...ordinarySet, consciousness: "X" }],
    ["a field too many", { ...ordinarySet, recorded_by_id: "STF001" }],
    ["a list", [1]],
    ["no object", 7],
  ];
  test.each(cases)("%s: PostgreSQL and the form judge alike", async (_, set) => {
    const fault = observationFault(set);
    const answer = await raw("Nurse", [uuidv7(), scene.ours.number, new Date().toISOString(), JSON.stringify(set)]);
    expect(answer).toEqual(
      fault === null ? { outcome: "stored", field: null } : { outcome: "INVALID_INPUT", field: fault },
    );
  });

  test("an id that was not made where the set was typed is refused", async () => {
    expect(await raw("Nurse", [v4(), scene.ours.number, new Date().toISOString(), ordinarySet])).toEqual({
      outcome: "INVALID_INPUT",
      field: "submission",
    });
  });
});
