import { afterAll, beforeAll, expect, test } from "vitest";
import type { Owner } from "../../electron/administration/owner";
import { runRetention } from "../../electron/administration/retention";
import { retentionRules } from "../../electron/administration/retention-rules";
import { connectDirectly, type Direct, hashOfToken, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
let direct: Direct;
let owner: Owner;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  owner = { query: hospital.owner };
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});
const one = async (text: string) => (await hospital.owner(text)).rows[0];
const counts = async () =>
  one(`SELECT (SELECT count(*) FROM private.announcement) AS announcements, (SELECT count(*) FROM private.sign_in_attempt) AS attempts,
    (SELECT count(*) FROM private.sign_in_counter) AS counters, (SELECT count(*) FROM private.session) AS sessions,
    (SELECT count(*) FROM hospital.chat) AS chats, (SELECT count(*) FROM hospital.chat_message) AS messages,
    (SELECT count(*) FROM hospital.token_usage) AS usage, (SELECT count(*) FROM hospital.patient) AS patients,
    (SELECT count(*) FROM hospital.medical_record) AS records, (SELECT count(*) FROM hospital.vital_signs) AS vitals`);

/** Of each kind some that are due and some that are not yet, by a moment. */
test("what is due goes, to the row, and nothing else does", async () => {
  const working = await signInDirectly(direct, "demo_nurse");
  const over = await signInDirectly(direct, "demo_doctor");
  await hospital.owner(
    `UPDATE private.session SET expires_at = clock_timestamp() - interval '1 minute', started_at = clock_timestamp() - interval '13 hours' WHERE id = '${over.id}'`,
  );
  await hospital.owner(
    "DELETE FROM private.sign_in_attempt; DELETE FROM private.sign_in_counter; DELETE FROM private.announcement",
  );
  await hospital.owner(`
    INSERT INTO private.announcement (session_id, tool, patient_ids, expires_at)
      SELECT '${working.id}', 'list_ward', '{}', clock_timestamp() - n * interval '59 minutes' FROM generate_series(0, 4) n;
    INSERT INTO private.sign_in_attempt (username, proof_hash, at, locked, workstation, address, app_version)
      SELECT 'somebody', '\\x00', clock_timestamp() - n * interval '23 hours', false, '', '', '' FROM generate_series(0, 3) n;
    INSERT INTO private.sign_in_counter VALUES ('today', 3, NULL, clock_timestamp()), ('old', 3, NULL, clock_timestamp() - interval '25 hours'),
      ('locked still', 9, clock_timestamp() + interval '5 minutes', clock_timestamp() - interval '25 hours');
    INSERT INTO private.draft (staff_id, key, sealed, revision, expires_at)
      SELECT 'STF002', repeat(n::text, 64), NULL, 1, clock_timestamp() + n * interval '10 minutes' FROM unnest(ARRAY[0, 1, 9]) n;
    INSERT INTO hospital.chat (id, staff_id, title, updated_at)
      SELECT gen_random_uuid(), 'STF002', 'x', clock_timestamp() - d * interval '1 day' FROM unnest(ARRAY[1, 100, 364, 366, 900]) d;
    INSERT INTO hospital.chat_message (id, chat_id, content) SELECT gen_random_uuid(), id, 'x' FROM hospital.chat, generate_series(1, 3);
    INSERT INTO hospital.token_usage (staff_id, at, model, mode, prompt_tokens, completion_tokens)
      SELECT 'STF002', clock_timestamp() - interval '401 days', 'm', 'this-machine', 1, 1 FROM generate_series(1, 2500);
    INSERT INTO hospital.token_usage (staff_id, at, model, mode, prompt_tokens, completion_tokens)
      VALUES ('STF002', clock_timestamp() - interval '399 days', 'm', 'this-machine', 1, 1)`);
  const before = await counts();
  const audit = await one(
    "SELECT count(*) AS n, (SELECT count(*) FROM private.audit_chain) AS chains FROM private.audit_entry",
  );
  const expected = {
    announcements: 3,
    "sign-in attempts": 2,
    "sign-in counters": 1,
    sessions: 1,
    drafts: 1,
    chats: 2,
    "token usage": 2500,
  };
  const asObject = (rules: readonly { name: string; rows: number }[]) =>
    Object.fromEntries(rules.map(({ name, rows }) => [name, rows]));

  expect(asObject(await runRetention(owner, { dryRun: true }))).toEqual(expected);
  expect(await counts()).toEqual(before);
  expect(await one("SELECT count(*) AS n FROM private.audit_entry WHERE action = 'RETENTION'")).toEqual({ n: 0 });

  const told: string[] = [];
  const done = await runRetention(owner, { dryRun: false, onProgress: (name, rows) => told.push(`${name} ${rows}`) });
  expect(asObject(done)).toEqual(expected);
  expect(told).toContain("token usage 1000");
  expect(await counts()).toEqual({
    ...before,
    announcements: 2,
    attempts: 2,
    counters: 2,
    chats: 3,
    messages: 9,
    usage: 1,
  });
  expect(
    await one("SELECT min(at) > clock_timestamp() - interval '400 days' AS kept FROM hospital.token_usage"),
  ).toEqual({ kept: true });
  expect((await hospital.owner("SELECT username FROM private.sign_in_counter ORDER BY 1")).rows).toEqual([
    { username: "locked still" },
    { username: "today" },
  ]);
  // The session that is over keeps its row, for the audit, and loses what opened it; the one that is open stays open.
  expect(
    await one(
      `SELECT token_hash, ended_because, ended_at = expires_at AS at_its_end FROM private.session WHERE id = '${over.id}'`,
    ),
  ).toEqual({
    token_hash: null,
    ended_because: "expired",
    at_its_end: true,
  });
  expect((await one(`SELECT token_hash FROM private.session WHERE id = '${working.id}'`))?.["token_hash"]).toEqual(
    hashOfToken(working.token),
  );
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [working.token])).toBe("none");
  // The audit grew by the run's own entries, with counts alone, and verifies.
  expect(
    await one("SELECT count(*) AS n, (SELECT count(*) FROM private.audit_chain) AS chains FROM private.audit_entry"),
  ).toEqual({
    n: Number(audit?.["n"]) + 2,
    chains: audit?.["chains"],
  });
  expect(
    (
      await one("SELECT detail FROM private.audit_entry WHERE action = 'RETENTION' AND detail ->> 'step' = 'finished'")
    )?.["detail"],
  ).toMatchObject({
    removed: expected,
    days: { chats: 365, "token usage": 400 },
  });
  expect(await one("SELECT faults FROM private.verify_audit()")).toEqual({ faults: [] });
});

test("a second run finds nothing, and other days than the rule's are those that count", async () => {
  expect((await runRetention(owner, { dryRun: false })).map(({ rows }) => rows)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  const sooner = await runRetention(owner, { dryRun: false, days: { chats: 90 } });
  expect(sooner.find(({ name }) => name === "chats")).toEqual({ name: "chats", days: 90, rows: 2 });
  expect(await one("SELECT count(*) AS n FROM hospital.chat")).toEqual({ n: 1 });
});

test("what somebody holds at this moment is left for the next run instead of waited for", async () => {
  await hospital.owner("UPDATE hospital.chat SET updated_at = clock_timestamp() - interval '2 years'");
  const other = await connectDirectly({ ...hospital, workstation: hospital.cluster.owner });
  await other.rows("BEGIN");
  await other.rows("SELECT FROM hospital.chat FOR UPDATE");
  expect((await runRetention(owner, { dryRun: false })).find(({ name }) => name === "chats")?.rows).toBe(0);
  await other.rows("COMMIT");
  await other.end();
  expect((await runRetention(owner, { dryRun: false })).find(({ name }) => name === "chats")?.rows).toBe(1);
});

test("what a run that broke off has removed is in the audit too", async () => {
  await hospital.owner(
    "INSERT INTO hospital.chat (id, staff_id, title, updated_at) VALUES (gen_random_uuid(), 'STF002', 'x', clock_timestamp() - interval '2 years')",
  );
  const begun = async () =>
    Number((await one('SELECT count(*) AS n FROM private.audit_entry WHERE detail @> \'{"step": "begun"}\''))?.["n"]);
  const before = await begun();
  const breaking: Owner = {
    query: (text, values) =>
      text.includes("hospital.token_usage") ? Promise.reject(new Error("pulled")) : owner.query(text, values),
  };
  await expect(runRetention(breaking, { dryRun: false })).rejects.toThrow("pulled");
  expect(await one("SELECT count(*) AS n FROM hospital.chat")).toEqual({ n: 0 });
  expect(await begun()).toBe(before + 1);
});

test("no rule names the audit, a chart, or a person", () => {
  const spared = /audit|patient|medical|vital|medication|allergy|staff|credential|sealed_key|admission/u;
  for (const rule of retentionRules) {
    expect(rule.table).not.toMatch(spared);
    expect(rule.why.length).toBeGreaterThan(10);
  }
});
