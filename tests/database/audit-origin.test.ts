import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry } from "../../shared/tools/audit-tools";
import { announceAndRead, connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

/** Every entry says from which workstation, which address and which version of the app it came, or that nobody knows. */
let hospital: TestHospital;
let direct: Direct;
let auditor: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  auditor = await signedIn(hospital, accountOf("Auditor"));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const here = { workstation: "test workstation", address: "127.0.0.1", app_version: "0.0.0" };
async function trail(person: SignedIn, tool: string, filter: object = {}): Promise<AuditEntry[]> {
  const outcome = await person.call(tool, { limit: 500, ...filter }, { via: "person" });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return (outcome.value as { entries: AuditEntry[] }).entries;
}

test("a shift from sign-in to sign-out, and a refusal in it, in the own history and in the whole trail", async () => {
  const nurse = await signedIn(hospital, accountOf("Nurse"));
  const { session } = nurse;
  await nurse.call("get_vital_signs", { patient_id: "FCE57" });
  await nurse.call("get_patient_phi", { patient_id: "FCE57" });
  await nurse.call("get_audit_trail");
  session.lock("person");
  await session.unlock("DemoPass123!");
  // The demo hospital came with a history of its own.
  const own = await trail(nurse, "get_my_access_history", { workstation: here.workstation });
  await session.signOut();
  const all = await trail(auditor, "get_audit_trail", { staff_id: "STF002", workstation: here.workstation });
  for (const [entries, actions] of [
    [own, ["LOGIN", "LOCK", "UNLOCK", "PHI_ACCESS", "TOOL_CALL", "ACCESS_DENIED", "AUDIT_READ"]],
    [all, ["LOGIN", "LOGOUT", "LOCK", "UNLOCK", "PHI_ACCESS", "TOOL_CALL", "ACCESS_DENIED", "AUDIT_READ"]],
  ] as const)
    for (const action of actions) {
      const found = entries.filter((entry) => entry.action === action);
      expect(found.length, action).toBeGreaterThan(0);
      for (const entry of found) expect(entry, action).toMatchObject(here);
    }
});

test("what happens without a session says what the workstation said", async () => {
  await direct.rows("SELECT api.begin_sign_in('nobody_here', $1, 'night desk', '10.0.0.7', '9.9.9')", [
    Buffer.alloc(32),
  ]);
  const [tried] = await trail(auditor, "get_audit_trail", { action: "LOGIN_ATTEMPT", workstation: "night desk" });
  expect(tried).toMatchObject({ workstation: "night desk", address: "10.0.0.7", app_version: "9.9.9", session: null });
  const [told] = await trail(auditor, "get_audit_trail", { action: "HOSPITAL_LOADED" });
  expect(told).toMatchObject({ address: null, app_version: null });
});

test("who ends somebody's session from elsewhere is not said to have been where that session was", async () => {
  const nurse = await signInDirectly(direct, accountOf("Nurse"));
  const admin = await signedIn(hospital, accountOf("Admin"));
  const ended = await direct.rows("SELECT api.end_sessions($1, 'STF002', $2, 'left it open') AS said", [
    admin.session.databaseToken(),
    nurse.id,
  ]);
  expect(ended).toEqual([{ said: { outcome: "granted", ended: 1 } }]);
  const [revoked] = await trail(auditor, "get_audit_trail", { action: "SESSION_REVOKED", session: nurse.id });
  expect(revoked).toMatchObject({
    staff_id: "STF003",
    session: nurse.id,
    workstation: here.workstation,
    address: null,
  });
});

test("one's own history opens nobody else's sessions, and the login none at all", async () => {
  const nurse = await signInDirectly(direct, accountOf("Nurse"));
  await signInDirectly(direct, accountOf("Doctor"));
  const rows = await announceAndRead(
    direct,
    nurse.token,
    "get_my_access_history",
    {},
    "SELECT DISTINCT staff_id, address FROM api.audit_trail WHERE address IS NOT NULL",
  );
  expect(rows).toEqual([{ staff_id: "STF002", address: "127.0.0.1" }]);
  expect(await direct.refusal("SELECT address FROM private.session")).toBe("42501");
});
