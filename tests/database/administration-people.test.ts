import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { admin, ownerUrl } from "../support/admin-desk";
import { demoPassword } from "../support/demo-password";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { enrol } from "../support/second-factor";

let hospital: TestHospital;
let direct: Direct;
let environment: Record<string, string>;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  environment = { LAMPLIGHT_OWNER_URL: ownerUrl(hospital.cluster.owner) };
});
beforeEach(async () => {
  await hospital.owner("DELETE FROM private.sign_in_counter");
  await hospital.owner("DELETE FROM private.totp_factor");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const people = (words: string, secrets: Record<string, string> = {}) =>
  admin(["people", ...words.split(" ")], { ...environment, ...secrets });
const lastAct = async (action: string) =>
  (
    await hospital.owner(
      "SELECT staff_id, outcome, detail FROM private.audit_entry WHERE action = $1 ORDER BY at DESC LIMIT 1",
      [action],
    )
  ).rows[0];
const own = "a red umbrella over the canal";

test("an only Admin whose device is lost signs in again after IT took the second factor away", async () => {
  const session = await signInDirectly(direct, "demo_admin");
  await enrol(direct, session, "demo_admin");
  const stranger = (await signedIn(hospital, "demo_nurse")).session;
  await stranger.signOut();
  expect(await stranger.signIn("demo_admin", demoPassword)).toEqual({ step: "code" });
  await stranger.cancelSignIn();
  expect(await people("reset-second-factor --username demo_admin")).toMatchObject({ code: 0 });
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [session.token])).toBe("28000");
  expect(await stranger.signIn("demo_admin", demoPassword)).toEqual({ step: "done" });
  expect(await lastAct("SECOND_FACTOR_CHANGED")).toEqual({
    staff_id: null,
    outcome: "granted",
    detail: { of: "STF003", step: "reset" },
  });
  expect(await people("reset-second-factor --username demo_admin")).toMatchObject({ code: 1 });
  expect(await people("reset-second-factor --username nobody")).toMatchObject({
    code: 1,
    error: expect.stringContaining("nobody with this user name"),
  });
});

test("a disabled account opens again, also of the only Admin", async () => {
  await hospital.owner("UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE username = 'demo_admin'");
  expect(await people("enable --username demo_admin")).toMatchObject({ code: 0, out: "demo_admin can sign in." });
  await signInDirectly(direct, "demo_admin");
  expect(await lastAct("ACCOUNT_CHANGED")).toMatchObject({ detail: { of: "STF003", change: "enabled" } });
});

test("a lost password of an Admin takes somebody who holds the field key, and their word is counted and proved", async () => {
  expect(await people("reset-password --username demo_admin")).toMatchObject({
    code: 1,
    error: expect.stringContaining("--holder"),
  });
  for (const [holder, password] of [
    ["demo_doctor", "not the password"],
    ["demo_nurse", demoPassword],
  ] as const)
    expect(
      await people(`reset-password --username demo_admin --holder ${holder}`, { LAMPLIGHT_PASSWORD: password }),
    ).toMatchObject({ code: 1, out: "" });
  await signInDirectly(direct, "demo_admin");
  const doctor = await signInDirectly(direct, "demo_doctor");
  const { authenticator } = await enrol(direct, doctor, "demo_doctor");
  const words = "reset-password --username demo_admin --holder demo_doctor";
  expect(await people(words, { LAMPLIGHT_PASSWORD: demoPassword })).toMatchObject({ code: 1, out: "" });
  const answer = await people(words, { LAMPLIGHT_PASSWORD: demoPassword, LAMPLIGHT_CODE: authenticator.code() });
  const [, temporary = ""] = /: (\S+)$/u.exec(answer.out) ?? [];
  expect(answer.code).toBe(0);
  const { session } = await signedIn(hospital, "demo_reception");
  await session.signOut();
  expect(await session.signIn("demo_admin", temporary)).toMatchObject({ step: "password-change" });
  expect(await session.choosePassword(own)).toEqual({ step: "done" });
  const again = await signedIn(hospital, "demo_admin", own);
  expect(await again.call("get_patient_phi", { patient_id: "FCE57" })).toMatchObject({ ok: true });
  expect(await lastAct("ACCOUNT_CHANGED")).toMatchObject({
    staff_id: "STF001",
    detail: { of: "STF003", change: "password reset" },
  });
  const { rows } = await hospital.owner("SELECT detail::text AS said FROM private.audit_entry");
  expect(JSON.stringify(rows)).not.toContain(temporary);
});

test("a nurse's needs nobody: there is no field key to hand on", async () => {
  const answer = await people("reset-password --username demo_nurse");
  const [, temporary = ""] = /: (\S+)$/u.exec(answer.out) ?? [];
  const { session } = await signedIn(hospital, "demo_reception");
  await session.signOut();
  expect(await session.signIn("demo_nurse", temporary)).toMatchObject({ step: "password-change" });
  expect(await session.choosePassword(own)).toEqual({ step: "done" });
});
