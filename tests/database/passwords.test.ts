import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { open, seal } from "../../electron/sealing/seal";
import { createOwnAccount } from "../../electron/session/own-account";
import { demoPassword } from "../support/demo-password";
import { connectDirectly, type Direct, proofOf } from "../support/direct";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { beginAs } from "../support/second-factor";

let hospital: TestHospital;
let direct: Direct;
const own = "a red umbrella over the canal";
const workstation = { name: "test workstation", address: "127.0.0.1", appVersion: "0.0.0" };
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
beforeEach(() => hospital.owner("DELETE FROM private.sign_in_counter"));
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const keysOf = async (staffId: string) =>
  (
    await hospital.owner(
      "SELECT purpose, key_id, sealed FROM private.sealed_key WHERE staff_id = $1 ORDER BY purpose",
      [staffId],
    )
  ).rows;
const credentialOf = async (staffId: string) =>
  (await hospital.owner("SELECT * FROM private.credential WHERE staff_id = $1", [staffId])).rows[0] ?? {};
const works = async (token: string) => (await direct.refusal("SELECT * FROM api.whoami($1)", [token])) === "none";

test("a changed password opens the same keys, ends every session of that person and of nobody else, and is in the audit", async () => {
  const elsewhere = await signedIn(hospital, "demo_doctor");
  const nurse = await signedIn(hospital, "demo_nurse");
  const { session } = await signedIn(hospital, "demo_doctor");
  const association = "what was typed";
  const draft = seal(session.draftsKey(), "a half note", association);
  const chat = seal(session.personalKey(), "a chat", association);
  const before = { keys: await keysOf("STF001"), credential: await credentialOf("STF001") };
  const field = session.fieldKey()?.id;
  const tokens = [elsewhere.session.databaseToken(), session.databaseToken()];
  const account = createOwnAccount({ session, database: hospital.database, workstation });
  await account.changePassword(demoPassword, own);

  expect(await Promise.all(tokens.map(works))).toEqual([false, false]);
  expect(await works(nurse.session.databaseToken())).toBe(true);
  await expect(signedIn(hospital, "demo_doctor")).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
  const again = await signedIn(hospital, "demo_doctor", own);
  expect(open(again.session.draftsKey(), draft, association)).toBe("a half note");
  expect(open(again.session.personalKey(), chat, association)).toBe("a chat");
  expect(again.session.fieldKey()?.id).toBe(field);
  expect((await again.call("get_patient_phi", { patient_id: "FCE57" })).ok).toBe(true);
  const after = { keys: await keysOf("STF001"), credential: await credentialOf("STF001") };
  expect(after.keys.map((key) => key["key_id"])).toEqual(before.keys.map((key) => key["key_id"]));
  for (const [index, key] of after.keys.entries()) expect(key["sealed"]).not.toEqual(before.keys[index]?.["sealed"]);
  expect(after.credential["salt"]).not.toEqual(before.credential["salt"]);
  const { rows } = await hospital.owner(
    "SELECT action, outcome FROM private.audit_entry WHERE staff_id = 'STF001' AND action IN ('PASSWORD_CHANGED', 'SESSION_REVOKED') ORDER BY at",
  );
  expect(rows).toEqual([
    { action: "PASSWORD_CHANGED", outcome: "granted" },
    { action: "SESSION_REVOKED", outcome: "granted" },
    { action: "SESSION_REVOKED", outcome: "granted" },
  ]);
  expect((await hospital.owner("SELECT faults FROM private.verify_audit()")).rows[0]?.["faults"]).toEqual([]);
});

test("with a wrong password of before nothing changes, and the attempt is counted and in the audit", async () => {
  const { session } = await signedIn(hospital, "demo_billing");
  const account = createOwnAccount({ session, database: hospital.database, workstation });
  const before = [await keysOf("STF004"), await credentialOf("STF004")];
  await expect(account.changePassword("not the password", own)).rejects.toMatchObject({
    failure: { code: "SIGN_IN_FAILED" },
  });
  expect([await keysOf("STF004"), await credentialOf("STF004")]).toEqual(before);
  expect(await works(session.databaseToken())).toBe(true);
  const { rows } = await hospital.owner(
    "SELECT action, outcome FROM private.audit_entry WHERE staff_id = 'STF004' AND action IN ('PASSWORD_CHANGED', 'LOGIN_FAILED') ORDER BY action",
  );
  expect(rows).toEqual([
    { action: "LOGIN_FAILED", outcome: "failed" },
    { action: "PASSWORD_CHANGED", outcome: "failed" },
  ]);
  expect(
    (await hospital.owner("SELECT failed_attempts FROM private.sign_in_counter WHERE username = 'demo_billing'")).rows,
  ).toEqual([{ failed_attempts: 1 }]);
});

test("five wrong passwords of before end the session that they were typed in", async () => {
  const { session } = await signedIn(hospital, "demo_billing");
  const account = createOwnAccount({ session, database: hospital.database, workstation });
  const token = session.databaseToken();
  for (let count = 0; count < 5; count += 1)
    await account.changePassword("not the password", own).catch(() => undefined);
  expect(await works(token)).toBe(false);
});

test("a password that the rules refuse changes nothing and says why", async () => {
  const { session } = await signedIn(hospital, "demo_auditor");
  const account = createOwnAccount({ session, database: hospital.database, workstation });
  for (const next of ["short", "demo_auditor demo_auditor", "lamplightlamplight1", demoPassword])
    await expect(account.changePassword(demoPassword, next), next).rejects.toMatchObject({
      failure: { code: "PASSWORD_REFUSED" },
    });
  expect(await works(session.databaseToken())).toBe(true);
});

test("at the database: no change without a committed proof, with keys missing or invented, or with a weaker derivation", async () => {
  const attemptOf = async () => {
    await hospital.owner("DELETE FROM private.sign_in_counter");
    return beginAs(direct, "demo_auditor");
  };
  const { session } = await signedIn(hospital, "demo_auditor");
  const token = session.databaseToken();
  const kept = await keysOf("STF006");
  const keys = kept.map((key) => ({
    purpose: key["purpose"],
    key_id: key["key_id"],
    sealed: randomBytes(80).toString("base64"),
  }));
  const credential = {
    salt: randomBytes(16).toString("base64"),
    memory_kib: 64,
    iterations: 1,
    parallelism: 1,
    verifier: randomBytes(32).toString("base64"),
  };
  const change = async (attempt: string, credentialGiven: object, keysGiven: unknown) =>
    direct.refusal("SELECT api.change_password($1, $2, $3, $4)", [
      token,
      attempt,
      JSON.stringify(credentialGiven),
      JSON.stringify(keysGiven),
    ]);
  const before = [kept, await credentialOf("STF006")];
  for (const wrong of [
    [],
    keys.slice(1),
    [...keys, { ...keys[0], key_id: "another" }],
    keys.map((key) => ({ ...key, key_id: "x" })),
  ])
    expect(await change(await attemptOf(), credential, wrong)).toBe("55000");
  expect(await change(await attemptOf(), { ...credential, memory_kib: 32 }, keys)).toBe("22023");
  expect(await change(await attemptOf(), { ...credential, verifier: "AAAA" }, keys)).toMatch(/^23/);
  await direct.rows("BEGIN");
  const uncommitted = await attemptOf();
  expect(await change(uncommitted, credential, keys)).toBe("28000");
  expect([await keysOf("STF006"), await credentialOf("STF006")]).toEqual(before);
  // So that each refusal above could fail.
  expect(await change(await attemptOf(), credential, keys)).toBe("none");
});

test("one drafts key a person: two workstations that make one at the same moment keep the same, and nobody replaces it", async () => {
  await hospital.owner("DELETE FROM private.sealed_key WHERE purpose = 'drafts' AND staff_id = 'STF002'");
  const people = await Promise.all([signedIn(hospital, "demo_nurse"), signedIn(hospital, "demo_nurse")]);
  const [one, other] = people.map(({ session }) => session.draftsKey());
  expect(one?.id).toBe(other?.id);
  expect(one?.key.equals(other?.key ?? Buffer.alloc(0))).toBe(true);
  const [kept] = await direct.rows("SELECT * FROM api.keep_drafts_key($1, 'mine', $2)", [
    people[0]?.session.databaseToken(),
    randomBytes(60),
  ]);
  expect(kept?.["kept_id"]).toBe(one?.id);
  const { session } = people[0] as (typeof people)[number];
  const key = session.draftsKey().key;
  session.lock("person");
  expect(key.every((byte) => byte === 0)).toBe(true);
});

test("a damaged key ends the sign-in, and no session of it stays open", async () => {
  const proof = await proofOf(direct, "demo_reception");
  expect(proof).toHaveLength(32);
  await hospital.owner(
    "UPDATE private.sealed_key SET sealed = set_byte(sealed, 40, 1 + get_byte(sealed, 40) % 200) WHERE staff_id = 'STF005' AND purpose = 'personal'",
  );
  await expect(signedIn(hospital, "demo_reception")).rejects.toThrow();
  const { rows } = await hospital.owner("SELECT FROM private.session WHERE staff_id = 'STF005' AND ended_at IS NULL");
  expect(rows).toEqual([]);
});
