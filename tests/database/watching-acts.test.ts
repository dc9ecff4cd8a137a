import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exportAudit } from "../../electron/audit/export-audit";
import { createPeople } from "../../electron/records/people";
import { giveAccount } from "../../electron/session/given-account";
import type { Role } from "../../shared/access/roles";
import type { Alert } from "../../shared/alerts/alert";
import { admin as command, ownerUrl } from "../support/admin-desk";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { enrol } from "../support/second-factor";

/** Rules over acts that are rare: the audit leaves the app, and somebody's sign-in is reset; and two that only count. */
let hospital: TestHospital;
let direct: Direct;
let admin: SignedIn;
let auditor: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  admin = await signedIn(hospital, accountOf("Admin"));
  auditor = await signedIn(hospital, accountOf("Auditor"));
});
beforeEach(() => hospital.owner("UPDATE private.alert SET handled_at = now() WHERE handled_at IS NULL"));
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

/** The open alerts of a rule, as an Auditor reads them. */
async function open(rule: string): Promise<Alert[]> {
  const answer = (await auditor.call("get_alerts", { state: "open" })) as { value: { alerts: Alert[] } };
  return answer.value.alerts.filter((alert) => alert.rule === rule);
}

describe("the audit leaves the app", () => {
  async function exported(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "lamplight-export-"));
    try {
      const report = await exportAudit({
        database: hospital.database,
        token: () => auditor.session.databaseToken(),
        staffId: auditor.session.person().staffId,
        format: "json-lines",
        filter: {},
        path: join(folder, "audit.jsonl"),
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      expect(report.outcome).toBe("saved");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test("once a day is nothing to ask about, the second time is, and the third is told on the same alert", async () => {
    await exported();
    expect(await open("bulk-export")).toEqual([]);
    await exported();
    expect(await open("bulk-export")).toMatchObject([
      { severity: "urgent", staff_id: "STF006", count: 2, minutes: 1440, repeats: 1, about_staff_id: null },
    ]);
    await exported();
    expect(await open("bulk-export")).toMatchObject([{ count: 3, repeats: 2 }]);
  });
});

describe("somebody's sign-in is reset", () => {
  const people = () => createPeople(hospital.database);
  async function resetPassword(staffId: string, role: Role): Promise<void> {
    const { session } = admin;
    const given = { token: session.databaseToken(), fieldKeys: session.heldFieldKeys() };
    const account = await giveAccount(hospital.database.statement, given, { staffId, role });
    await people().resetPassword(session.databaseToken(), staffId, "forgotten", account);
  }
  const resetSecondFactor = (staffId: string) =>
    people().resetSecondFactor(admin.session.databaseToken(), staffId, "lost");

  test("its password or its second factor alone, or one each of two people, raises nothing", async () => {
    await resetPassword("STF002", "Nurse");
    await resetPassword("STF002", "Nurse");
    await resetSecondFactor("STF005");
    await resetSecondFactor("STF005");
    expect(await open("both-factors-reset")).toEqual([]);
  });

  test("both of one person, in either order: one alert each that names whose sign-in it was and who did it", async () => {
    await resetSecondFactor("STF002");
    await resetPassword("STF005", "Reception");
    const alerts = await open("both-factors-reset");
    expect(alerts).toHaveLength(2);
    for (const about of [
      { about_staff_id: "STF002", about_staff_name: "Sarah Johnson" },
      { about_staff_id: "STF005", about_staff_name: "Amy Fletcher" },
    ])
      expect(alerts).toContainEqual(
        expect.objectContaining({ ...about, staff_id: "STF003", severity: "urgent", session_open: true, patients: 0 }),
      );
    // What the alert has counted is told; one more alone is no second alert, both again are.
    await resetPassword("STF002", "Nurse");
    expect(await open("both-factors-reset")).toHaveLength(2);
    await resetSecondFactor("STF002");
    expect(await open("both-factors-reset")).toHaveLength(3);
  });

  test("whoever did both cannot judge the alert about it; somebody else can", async () => {
    await resetPassword("STF004", "Billing");
    await resetSecondFactor("STF004");
    const [alert] = await open("both-factors-reset");
    const judge = async (person: SignedIn) =>
      (
        await direct.rows("SELECT api.handle_alert($1, $2, 'expected', 'a new phone') AS said", [
          person.session.databaseToken(),
          alert?.id,
        ])
      )[0]?.["said"];
    expect(await judge(admin)).toBe("OWN_ALERT");
    expect(await judge(auditor)).toBe("granted");
  });

  test("what was refused, and a reset that lies a fortnight back, do not count", async () => {
    const doctor = await signInDirectly(direct, accountOf("Doctor"));
    for (const act of [
      "api.reset_password($1, 'STF006', 'because', '{}', '[]')",
      "api.reset_second_factor($1, 'STF006', 'because')",
    ])
      expect(await direct.rows(`SELECT ${act} AS said`, [doctor.token])).toEqual([{ said: "RBAC_DENIED" }]);
    await resetSecondFactor("STF001");
    await hospital.owner("ALTER TABLE private.audit_entry DISABLE TRIGGER append_only");
    await hospital.owner(
      "UPDATE private.audit_entry SET at = at - interval '14 days' WHERE action = 'SECOND_FACTOR_CHANGED' AND detail ->> 'of' = 'STF001'",
    );
    await hospital.owner("ALTER TABLE private.audit_entry ENABLE TRIGGER append_only");
    await resetPassword("STF001", "Doctor");
    expect(await open("both-factors-reset")).toEqual([]);
    await resetSecondFactor("STF001");
    expect(await open("both-factors-reset")).toMatchObject([{ about_staff_id: "STF001" }]);
  });

  test("by the owner's command too, where nobody is signed in", async () => {
    const environment = { LAMPLIGHT_OWNER_URL: ownerUrl(hospital.cluster.owner) };
    const session = await signInDirectly(direct, "demo_admin");
    await enrol(direct, session, "demo_admin");
    expect(await command(["people", "reset-second-factor", "--username", "demo_admin"], environment)).toMatchObject({
      code: 0,
    });
    // The Admin's sessions are over, and so is the one of this file.
    await hospital.owner(
      "SELECT private.append_audit('00000000-0000-0000-0000-000000000000', NULL, NULL, NULL, 'ACCOUNT_CHANGED', NULL, 'granted', '{}', 'desk', $1)",
      [JSON.stringify({ of: "STF003", change: "password reset" })],
    );
    expect(await open("both-factors-reset")).toMatchObject([
      { staff_id: null, staff_name: null, about_staff_id: "STF003", session_open: false, workstation: "desk" },
    ]);
  });
});

describe("rules that only count", () => {
  const atMost = (rule: string, threshold: number) =>
    hospital.owner("UPDATE private.watch_rule SET threshold = $2 WHERE rule = $1", [rule, threshold]);

  test("more search results in an hour than a person needs", async () => {
    await atMost("many-search-hits", 30);
    const { rows } = await hospital.owner("SELECT DISTINCT left(search_family, 2) AS letters FROM hospital.patient");
    for (const { letters } of rows) await auditor.call("find_patients", { query: String(letters) });
    // Every tenth entry of a session is looked at for this.
    for (let asked = 0; asked < 10; asked += 1) await auditor.call("get_my_shifts", {});
    const [alert] = await open("many-search-hits");
    expect(alert).toMatchObject({ severity: "review", staff_id: "STF006" });
    expect(alert?.count).toBeGreaterThanOrEqual(30);
  });

  test("more requests than a person can make", async () => {
    await atMost("request-rate", 40);
    for (let asked = 0; asked < 60; asked += 1) await auditor.call("get_my_shifts", {});
    expect(await open("request-rate")).toMatchObject([{ severity: "review", staff_id: "STF006" }]);
  });
});
