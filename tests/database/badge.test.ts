import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectDirectly, type Direct, proofOf, type RawSession, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";

const here = "a bare client";
const nurse = "demo_nurse";
let hospital: TestHospital;
let direct: Direct;
let right: Buffer;
let session: RawSession;
/** A second session of the same nurse, open. */
let other: RawSession;
let badge: Buffer;

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  right = await proofOf(direct, nurse);
});
beforeEach(async () => {
  for (const table of ["sign_in_counter", "badge_read", "badge", "sign_in_rule"])
    await hospital.owner(`DELETE FROM private.${table}`);
  await hospital.owner(
    "UPDATE private.session SET ended_at = clock_timestamp(), token_hash = NULL WHERE ended_at IS NULL",
  );
  await hospital.owner("DELETE FROM private.totp_factor");
  session = await signInDirectly(direct, nurse);
  other = await signInDirectly(direct, nurse);
  await hospital.owner(
    "INSERT INTO private.totp_factor (staff_id, secret, last_step) SELECT id, decode(repeat('5a', 20), 'hex'), 0 FROM hospital.staff WHERE username = $1",
    [nurse],
  );
  badge = randomBytes(8);
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const one = async (text: string, values: readonly unknown[]) => (await direct.rows(text, values))[0] ?? {};
const rule = (badgeRule: string, role = "Nurse") =>
  hospital.owner(
    "INSERT INTO private.sign_in_rule (role, badge) VALUES ($1, $2) ON CONFLICT (role) DO UPDATE SET badge = $2",
    [role, badgeRule],
  );

async function set(token: string, number: Buffer, username = nurse, proof = right): Promise<string> {
  const begun = await one("SELECT api.begin_sign_in($1, $2) AS attempt", [username, proof]);
  return String((await one("SELECT api.set_badge($1, $2, $3) AS said", [token, begun["attempt"], number]))["said"]);
}
async function holder(number: Buffer, workstation = here) {
  const { read } = await one("SELECT api.begin_badge_read($1, $2) AS read", [number, workstation]);
  return one("SELECT * FROM api.badge_holder($1)", [read]);
}
/** A code that the authenticator shows now; another one at each call, as a person would wait for it. */
async function code(): Promise<string> {
  await hospital.owner("UPDATE private.totp_factor SET last_step = 0");
  const { rows } = await hospital.owner(
    "SELECT private.one_time_code(decode(repeat('5a', 20), 'hex'), floor(extract(epoch FROM clock_timestamp()) / 30)::bigint) AS code",
  );
  return String(rows[0]?.["code"]);
}
async function unlock(number: Buffer, typed: string, renews: string, workstation = here) {
  const { attempt } = await one("SELECT api.begin_badge_unlock($1, $2, '127.0.0.1', '0') AS attempt", [
    number,
    workstation,
  ]);
  return one("SELECT * FROM api.finish_badge_unlock($1, $2, $3)", [attempt, typed, renews]);
}
const audited = async (action: string, outcome: string) =>
  Number(
    (
      await hospital.owner("SELECT count(*) AS n FROM private.audit_entry WHERE action = $1 AND outcome = $2", [
        action,
        outcome,
      ])
    ).rows[0]?.["n"],
  );

describe("adding a badge", () => {
  test("needs the password, is audited, and the table holds no badge number", async () => {
    const before = await audited("BADGE_CHANGED", "granted");
    expect(await set(session.token, badge, nurse, randomBytes(32))).toBe("failed");
    expect((await holder(badge))["outcome"]).toBe("unknown");
    expect(await set(session.token, badge)).toBe("granted");
    expect(await audited("BADGE_CHANGED", "granted")).toBe(before + 1);
    expect(await holder(badge)).toMatchObject({
      outcome: "known",
      username: nurse,
      role: "Nurse",
      rule: "with-password",
    });
    const { rows } = await hospital.owner("SELECT encode(badge_hash, 'hex') AS hash FROM private.badge");
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.["hash"])).not.toContain(badge.toString("hex"));
    expect(await one("SELECT since, rule FROM api.own_badge($1)", [session.token])).toMatchObject({
      rule: "with-password",
    });
  });

  test("an attempt of somebody else is none, and another person's badge stays theirs", async () => {
    const doctor = await signInDirectly(direct, "demo_doctor");
    const doctors = randomBytes(8);
    const theirProof = await proofOf(direct, "demo_doctor");
    expect(await set(doctor.token, doctors, nurse, right)).toBe("failed");
    expect(await set(doctor.token, doctors, "demo_doctor", theirProof)).toBe("granted");
    expect(await set(session.token, badge)).toBe("granted");
    expect(await set(session.token, doctors)).toBe("taken");
    expect(await holder(doctors)).toMatchObject({ username: "demo_doctor" });
    expect(await holder(badge)).toMatchObject({ username: nurse });
  });

  test("a new badge ends the one of before; a removed one opens nothing; a role without badges has none", async () => {
    const newer = randomBytes(8);
    await set(session.token, badge);
    await set(session.token, newer);
    expect((await holder(badge))["outcome"]).toBe("unknown");
    expect((await holder(newer))["outcome"]).toBe("known");
    expect((await one("SELECT api.remove_badge($1) AS said", [session.token]))["said"]).toBe("removed");
    expect((await holder(newer))["outcome"]).toBe("unknown");
    expect((await one("SELECT api.remove_badge($1) AS said", [session.token]))["said"]).toBe("none");
    await rule("off");
    expect(await set(session.token, badge)).toBe("off");
  });
});

describe("a reading", () => {
  test("of nobody's badge, a disabled person's and one of a role without badges answers the same in every byte", async () => {
    await set(session.token, badge);
    const nobody = await holder(randomBytes(8));
    await rule("off");
    const off = await holder(badge);
    await rule("with-password");
    await hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE username = $1", [nurse]);
    const disabled = await holder(badge);
    await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL WHERE username = $1", [nurse]);
    expect(JSON.stringify(off)).toBe(JSON.stringify(nobody));
    expect(JSON.stringify(disabled)).toBe(JSON.stringify(nobody));
  });

  test("is committed before it is answered, answered once, and in the audit", async () => {
    await set(session.token, badge);
    expect(
      await direct.refusal(
        "WITH begun AS MATERIALIZED (SELECT api.begin_badge_read($1, $2) AS id) SELECT h.* FROM begun, api.badge_holder(begun.id) h",
        [badge, here],
      ),
    ).toBe("28000");
    const before = await audited("LOGIN_ATTEMPT", "badge known");
    const { read } = await one("SELECT api.begin_badge_read($1, $2) AS read", [badge, here]);
    // Whoever reads the answer and rolls it back is in the audit by now.
    await direct.rows("BEGIN");
    expect(await one("SELECT username FROM api.badge_holder($1)", [read])).toEqual({ username: nurse });
    await direct.rows("ROLLBACK");
    expect(await audited("LOGIN_ATTEMPT", "badge known")).toBe(before + 1);
    await one("SELECT * FROM api.badge_holder($1)", [read]);
    expect(await audited("LOGIN_ATTEMPT", "badge known")).toBe(before + 1);
    expect(await direct.refusal("SELECT * FROM api.badge_holder($1)", [read])).toBe("28000");
  });

  test("after ten of nobody's a workstation is told nothing, another one still is", async () => {
    await set(session.token, badge);
    for (let tried = 0; tried < 10; tried += 1) expect((await holder(randomBytes(8)))["outcome"]).toBe("unknown");
    expect(await holder(badge)).toMatchObject({ outcome: "limited", username: null });
    expect(await holder(badge, "another ward")).toMatchObject({ outcome: "known" });
  });

  test("after two hundred of nobody's under ever new names of workstations nobody is told anything", async () => {
    await set(session.token, badge);
    for (let tried = 0; tried < 199; tried += 1)
      await one("SELECT api.begin_badge_read($1, $2)", [randomBytes(8), randomUUID()]);
    expect((await holder(badge))["outcome"]).toBe("known");
    expect((await holder(randomBytes(8), "one more ward"))["outcome"]).toBe("unknown");
    expect(await holder(badge, "another ward")).toMatchObject({ outcome: "limited", username: null });
    await hospital.owner("UPDATE private.badge_read SET at = at - interval '11 minutes'");
    expect((await holder(badge))["outcome"]).toBe("known");
  });

  test("is the same after a new key for contexts", async () => {
    await set(session.token, badge);
    await hospital.owner("SET ROLE lamplight_owner");
    await hospital.owner("SELECT private.rotate_context_key()");
    await hospital.owner("RESET ROLE");
    expect(await holder(badge)).toMatchObject({ outcome: "known", username: nurse });
  });

  test("of something that is no badge is refused", async () => {
    for (const wrong of [Buffer.alloc(0), randomBytes(3), randomBytes(65)])
      expect(await direct.refusal("SELECT api.begin_badge_read($1, $2)", [wrong, here])).toBe("22023");
  });
});

describe("opening by badge and code", () => {
  const lock = () => direct.rows("SELECT api.lock_session($1, 'person')", [session.token]);

  test("continues the own locked session of this workstation, and says so in both chains", async () => {
    await rule("with-code");
    await set(session.token, badge);
    await lock();
    const before = await audited("UNLOCK", "granted");
    const opened = await unlock(badge, await code(), session.id);
    expect(opened).toMatchObject({ outcome: "granted", session_id: session.id, username: nurse });
    expect(await audited("UNLOCK", "granted")).toBe(before + 2);
    expect(await one("SELECT username FROM api.whoami($1)", [opened["token"]])).toEqual({ username: nurse });
    expect(await direct.refusal("SELECT * FROM api.whoami($1)", [session.token])).toBe("28000");
  });

  test.each<[string, () => Promise<{ code?: string; renews?: string; number?: Buffer; workstation?: string }>]>([
    ["a wrong code", async () => ({ code: "000000" })],
    ["no code", async () => ({ code: "" })],
    ["a session that nobody locked", async () => ({ renews: other.id })],
    ["another person's session", async () => ({ renews: (await signInDirectly(direct, "demo_doctor")).id })],
    ["a session that does not exist", async () => ({ renews: randomUUID() })],
    ["another workstation", async () => ({ workstation: "another ward" })],
    ["somebody else's badge", async () => ({ number: randomBytes(8) })],
    [
      "a session older than twelve hours",
      async () => {
        await hospital.owner("UPDATE private.session SET started_at = started_at - interval '13 hours' WHERE id = $1", [
          session.id,
        ]);
        return {};
      },
    ],
    [
      "a rule that wants the password",
      async () => {
        await rule("with-password");
        return {};
      },
    ],
    [
      "an account that is disabled",
      async () => {
        await hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE username = $1", [nurse]);
        return {};
      },
    ],
  ])("is refused for %s, and counted", async (_what, change) => {
    await rule("with-code");
    await set(session.token, badge);
    await lock();
    const refused = await audited("LOGIN_FAILED", "failed");
    const changed = await change();
    const typed = changed.code ?? (await code());
    const answer = await unlock(changed.number ?? badge, typed, changed.renews ?? session.id, changed.workstation);
    await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL WHERE username = $1", [nurse]);
    expect(answer).toMatchObject({ outcome: "failed", token: null });
    expect(await audited("LOGIN_FAILED", "failed")).toBe(refused + 1);
    const { rows } = await hospital.owner("SELECT sum(failed_attempts)::int AS n FROM private.sign_in_counter");
    expect(rows).toEqual([{ n: 1 }]);
  });

  test("takes a code once", async () => {
    await rule("with-code");
    await set(session.token, badge);
    await lock();
    const typed = await code();
    const opened = await unlock(badge, typed, session.id);
    expect(opened["outcome"]).toBe("granted");
    await direct.rows("SELECT api.lock_session($1, 'person')", [opened["token"]]);
    expect((await unlock(badge, typed, session.id))["outcome"]).toBe("failed");
  });

  test("five wrong codes lock the account for its password as well, and end its sessions", async () => {
    await rule("with-code");
    await set(session.token, badge);
    await lock();
    for (let tried = 0; tried < 5; tried += 1)
      expect((await unlock(badge, "000000", session.id))["outcome"]).toBe("failed");
    expect((await unlock(badge, await code(), session.id))["outcome"]).toBe("locked");
    const { attempt } = await one("SELECT api.begin_sign_in($1, $2) AS attempt", [nurse, right]);
    expect(await one("SELECT outcome FROM api.finish_sign_in($1)", [attempt])).toEqual({ outcome: "locked" });
    const { rows } = await hospital.owner("SELECT ended_at IS NOT NULL AS ended FROM private.session WHERE id = $1", [
      session.id,
    ]);
    expect(rows).toEqual([{ ended: true }]);
  });

  test("neither kind of attempt can be finished as the other", async () => {
    await rule("with-code");
    await set(session.token, badge);
    await lock();
    const { attempt } = await one("SELECT api.begin_badge_unlock($1, $2) AS attempt", [badge, here]);
    expect(
      await one("SELECT outcome FROM api.finish_sign_in($1, $2, $3)", [attempt, await code(), session.id]),
    ).toEqual({
      outcome: "failed",
    });
    const begun = await one("SELECT api.begin_sign_in($1, $2, $3) AS attempt", [nurse, right, here]);
    expect(
      await one("SELECT outcome FROM api.finish_badge_unlock($1, $2, $3)", [
        begun["attempt"],
        await code(),
        session.id,
      ]),
    ).toEqual({ outcome: "failed" });
  });
});

test("the password in a session of a badge is judged like any other, and audited", async () => {
  const unseal = async (proof: Buffer) => {
    const { attempt } = await one("SELECT api.begin_sign_in($1, $2) AS attempt", [nurse, proof]);
    return (await one("SELECT api.unseal_session($1, $2) AS said", [session.token, attempt]))["said"];
  };
  expect(await unseal(randomBytes(32))).toBe("failed");
  const before = await audited("UNLOCK", "granted");
  expect(await unseal(right)).toBe("granted");
  expect(await audited("UNLOCK", "granted")).toBe(before + 1);
});

test("a workstation that locks sooner has its session end sooner, and never later", async () => {
  const seen = (seconds: number) =>
    hospital.owner(
      "UPDATE private.session SET last_seen = clock_timestamp() - make_interval(secs => $2) WHERE id = $1",
      [session.id, seconds],
    );
  await seen(60);
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [session.token])).toBe("none");
  await direct.rows("SELECT api.shorten_idle($1, 30)", [session.token]);
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [session.token])).toBe("28000");
  await seen(10);
  await direct.rows("SELECT api.shorten_idle($1, 900)", [session.token]);
  await seen(60);
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [session.token])).toBe("28000");
});
