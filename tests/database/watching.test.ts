import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { handleAlert } from "../../electron/records/alerts";
import type { Refusal } from "../../shared/failure";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { setScene } from "../support/scene";

let hospital: TestHospital;
let nurse: SignedIn;
let auditor: SignedIn;
let direct: Direct;

beforeAll(async () => {
  hospital = await startTestHospital();
  await setScene(hospital);
  nurse = await signedIn(hospital, accountOf("Nurse"));
  auditor = await signedIn(hospital, accountOf("Auditor"));
  direct = await connectDirectly(hospital);
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});
beforeEach(async () => {
  // What one test did an hour ago must not count in the next.
  await hospital.owner(
    "UPDATE private.alert SET handled_at = now(), last_at = last_at - interval '2 days' WHERE handled_at IS NULL",
  );
  await hospital.owner("ALTER TABLE private.audit_entry DISABLE TRIGGER append_only");
  await hospital.owner("UPDATE private.audit_entry SET at = at - interval '2 days'");
  await hospital.owner("ALTER TABLE private.audit_entry ENABLE TRIGGER append_only");
});

interface Found {
  readonly rule: string;
  readonly staff: string | null;
  readonly patients: number;
  readonly severity: string;
  readonly count: number | null;
}

async function open(): Promise<Found[]> {
  const { rows } = await hospital.owner(
    `SELECT rule, staff_id AS staff, cardinality(patient_ids) AS patients, severity, (detail ->> 'count')::int AS count
       FROM private.alert WHERE handled_at IS NULL ORDER BY rule`,
  );
  return rows as unknown as Found[];
}
const rules = async () => (await open()).map(({ rule }) => rule);

/** Patients made for one test, with numbers of its choice, on a ward. */
async function patients(
  numbers: readonly string[],
  name: readonly [given: string, family: string] = ["Test", "Person"],
) {
  for (const [at, number] of numbers.entries()) {
    const id = randomUUID();
    await hospital.owner(
      `INSERT INTO hospital.patient (id, patient_number, family_name, given_name, gender, birth_year) VALUES ($1, $2, $3, $4, 'unknown', 1950)`,
      [id, number, name[1], name[0]],
    );
    await hospital.owner("INSERT INTO hospital.assignment (staff_id, patient_id, reason) VALUES ('STF002', $1, $2)", [
      id,
      `test ${at}`,
    ]);
  }
}

describe("an ordinary shift", () => {
  test("a round through the own ward, with some typing errors, raises nothing", async () => {
    await nurse.call("list_ward");
    const listed = (await nurse.call("list_ward")) as { value: { patients: { patient_id: string }[] } };
    for (const { patient_id } of listed.value.patients.slice(0, 12)) {
      await nurse.call("get_patient_overview", { patient_id });
      await nurse.call("get_vital_signs", { patient_id });
      await nurse.call("get_medications", { patient_id });
    }
    await nurse.call("find_patients", { query: "ar" });
    for (const patient_id of ["FCE5", "FCE57"]) await nurse.call("get_patient_overview", { patient_id });
    expect(await rules()).toEqual([]);
  });
});

describe("rules", () => {
  test("repeated denials by role, counted on one alert", async () => {
    const billing = await signedIn(hospital, accountOf("Billing"));
    for (let times = 0; times < 4; times += 1) await billing.call("get_medications", { patient_id: "FCE57" });
    expect(await rules()).toEqual([]);
    for (let times = 0; times < 3; times += 1) await billing.call("get_medications", { patient_id: "FCE57" });
    expect(await open()).toMatchObject([{ rule: "repeated-denials", severity: "review", count: 7 }]);
    const { rows } = await hospital.owner("SELECT repeats FROM private.alert WHERE handled_at IS NULL");
    expect(rows[0]?.["repeats"]).toBe(3);
  });

  test("patients of other wards, of whom the person learns nothing", async () => {
    const { rows } = await hospital.owner(
      `SELECT p.patient_number AS number FROM hospital.patient p JOIN hospital.placement b ON b.patient_id = p.id
        WHERE b.ward_code = 'ICU' AND NOT EXISTS (SELECT FROM hospital.assignment a WHERE a.patient_id = p.id AND a.staff_id = 'STF002')
          AND NOT EXISTS (SELECT FROM hospital.appointment v WHERE v.patient_id = p.id AND v.staff_id = 'STF002') LIMIT 3`,
    );
    for (const { number } of rows as { number: string }[]) await nurse.call("get_allergies", { patient_id: number });
    expect(await open()).toMatchObject([{ rule: "off-ward", patients: 3, staff: "STF002" }]);
  });

  test("numbers tried one after the other, whoever they belong to", async () => {
    for (const patient_id of ["QQ7A1", "QQ7A2", "QQ7A3", "QQ7A4"])
      await nurse.call("get_patient_overview", { patient_id });
    expect(await rules()).not.toContain("sequential-numbers");
    await nurse.call("get_patient_overview", { patient_id: "QQ7A5" });
    expect(await open()).toContainEqual(expect.objectContaining({ rule: "sequential-numbers", severity: "urgent" }));
  });

  test("the own record, once a day and chart", async () => {
    const { rows } = await hospital.owner("SELECT name FROM hospital.staff WHERE id = 'STF002'");
    const [given, ...family] = String(rows[0]?.["name"]).split(" ");
    await patients(["QWN01"], [given as string, family.join(" ")]);
    await nurse.call("get_patient_overview", { patient_id: "QWN01" });
    await nurse.call("get_vital_signs", { patient_id: "QWN01" });
    expect(await open()).toMatchObject([{ rule: "own-record", patients: 1, staff: "STF002" }]);
  });

  test("the own record of somebody whose name has a title, and a surname of several words", async () => {
    const doctor = await signedIn(hospital, accountOf("Doctor"));
    await patients(["QTN01"], ["Craig", "Hawkins"]);
    await patients(["QTN02"], ["Anna", "van der Berg"]);
    await patients(["QTN03"], ["Anna", "Berg"]);
    await hospital.owner("UPDATE hospital.assignment SET staff_id = 'STF001' WHERE reason LIKE 'test%'");
    await doctor.call("get_patient_overview", { patient_id: "QTN01" });
    expect(await open()).toMatchObject([{ rule: "own-record", patients: 1, staff: "STF001" }]);
    await hospital.owner("UPDATE hospital.staff SET name = 'Prof. Dr. Piet van der Berg' WHERE id = 'STF001'");
    await doctor.call("get_patient_overview", { patient_id: "QTN02" });
    await doctor.call("get_patient_overview", { patient_id: "QTN03" });
    await hospital.owner("UPDATE hospital.staff SET name = 'Dr. Craig Hawkins' WHERE id = 'STF001'");
    const kin = (await open()).filter(({ rule }) => rule === "same-surname");
    expect(kin).toMatchObject([{ staff: "STF001", patients: 2 }]);
  });

  test("somebody with the same surname", async () => {
    const { rows } = await hospital.owner("SELECT name FROM hospital.staff WHERE id = 'STF002'");
    await patients(["QSN01"], ["Somebody", String(rows[0]?.["name"]).split(" ").at(-1) as string]);
    await nurse.call("get_medications", { patient_id: "QSN01" });
    expect(await open()).toMatchObject([{ rule: "same-surname", patients: 1 }]);
  });

  test("more than a hundred charts in an hour, whatever door they were opened by", async () => {
    // Far apart, so that it is the number of charts that counts.
    const numbers = Array.from({ length: 101 }, (_, at) => `V${(at * 37 + 40_000).toString(36).toUpperCase()}9`);
    await patients(numbers);
    const session = await signInDirectly(direct, accountOf("Nurse"));
    const announce = (number: string) =>
      direct.rows("SELECT * FROM api.announce($1, 'get_patient_overview', $2)", [
        session.token,
        { patient: number, via: "client" },
      ]);
    for (const number of numbers.slice(0, 100)) await announce(number);
    // The same charts once more are no more charts.
    for (const number of numbers.slice(0, 5)) await announce(number);
    expect(await rules()).not.toContain("many-patients");
    // A search that finds one patient is no look at the chart.
    await direct.rows("SELECT * FROM api.announce($1, 'find_patients', $2)", [session.token, { query: numbers[100] }]);
    await announce(numbers[100] as string);
    const [alert] = (await open()).filter(({ rule }) => rule === "many-patients");
    expect(alert).toMatchObject({ severity: "urgent", staff: "STF002", count: 101, patients: 101 });
  });

  test("wrong passwords for one account, and for many names; what was typed as a name is not repeated", async () => {
    const wrong = async (username: string) => {
      const [begun] = await direct.rows("SELECT api.begin_sign_in($1, $2, $3) AS attempt", [
        username,
        Buffer.alloc(32),
        "night desk",
      ]);
      await direct.rows("SELECT * FROM api.finish_sign_in($1)", [begun?.["attempt"]]);
    };
    for (let times = 0; times < 5; times += 1) await wrong("hunter2-typed-as-name");
    expect(await rules()).toEqual(["sign-in-failures"]);
    for (let name = 0; name < 8; name += 1) await wrong(`name-${name}`);
    expect(await rules()).toContain("password-spraying");
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS told FROM private.alert WHERE row_to_json(alert)::text LIKE '%hunter2%'",
    );
    expect(rows[0]?.["told"]).toBe(0);
  });

  test("a rule that the owner took away is not watched", async () => {
    await hospital.owner("DELETE FROM private.watch_rule WHERE rule = 'sequential-numbers'");
    for (let at = 1; at < 8; at += 1) await nurse.call("get_patient_overview", { patient_id: `QZ7A${at}` });
    expect(await rules()).not.toContain("sequential-numbers");
    await hospital.owner("INSERT INTO private.watch_rule VALUES ('sequential-numbers', 'urgent', 5, '10 minutes')");
  });
});

describe("an alert", () => {
  async function raise(): Promise<string> {
    for (let at = 1; at < 7; at += 1) await nurse.call("get_patient_overview", { patient_id: `QY7A${at}` });
    const { rows } = await hospital.owner(
      "SELECT id FROM private.alert WHERE handled_at IS NULL AND rule = 'sequential-numbers'",
    );
    return String(rows[0]?.["id"]);
  }

  test("is in the audit in the transaction of the access that raised it", async () => {
    const alert = await raise();
    const { rows } = await hospital.owner(
      "SELECT a.xid = e.xid AS together FROM private.audit_entry a, private.audit_entry e WHERE a.action = 'ALERT_RAISED' AND a.detail ->> 'alert' = $1 AND e.detail ->> 'patient' = 'QY7A5'",
      [alert],
    );
    expect(rows).toEqual([{ together: true }]);
  });

  test("is read by who may, and by nobody else, at the door and past it", async () => {
    const alert = await raise();
    const seen = await auditor.call("get_alerts", {}, { via: "person" });
    expect(seen).toMatchObject({
      ok: true,
      value: {
        alerts: expect.arrayContaining([
          expect.objectContaining({ id: alert, staff_id: "STF002", count: expect.any(Number) }),
        ]),
      },
    });
    expect(await nurse.call("get_alerts", {}, { via: "person" })).toMatchObject({
      ok: false,
      failure: { code: "RBAC_DENIED" },
    });
    expect(await direct.rows("SELECT * FROM api.alerts")).toEqual([]);
    expect(await direct.refusal("SELECT * FROM private.alert")).toBe("42501");
  });

  test("is judged once, by somebody else, with a verdict that stays", async () => {
    const alert = await raise();
    const judge = (by: SignedIn, verdict: "expected" | "misuse") =>
      handleAlert(hospital.database, by.session.databaseToken(), { alert, verdict, note: "asked on the ward" });
    await expect(judge(nurse, "expected")).rejects.toMatchObject({
      failure: { code: "RBAC_DENIED" } satisfies Partial<Refusal["failure"]>,
    });
    await judge(auditor, "expected");
    // The answer may have been lost on its way: the same words again are the same act.
    await judge(auditor, "expected");
    await expect(judge(auditor, "misuse")).rejects.toMatchObject({ failure: { code: "INVALID_INPUT" } });
    const { rows } = await hospital.owner("SELECT verdict, note, handled_by_id FROM private.alert WHERE id = $1", [
      alert,
    ]);
    expect(rows).toEqual([{ verdict: "expected", note: "asked on the ward", handled_by_id: "STF006" }]);
    const { rows: told } = await hospital.owner(
      "SELECT outcome, detail ->> 'verdict' AS verdict FROM private.audit_entry WHERE action = 'ALERT_HANDLED' ORDER BY sequence",
    );
    expect(told).toEqual([
      { outcome: "granted", verdict: "expected" },
      { outcome: "HANDLED_ALREADY", verdict: null },
    ]);
  });

  test("about oneself is judged by somebody else", async () => {
    for (let at = 1; at < 7; at += 1) await auditor.call("get_patient_overview", { patient_id: `QX7A${at}` });
    const { rows } = await hospital.owner(
      "SELECT id FROM private.alert WHERE handled_at IS NULL AND staff_id = 'STF006'",
    );
    await expect(
      handleAlert(hospital.database, auditor.session.databaseToken(), {
        alert: String(rows[0]?.["id"]),
        verdict: "expected",
        note: "",
      }),
    ).rejects.toMatchObject({ failure: { code: "INVALID_INPUT" } });
  });

  test("that does not exist is not found, and an invented verdict is refused", async () => {
    const token = auditor.session.databaseToken();
    await expect(
      handleAlert(hospital.database, token, { alert: randomUUID(), verdict: "expected", note: "" }),
    ).rejects.toMatchObject({
      failure: { code: "ALERT_NOT_FOUND" },
    });
    const alert = await raise();
    for (const verdict of ["harmless", null])
      expect(await direct.rows("SELECT api.handle_alert($1, $2, $3, '') AS said", [token, alert, verdict])).toEqual([
        { said: "INVALID_INPUT" },
      ]);
    expect(await direct.rows("SELECT api.handle_alert($1, $2, 'expected', '') AS said", [token, randomUUID()])).toEqual(
      [{ said: "ALERT_NOT_FOUND" }],
    );
    const { rows: refusals } = await hospital.owner(
      "SELECT outcome FROM private.audit_entry WHERE action = 'ALERT_HANDLED' AND outcome <> 'granted' AND at > clock_timestamp() - interval '1 hour' ORDER BY sequence DESC LIMIT 3",
    );
    expect(refusals).toEqual([
      { outcome: "ALERT_NOT_FOUND" },
      { outcome: "INVALID_INPUT" },
      { outcome: "INVALID_INPUT" },
    ]);
  });
});
