import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createPeople } from "../../electron/records/people";
import { giveAccount } from "../../electron/session/given-account";
import type { Session } from "../../electron/session/session";
import type { Role } from "../../shared/access/roles";
import { demoPassword } from "../support/demo-password";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { columns } from "../support/product-table";
import { authenticatorOf, awayFromTheEdge, enrol } from "../support/second-factor";

let hospital: TestHospital;
let direct: Direct;
let admin: Session;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
beforeEach(async () => {
  await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL WHERE username LIKE 'demo\\_%'");
  await hospital.owner("DELETE FROM private.sign_in_rule");
  await hospital.owner("DELETE FROM private.sign_in_counter");
  admin = (await signedIn(hospital, "demo_admin")).session;
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const people = () => createPeople(hospital.database);
const own = "a red umbrella over the canal";
const lastOf = async (action: string) =>
  (
    await hospital.owner(
      "SELECT staff_id, role, outcome, detail FROM private.audit_entry WHERE action = $1 ORDER BY at DESC, sequence DESC LIMIT 1",
      [action],
    )
  ).rows[0];
const given = (person: { staffId: string; role: Role }) =>
  giveAccount(hospital.database.statement, { token: admin.databaseToken(), fieldKeys: admin.heldFieldKeys() }, person);
async function add(staffId: string, username: string, role: Role) {
  const person = { staffId, username, name: `New ${role}`, role, department: "Internal Medicine" };
  const account = await given(person);
  await people().add(admin.databaseToken(), person, account);
  return account.temporaryPassword;
}

test("only an Admin manages people: every function refuses everybody else by the same answer, and writes it down", async () => {
  const credential = JSON.stringify({});
  for (const role of columns.filter((one) => one !== "Admin")) {
    const { token, id } = await signInDirectly(direct, accountOf(role));
    const calls = [
      "api.people($1)",
      "api.person_sessions($1, 'STF002')",
      "api.end_sessions($1, 'STF002', NULL, 'because')",
      "api.disable_person($1, 'STF002', 'because')",
      "api.enable_person($1, 'STF002')",
      `api.add_person($1, '{"staffId": "STF900"}', '${credential}', '[]')`,
      `api.reset_password($1, 'STF002', 'because', '${credential}', '[]')`,
      "api.reset_second_factor($1, 'STF002', 'because')",
      "api.sign_in_rules($1)",
      `api.change_sign_in_rule($1, '{"role": "Nurse", "secondFactor": "optional", "badge": "off"}')`,
    ];
    for (const call of calls) {
      const [row] = await direct.rows(`SELECT to_jsonb(${call}) AS answer`, [token]);
      expect(JSON.stringify(row?.["answer"]), `${role}: ${call}`).toMatch(
        /^("RBAC_DENIED"|\{"outcome":"RBAC_DENIED"\})$/,
      );
    }
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM private.audit_entry WHERE chain_id = $1 AND action = 'ACCESS_DENIED' AND outcome = 'RBAC_DENIED'",
      [id],
    );
    expect(rows[0]?.["n"], role).toBe(calls.length);
  }
  expect((await hospital.owner("SELECT FROM hospital.staff WHERE disabled_at IS NOT NULL")).rows).toEqual([]);
});

test("the list tells of accounts what an Admin needs, and of nobody's secrets", async () => {
  await signInDirectly(direct, "demo_nurse");
  for (let count = 0; count < 5; count += 1) await direct.rows("SELECT api.begin_sign_in('demo_billing', '\\x00')");
  const list = await people().list(admin.databaseToken());
  expect(list.find(({ username }) => username === "demo_nurse")).toMatchObject({
    staffId: "STF002",
    role: "Nurse",
    disabledAt: null,
    lockedUntil: null,
    secondFactor: false,
    hasPassword: true,
    mustChangePassword: false,
  });
  expect(list.find(({ username }) => username === "demo_nurse")?.openSessions).toBeGreaterThan(0);
  expect(list.find(({ username }) => username === "demo_billing")?.lockedUntil).not.toBeNull();
  expect(JSON.stringify(list)).not.toMatch(/salt|verifier|secret|token/i);
  const sessions = await people().sessions(admin.databaseToken(), "STF003");
  expect(sessions.filter(({ current }) => current)).toHaveLength(1);
  // Looking at accounts is written down like every other look.
  const { rows } = await hospital.owner(
    "SELECT tool, detail FROM private.audit_entry WHERE action = 'ACCESS_GRANTED' AND tool LIKE 'list\\_%' ORDER BY at DESC LIMIT 2",
  );
  expect(rows).toEqual([
    { tool: "list_sessions", detail: { of: "STF003" } },
    { tool: "list_people", detail: {} },
  ]);
});

test.each(columns)(
  "a new %s signs in with the temporary password, must choose an own one, and holds the keys of the role",
  async (role) => {
    const username = `new_${role.toLowerCase()}`;
    const temporary = await add(`NEW-${role}`, username, role);
    expect(await lastOf("STAFF_ADDED")).toMatchObject({
      staff_id: "STF003",
      outcome: "granted",
      detail: { of: `NEW-${role}`, role },
    });
    const flow = (await signedIn(hospital, "demo_reception")).session;
    await flow.signOut();
    expect(await flow.signIn(username, temporary)).toEqual({ step: "password-change", username });
    expect(flow.kind).toBe("signed-out");
    expect(() => flow.databaseToken()).toThrow();
    for (const refused of ["short", temporary, "password123456789", `${username} ${username}`])
      await expect(flow.choosePassword(refused), refused).rejects.toMatchObject({
        failure: { code: "PASSWORD_REFUSED" },
      });
    expect(await flow.choosePassword(own)).toEqual({ step: "done" });
    expect(flow.person()).toMatchObject({ staffId: `NEW-${role}`, role });
    expect(flow.fieldKey()?.id).toBe(["Nurse", "Reception"].includes(role) ? undefined : admin.fieldKey()?.id);
    await flow.signOut();
    // From now on the own password is all that works.
    expect(await flow.signIn(username, own)).toEqual({ step: "done" });
    await flow.signOut();
    await expect(flow.signIn(username, temporary)).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  },
);

test("a doctor's new account opens identity data that was sealed before it existed", async () => {
  const temporary = await add("NEW-CHIEF", "new_chief", "Admin");
  const fresh = (await signedIn(hospital, "demo_reception")).session;
  await fresh.signOut();
  await fresh.signIn("new_chief", temporary);
  await fresh.choosePassword(own);
  await fresh.signOut();
  const chief = await signedIn(hospital, "new_chief", own);
  expect(await chief.call("get_patient_phi", { patient_id: "FCE57" })).toMatchObject({
    ok: true,
    value: { _access_level: "full" },
  });
});

test("a username or a staff id that was given before is not given again, and the same submission is one account", async () => {
  const person = {
    staffId: "NEW-TWICE",
    username: "new_twice",
    name: "Twice",
    role: "Nurse",
    department: "Ward",
  } as const;
  const account = await given(person);
  await people().add(admin.databaseToken(), person, account);
  await people().add(admin.databaseToken(), person, account);
  const refusal = async (changed: Partial<typeof person> | Record<string, string>) =>
    people()
      .add(admin.databaseToken(), { ...person, ...changed } as typeof person, await given(person))
      .then(
        () => "none",
        (error: { failure: { code: string } }) => error.failure.code,
      );
  expect(await refusal({})).toBe("USERNAME_TAKEN");
  expect(await refusal({ username: "new_other" })).toBe("STAFF_ID_TAKEN");
  expect(await refusal({ staffId: "stf002", username: "new_other" })).toBe("STAFF_ID_TAKEN");
  expect(await refusal({ staffId: "X'; --", username: "new_other" })).toBe("INVALID_INPUT");
  expect(await lastOf("STAFF_ADDED")).toMatchObject({ outcome: "INVALID_INPUT" });
  const { rows } = await hospital.owner("SELECT id FROM hospital.staff WHERE username IN ('new_twice', 'new_other')");
  expect(rows).toEqual([{ id: "NEW-TWICE" }]);
});

test("an account cannot be given keys that its role does not hold, nor be left without those it does", async () => {
  for (const [role, like] of [
    ["Nurse", "Doctor"],
    ["Doctor", "Nurse"],
  ] as const) {
    const person = {
      staffId: `NEW-BAD${role}`,
      username: `new_bad_${role.toLowerCase()}`,
      name: "Bad",
      role,
      department: "Ward",
    };
    const account = await given({ staffId: person.staffId, role: like });
    await expect(people().add(admin.databaseToken(), person, account)).rejects.toMatchObject({ code: "55000" });
  }
  expect((await hospital.owner("SELECT FROM hospital.staff WHERE id LIKE 'NEW-BAD%'")).rows).toEqual([]);
});

test("a reset password ends the sessions, opens identity data again, and leaves what the lost one sealed sealed", async () => {
  const temporary = await add("NEW-LOST", "new_lost", "Doctor");
  const person = (await signedIn(hospital, "demo_reception")).session;
  await person.signOut();
  await person.signIn("new_lost", temporary);
  await person.choosePassword(own);
  const before = { personal: person.personalKey().id, drafts: person.draftsKey().id, token: person.databaseToken() };
  const account = await given({ staffId: "NEW-LOST", role: "Doctor" });
  await people().resetPassword(admin.databaseToken(), "NEW-LOST", "forgot it", account);
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [before.token])).toBe("28000");
  expect(await lastOf("ACCOUNT_CHANGED")).toMatchObject({
    staff_id: "STF003",
    outcome: "granted",
    detail: { of: "NEW-LOST", change: "password reset", reason: "forgot it" },
  });
  person.lock("person");
  await expect(person.unlock(own)).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  await expect(person.unlock(account.temporaryPassword)).rejects.toMatchObject({
    failure: { code: "PASSWORD_CHANGE_REQUIRED" },
  });
  person.switchUser();
  expect(await person.signIn("new_lost", account.temporaryPassword)).toMatchObject({ step: "password-change" });
  expect(await person.choosePassword("the ferry leaves at quarter past")).toEqual({ step: "done" });
  expect(person.fieldKey()?.id).toBe(admin.fieldKey()?.id);
  expect(person.personalKey().id).not.toBe(before.personal);
  expect(person.draftsKey().id).not.toBe(before.drafts);
});

test("nobody disables themselves or resets their own password, and the last Admin stays", async () => {
  const token = admin.databaseToken();
  await expect(people().disable(token, "STF003", "me")).rejects.toMatchObject({ failure: { code: "INVALID_INPUT" } });
  expect(await lastOf("ACCOUNT_CHANGED")).toMatchObject({
    outcome: "OWN_ACCOUNT",
    detail: { of: "STF003", change: "disabled" },
  });
  await expect(
    people().resetPassword(token, "STF003", "me", await given({ staffId: "STF003", role: "Admin" })),
  ).rejects.toMatchObject({ failure: { code: "INVALID_INPUT" } });
  await expect(people().resetSecondFactor(token, "STF003", "me")).rejects.toMatchObject({
    failure: { code: "INVALID_INPUT" },
  });
  await expect(people().disable(token, "STF999", "who")).rejects.toMatchObject({
    failure: { code: "PERSON_NOT_FOUND" },
  });
});

test("somebody of the staff list without a password is told apart, and signs in with a first one", async () => {
  const token = admin.databaseToken();
  await hospital.owner(
    "INSERT INTO hospital.staff (id, username, name, role, department) VALUES ($1, $2, $3, $4, $5)",
    ["BARE-ADMIN", "bare_admin", "Bare Admin", "Admin", "IT"],
  );
  const bare = async () => (await people().list(token)).find(({ staffId }) => staffId === "BARE-ADMIN");
  expect(await bare()).toMatchObject({ hasPassword: false, mustChangePassword: false, lastSignInAt: null });
  const flow = (await signedIn(hospital, "demo_reception")).session;
  await flow.signOut();
  await expect(flow.signIn("bare_admin", own)).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  const account = await given({ staffId: "BARE-ADMIN", role: "Admin" });
  await people().resetPassword(token, "BARE-ADMIN", "starts today", account);
  expect(await lastOf("ACCOUNT_CHANGED")).toMatchObject({
    outcome: "granted",
    detail: { of: "BARE-ADMIN", change: "first password", reason: "starts today" },
  });
  expect(await flow.signIn("bare_admin", account.temporaryPassword)).toMatchObject({ step: "password-change" });
  expect(await flow.choosePassword("a bicycle leans on the bakery")).toEqual({ step: "done" });
  expect(flow.fieldKey()?.id).toBe(admin.fieldKey()?.id);
});

test("two Admins who disable each other at the same moment leave one", async () => {
  await hospital.owner(
    "UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE role = 'Admin' AND username NOT LIKE 'demo\\_%'",
  );
  for (let round = 0; round < 4; round += 1) {
    const id = `PAIR-${round}`;
    const username = `pair_${round}`;
    const temporary = await add(id, username, "Admin");
    const other = (await signedIn(hospital, "demo_reception")).session;
    await other.signOut();
    await other.signIn(username, temporary);
    await other.choosePassword(own);
    const outcomes = await Promise.allSettled([
      people().disable(admin.databaseToken(), id, "race"),
      people().disable(other.databaseToken(), "STF003", "race"),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM hospital.staff WHERE role = 'Admin' AND disabled_at IS NULL",
    );
    expect(rows[0]?.["n"]).toBeGreaterThanOrEqual(1);
    await hospital.owner(
      "UPDATE hospital.staff SET disabled_at = CASE WHEN id = 'STF003' THEN NULL ELSE clock_timestamp() END WHERE role = 'Admin'",
    );
    admin = (await signedIn(hospital, "demo_admin")).session;
  }
});

test("a disabled person signs in again after being enabled, and both are in the audit", async () => {
  await people().disable(admin.databaseToken(), "STF005", "long leave");
  await expect(signedIn(hospital, "demo_reception")).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  await people().enable(admin.databaseToken(), "STF005");
  await signedIn(hospital, "demo_reception");
  expect(await lastOf("ACCOUNT_CHANGED")).toMatchObject({
    outcome: "granted",
    detail: { of: "STF005", change: "enabled" },
  });
});

test("a rule that demands a second factor holds from the next sign-in on; an Admin's reset lets a lost device be replaced", async () => {
  expect(await people().rules(admin.databaseToken())).toEqual(
    [...columns].sort().map((role) => ({ role, secondFactor: "optional", badge: "with-password" })),
  );
  await people().changeRule(admin.databaseToken(), { role: "Nurse", secondFactor: "required", badge: "off" });
  expect(await lastOf("SIGN_IN_RULES_CHANGED")).toMatchObject({
    staff_id: "STF003",
    outcome: "granted",
    detail: { role: "Nurse", secondFactor: "required", badge: "off" },
  });
  const { session } = await signedIn(hospital, "demo_doctor");
  await session.signOut();
  expect(await session.signIn("demo_nurse", demoPassword)).toEqual({ step: "enrolment" });
  const { secret, uri } = await session.startEnrolment();
  expect(uri).toContain(`secret=${secret}`);
  const authenticator = authenticatorOf(secret);
  await expect(session.confirmEnrolment("000000")).rejects.toMatchObject({ failure: { code: "CODE_WRONG" } });
  // The code of the step before: the one of now is left for the next sign-in.
  await awayFromTheEdge();
  const codes = await session.confirmEnrolment(authenticator.code(-1));
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
  expect(session.kind).toBe("active");
  expect((await session.verify(await session.accessToken())).secondFactor).toBe(true);
  session.lock("person");
  await session.unlock(demoPassword);
  await session.signOut();
  expect(await session.signIn("demo_nurse", demoPassword)).toEqual({ step: "code" });
  await expect(session.verifyCode("000000")).rejects.toMatchObject({ failure: { code: "CODE_WRONG" } });
  expect(await session.verifyCode(authenticator.code())).toEqual({ step: "done" });
  // The session ends under the lock: then its unlock is a sign-in, which needs a code.
  session.lock("person");
  await people().resetSecondFactor(admin.databaseToken(), "STF002", "lost the phone");
  expect(await lastOf("SECOND_FACTOR_CHANGED")).toMatchObject({
    staff_id: "STF003",
    outcome: "granted",
    detail: { of: "STF002", step: "reset", reason: "lost the phone" },
  });
  await expect(session.unlock(demoPassword)).rejects.toMatchObject({ failure: { code: "SECOND_FACTOR_REQUIRED" } });
  await people().changeRule(admin.databaseToken(), { role: "Nurse", secondFactor: "optional", badge: "off" });
  await session.unlock(demoPassword);
  const nurse = await signInDirectly(direct, "demo_nurse");
  const again = await enrol(direct, nurse, "demo_nurse");
  session.lock("person");
  await people().endSessions(admin.databaseToken(), "STF002", undefined, "a test of the lock");
  await expect(session.unlock(demoPassword)).rejects.toMatchObject({ failure: { code: "CODE_REQUIRED" } });
  await session.unlock(demoPassword, again.authenticator.code());
  expect(session.kind).toBe("active");
  await hospital.owner("DELETE FROM private.totp_factor");
});

test("an unfinished sign-in that is left opens nothing and leaves nothing open", async () => {
  const temporary = await add("NEW-LEFT", "new_left", "Nurse");
  const { session } = await signedIn(hospital, "demo_doctor");
  await session.signOut();
  await session.signIn("new_left", temporary);
  expect(session.isFree).toBe(false);
  await session.cancelSignIn();
  expect(session.isFree).toBe(true);
  await expect(session.choosePassword(own)).rejects.toMatchObject({ failure: { code: "NOT_SIGNED_IN" } });
  await expect(session.startEnrolment()).rejects.toMatchObject({ failure: { code: "NOT_SIGNED_IN" } });
  const { rows } = await hospital.owner("SELECT FROM private.session WHERE staff_id = 'NEW-LEFT' AND ended_at IS NULL");
  expect(rows).toEqual([]);
});
