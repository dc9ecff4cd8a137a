import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import type { Database } from "../../electron/database/pool";
import { createDoor } from "../../electron/tools/execute-tool";
import { announce, connectDirectly, type Direct } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/** What happens between the announcement and the last row: an empty answer then would be a lie about the patient. */
let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let nurse: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
});
beforeEach(async () => {
  nurse = await signedIn(hospital, accountOf("Nurse"));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const nurseTools = [
  "get_medical_records",
  "get_vital_signs",
  "get_medications",
  "get_allergies",
  "get_treatment_plans",
  "get_appointments",
  "get_admissions",
  "get_patient_overview",
  "get_patient_phi",
] as const;

/** The door of the app over a database in which something happens just before a request reads. */
async function callWhile(tool: string, happens: () => Promise<unknown>) {
  const slow: Database = {
    ...hospital.database,
    request: (token, announcement, work) =>
      hospital.database.request(token, announcement, async (query) => {
        await query("SELECT 1");
        await happens();
        return work(query);
      }),
  };
  const { session } = nurse;
  const door = createDoor({ session, database: slow, clock: systemClock, logUnexpected: (_, error) => String(error) });
  return door.executeNamed(
    tool,
    { patient_id: scene.ours.number },
    { accessToken: await session.accessToken(), audience: "person", via: "person" },
  );
}

const own = "WHERE id = (SELECT id FROM private.session WHERE staff_id = 'STF002' ORDER BY started_at DESC LIMIT 1)";
const endings: Readonly<Record<string, readonly [() => Promise<unknown>, string]>> = {
  "the session is revoked": [
    () => hospital.owner(`UPDATE private.session SET ended_at = now() ${own}`),
    "SESSION_EXPIRED",
  ],
  "the session idles out": [
    () => hospital.owner(`UPDATE private.session SET last_seen = now() - interval '16 minutes' ${own}`),
    "SESSION_EXPIRED",
  ],
  "the announcement expires": [
    () => hospital.owner("UPDATE private.announcement SET expires_at = now()"),
    "DATABASE_UNAVAILABLE",
  ],
};

describe.each(Object.entries(endings))("when %s while a chart is read", (_, [happens, code]) => {
  test.each(nurseTools)("%s is refused, not answered as empty", async (tool) => {
    const outcome = await callWhile(tool, happens);
    expect(outcome).toMatchObject({ ok: false, failure: { code } });
  });
});

test("a ward list is not told as empty when the session ends under it", async () => {
  const { announcement } = await announce(direct, nurse.session.databaseToken(), "list_ward");
  const asked = hospital.database.request(nurse.session.databaseToken(), String(announcement), async (query) => {
    await hospital.owner(`UPDATE private.session SET ended_at = now() ${own}`);
    return query("SELECT * FROM api.patient_overview");
  });
  await expect(asked).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });
});

test("when the patient leaves the care team while the chart is read, every tool answers as for no such patient", async () => {
  for (const table of ["assignment", "shift"])
    await hospital.owner(
      `CREATE TABLE public.${table}_kept AS SELECT * FROM hospital.${table} WHERE staff_id = 'STF002'`,
    );
  const leave = async () => {
    for (const table of ["assignment", "shift"])
      await hospital.owner(`DELETE FROM hospital.${table} WHERE staff_id = 'STF002'`);
  };
  for (const tool of nurseTools) {
    for (const table of ["assignment", "shift"])
      await hospital.owner(`INSERT INTO hospital.${table} SELECT * FROM public.${table}_kept ON CONFLICT DO NOTHING`);
    expect(await callWhile(tool, leave), tool).toMatchObject({ ok: false, failure: { code: "PATIENT_NOT_FOUND" } });
  }
  for (const table of ["assignment", "shift"])
    await hospital.owner(
      `INSERT INTO hospital.${table} SELECT * FROM public.${table}_kept ON CONFLICT DO NOTHING; DROP TABLE public.${table}_kept`,
    );
});

test("a request that was open when its session was locked stays empty after the unlock", async () => {
  const { session } = nurse;
  const { announcement } = await announce(direct, session.databaseToken(), "get_medications", {
    patient: scene.ours.number,
  });
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [session.databaseToken(), announcement]);
  expect((await direct.rows("SELECT * FROM api.medications")).length).toBeGreaterThan(0);
  session.lock("person");
  await expect.poll(() => direct.rows("SELECT * FROM api.medications")).toEqual([]);
  await session.unlock("DemoPass123!");
  expect(await direct.rows("SELECT * FROM api.medications")).toEqual([]);
  await direct.rows("COMMIT");
  expect((await nurse.call("get_medications", { patient_id: scene.ours.number })).ok).toBe(true);
});
