import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, type OwnerQuery, openDatabase } from "../../electron/database/pool";
import { createChatRecords } from "../../electron/records/chats";
import { backUpTo, everyRow, everything, migrationsFolder, restoreFrom, temporaryFolder } from "../support/backup";
import { startTestCluster, type TestCluster } from "../support/cluster";
import { cheapHashing, signedIn, startTestHospital, type TestHospital, workstationPassword } from "../support/hospital";

/** A hospital at work is backed up and restored on an empty machine: every row of every table is there again. */
const empty = { version: "an empty server", from: [], prepare: async () => undefined };
const folder = temporaryFolder();
const file = join(folder.path, "hospital.backup");
let source: TestHospital;
let target: TestCluster;
let owner: { query: OwnerQuery; end(): Promise<void> };
let before: Record<string, string[]>;
let chat: string;

beforeAll(async () => {
  [source, target] = [await startTestHospital(), await startTestCluster(empty)];
  owner = await connectOwner(target.owner);
  const nurse = await signedIn(source, "demo_nurse");
  const chats = createChatRecords(source.database, nurse.session);
  chat = (await chats.create("Ward round")).id;
  for (const text of ["Who is due?", "Nobody."])
    await chats.append(chat, {
      id: randomUUID(),
      author: "person",
      text,
      at: new Date().toISOString(),
      toolCalls: [],
      incomplete: false,
      model: null,
    });
  expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
  // What text formats stumble over: separators, escapes, NULL beside the empty text, bytes, and signs outside the first plane.
  await source.owner(
    `INSERT INTO hospital.medical_record (id, patient_id, kind, title, body, author_id, written_at)
     SELECT gen_random_uuid(), id, 'progress-note', t, t, NULL, '2026-01-01 00:00:00.000001+00' FROM hospital.patient,
       unnest(ARRAY['', '\\N', E'a\\tb\\nc\\rd\\\\e', '\\.', 'ünïcödé 🩺 "quoted", ''single''', repeat('x', 3000000)]) t
     WHERE patient_number = 'FCE57'`,
  );
});
afterAll(async () => {
  await owner.end();
  await source.close();
  await target.dispose();
  folder.remove();
});

test("the file is written whole, for its owner alone, and never over another", async () => {
  const done = await backUpTo(source.cluster.owner, file);
  expect(done.size).toBe(statSync(file).size);
  expect(done.rows).toBeGreaterThan(1000);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.partial`)).toBe(false);
  await expect(backUpTo(source.cluster.owner, file)).rejects.toThrow(/exists already/u);
  await backUpTo(source.cluster.owner, file, { force: true });
  before = await everyRow(source.owner);
});

test("it is restored into an empty database, row by row, with the stated changes alone", async () => {
  const done = await restoreFrom(file, target.owner);
  expect(done.sessionsEnded).toBeGreaterThan(0);
  expect(done.migrated).toEqual([]);
  const after = await everyRow(owner.query);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  const changed = Object.keys(after).filter((table) => JSON.stringify(after[table]) !== JSON.stringify(before[table]));
  // RESTORE came; "finished" of the backup itself is younger than its snapshot; sessions are ended, and with
  // them what renews their tokens; two tables are left out.
  const stated = ["announcement", "audit_chain", "audit_entry", "refresh_token", "session", "sign_in_attempt"];
  expect(changed.filter((table) => !stated.includes(table.replace("private.", "")))).toEqual([]);
  expect(after["private.announcement"]).toEqual([]);
  expect(after["private.sign_in_attempt"]).toEqual([]);
  const chains = (rows: string[] | undefined) =>
    new Map((rows ?? []).map((row) => [(JSON.parse(row) as { id: string }).id, row]));
  const [was, is] = [chains(before["private.audit_chain"]), chains(after["private.audit_chain"])];
  expect([...is.keys()].sort()).toEqual([...was.keys()].sort());
  for (const [id, row] of is) if (!id.startsWith("00000000")) expect(row).toBe(was.get(id));
  const told = new Set(before["private.audit_entry"]);
  const fresh = (after["private.audit_entry"] ?? []).filter((entry) => !told.has(entry));
  expect(fresh.map((entry) => (JSON.parse(entry) as { action: string }).action)).toEqual(["RESTORE"]);
  const sessions = (after["private.session"] ?? []).map((row) => JSON.parse(row) as Record<string, unknown>);
  const earlier = (before["private.session"] ?? []).map((row) => JSON.parse(row) as Record<string, unknown>);
  expect(sessions.length).toBe(earlier.length);
  for (const session of sessions) {
    const then = earlier.find((row) => row["id"] === session["id"]);
    expect(session["token_hash"]).toBeNull();
    expect(session).toEqual(
      then?.["ended_at"]
        ? then
        : {
            ...then,
            token_hash: null,
            token_expires_at: null,
            // A workstation that still holds the token is told why it opens nothing.
            ended_token_hash: then?.["token_hash"],
            ended_at: session["ended_at"],
            ended_because: "restored from a backup",
          },
    );
  }
});

test("a nurse signs in there, reads her patient's chart and opens her chat; the audit verifies", async () => {
  await migrate(owner.query, { folder: migrationsFolder, workstationPassword, hashing: cheapHashing });
  const database = openDatabase({ ...target.owner, user: "lamplight_app", password: workstationPassword });
  const place = { ...source, database, owner: owner.query };
  const nurse = await signedIn(place, "demo_nurse");
  expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
  expect(await createChatRecords(database, nurse.session).open(chat)).toMatchObject({ chat: { title: "Ward round" } });
  const auditor = await signedIn(place, "demo_auditor");
  expect(await auditor.call("verify_audit_chain", {}, { via: "person" })).toMatchObject({
    ok: true,
    value: { intact: true },
  });
  await database.close();
});

test("sequences go on where they were", async () => {
  const next = async (query: OwnerQuery) =>
    (await query("SELECT nextval('hospital.chat_message_position_seq')::int AS next")).rows;
  const here = await next(owner.query);
  expect(here).toEqual(await next(source.owner));
  expect(Number(here[0]?.["next"])).toBeGreaterThan(2);
});

test("a database that holds a hospital is refused, and nothing in it is touched", async () => {
  const held = await everything(owner.query);
  await expect(restoreFrom(file, target.owner)).rejects.toThrow(/holds a hospital already/u);
  expect(await everything(owner.query)).toBe(held);
});
