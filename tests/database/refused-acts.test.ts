import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admitPatient, freeBeds, importPatient } from "../../electron/records/registration";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());

/** What the last entry of a person's own chain says. */
async function lastEntry(sessionId: string): Promise<unknown> {
  const { rows } = await hospital.owner(
    "SELECT action, tool, outcome FROM private.audit_entry WHERE chain_id = $1 ORDER BY sequence DESC LIMIT 1",
    [sessionId],
  );
  return rows[0];
}

async function sessionOf(username: string): Promise<string> {
  const { rows } = await hospital.owner(
    "SELECT s.id FROM private.session s JOIN hospital.staff m ON m.id = s.staff_id WHERE m.username = $1 ORDER BY s.started_at DESC LIMIT 1",
    [username],
  );
  return String(rows[0]?.["id"]);
}

test("arguments that a tool does not take are refused before anything is looked up, and the attempt is in the audit", async () => {
  const nurse = await signedIn(hospital, "demo_nurse");
  const answer = await nurse.call("get_allergies", { patient_id: "FCE57", also: "6VCB8" });
  expect(answer).toMatchObject({ ok: false, failure: { code: "INVALID_INPUT" } });
  expect(await lastEntry(await sessionOf("demo_nurse"))).toEqual({
    action: "ACCESS_DENIED",
    tool: "get_allergies",
    outcome: "INVALID_INPUT",
  });
});

test("a nurse who tries to admit, to look for free beds or to import is refused, and each attempt is in the audit", async () => {
  const nurse = await signedIn(hospital, "demo_nurse");
  const token = nurse.session.databaseToken();
  const sessionId = await sessionOf("demo_nurse");
  const admission = { submission: randomUUID(), patient_id: "FCE57", ward: "5A", bed: "15", reason: "" };
  const attempts = {
    admit_patient: () => admitPatient(hospital.database, token, admission),
    import_patients: () => importPatient(hospital.database, token, { patient: { id: randomUUID() } }),
  };
  await expect(freeBeds(hospital.database, token)).rejects.toMatchObject({ failure: { code: "RBAC_DENIED" } });
  expect(await lastEntry(sessionId)).toMatchObject({ tool: "admit_patient", outcome: "RBAC_DENIED" });
  for (const [tool, attempt] of Object.entries(attempts)) {
    await expect(attempt()).rejects.toMatchObject({ failure: { code: "RBAC_DENIED" } });
    expect(await lastEntry(sessionId)).toEqual({ action: "ACCESS_DENIED", tool, outcome: "RBAC_DENIED" });
  }
});
