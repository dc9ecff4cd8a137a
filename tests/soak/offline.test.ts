import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import { openDatabase } from "../../electron/database/pool";
import { Outbox } from "../../electron/offline/outbox";
import { replayOutbox } from "../../electron/offline/outbox-replay";
import { openWorkstationKey } from "../../electron/offline/workstation-key";
import { accountOf, startTestHospital, type TestHospital } from "../support/hospital";
import { removeHomes, startWorkstation } from "../support/offline-workstation";

/**
 * The database away for two hours, one second standing for a minute: vital signs of fifty patients entered, the program killed
 * twice; the outbox copied and replayed ten times in random order from two workstations, one entry in twenty damaged.
 */
let hospital: TestHospital;
const homes: string[] = [];
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(async () => {
  removeHomes();
  for (const home of homes) rmSync(home, { recursive: true, force: true });
  await hospital.close();
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "lamplight-soak-"));
  homes.push(home);
  return home;
}

const shuffled = <T>(list: readonly T[]): T[] => {
  const left = [...list];
  return list.map(() => left.splice(randomInt(left.length), 1)[0] as T);
};
const numbers = async (text: string, values: unknown[] = []) =>
  (await hospital.owner(text, values)).rows.map((row) => String(row["id"])).sort();

/** A program of its own that works without the database and enters sets until it is killed; it names what it called saved. */
function enterer(
  home: string,
  patients: readonly string[],
  everyMs: number,
): { child: ChildProcess; saved: () => string[]; ended: Promise<void> } {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tests/soak/offline-enterer.ts", home, String(everyMs), ...patients],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout?.on("data", (part: Buffer) => {
    text += part.toString();
  });
  const saved = () =>
    text
      .split("\n")
      .slice(0, -1)
      .flatMap((line) => (line.startsWith("saved ") ? [line.slice(6)] : []));
  return { child, saved, ended: new Promise((resolve) => child.on("close", () => resolve())) };
}

test("two hours without the database: each good entry exactly once, every bad one listed, nothing lost", async () => {
  // Fifty patients on the nurse's ward: those who are there, and beds for the rest.
  await hospital.owner(`WITH placed AS (SELECT patient_id FROM hospital.placement WHERE ward_code = '5A'),
      others AS (SELECT p.id, row_number() OVER (ORDER BY p.patient_number) + 100 AS bed FROM hospital.patient p
        WHERE p.id NOT IN (SELECT patient_id FROM placed) LIMIT 50 - (SELECT count(*)::int FROM placed)),
      gone AS (DELETE FROM hospital.placement WHERE patient_id IN (SELECT id FROM others)),
      beds AS (INSERT INTO hospital.bed (ward_code, code) SELECT '5A', bed::text FROM others)
    SELECT 1`);
  await hospital.owner(`INSERT INTO hospital.placement (patient_id, ward_code, bed_code, since)
    SELECT p.id, '5A', b.code, now() - interval '1 day'
      FROM (SELECT id, row_number() OVER (ORDER BY patient_number) AS n FROM hospital.patient
             WHERE id NOT IN (SELECT patient_id FROM hospital.placement)) p
      JOIN (SELECT code, row_number() OVER (ORDER BY code) AS n FROM hospital.bed
             WHERE ward_code = '5A' AND code NOT IN (SELECT bed_code FROM hospital.placement WHERE ward_code = '5A')) b USING (n)`);
  const first = await startWorkstation(hospital);
  await first.signIn(accountOf("Nurse"));
  await first.until((state) => state.wardAsOf !== null);
  await first.line.cut();
  await first.until((state) => state.awaySince !== null);
  const ward = await first.offline.ward();
  const patients = ward.patients.map((patient) => patient.patient_id);
  expect(patients).toHaveLength(50);
  await first.drop();

  // Two hours in two minutes; the program is killed twice in the middle of its work.
  const saved: string[] = [];
  for (const [round, seconds] of [30, 45, 45].entries()) {
    const { child, saved: told, ended } = enterer(first.home, shuffled(patients), 300);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    child.kill(round < 2 ? "SIGKILL" : "SIGTERM");
    await ended;
    saved.push(...told());
  }
  expect(saved.length).toBeGreaterThan(150);
  expect(new Set(saved).size).toBe(saved.length);
  const waiting = join(first.home, "outbox", "waiting");
  const onDisk = readdirSync(waiting)
    .filter((name) => name.endsWith(".entry"))
    .map((name) => name.slice(0, -6));
  expect(onDisk).toEqual(expect.arrayContaining(saved));
  // What was written and not acknowledged any more when the program was killed: at most one a kill.
  expect(onDisk.length - saved.length).toBeLessThanOrEqual(3);

  // One in twenty damaged by a bit, anywhere in the file; the same damage on every copy.
  const damaged = new Set(shuffled(onDisk).slice(0, Math.ceil(onDisk.length / 20)));
  for (const id of damaged) {
    const path = join(waiting, `${id}.entry`);
    const bytes = readFileSync(path);
    const at = randomInt(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << randomInt(8));
    writeFileSync(path, bytes);
  }
  const good = onDisk.filter((id) => !damaged.has(id)).sort();

  // Copied ten times, and replayed in random order over two workstations' connections, two copies at a time.
  const databases = [openDatabase(hospital.workstation), openDatabase(hospital.workstation)];
  const faults: unknown[] = [];
  async function replayCopy(database: (typeof databases)[number]): Promise<{ left: string[]; listed: string[] }> {
    const home = newHome();
    cpSync(first.home, home, { recursive: true });
    const { key } = await openWorkstationKey(join(home, "offline"), undefined);
    const outbox = new Outbox(join(home, "outbox"), key);
    await outbox.prepare();
    await replayOutbox({
      outbox,
      database,
      now: () => systemClock.now().getTime(),
      logUnexpected: (_where, error) => {
        faults.push(error);
        return "";
      },
      order: shuffled,
    });
    const others = await outbox.underOtherKeys();
    const left = (await outbox.waiting()).filter((id) => !others.includes(id));
    return { left, listed: [...(await outbox.attention()), ...others].sort() };
  }
  for (let pair = 0; pair < 5; pair += 1) {
    const results = await Promise.all(databases.map((database) => replayCopy(database)));
    for (const { left, listed } of results) {
      expect(left).toEqual([]);
      expect(listed).toEqual([...damaged].sort());
    }
  }
  expect(faults).toEqual([]);
  expect(await numbers("SELECT id FROM hospital.vital_signs WHERE origin = 'outbox'")).toEqual(good);
  expect(await numbers("SELECT entry_id AS id FROM private.outbox_refusal")).toEqual([]);
  const [told] = (
    await hospital.owner(
      "SELECT count(*)::int AS n, count(DISTINCT detail ->> 'set')::int AS sets FROM private.audit_entry WHERE action IN ('VITAL_SIGNS_RECORDED', 'OUTBOX_REPLAYED') AND outcome = 'granted'",
    )
  ).rows;
  expect(Number(told?.["n"])).toBeGreaterThanOrEqual(good.length);

  // A person who is disabled meanwhile replays nothing silently: every one of their new entries is refused, kept and listed.
  const second = await startWorkstation(hospital, { name: "ward-5a-2" });
  await second.signIn(accountOf("Nurse"));
  await second.until((state) => state.wardAsOf !== null);
  await second.line.cut();
  await second.until((state) => state.awaySince !== null);
  const { child, saved: late, ended } = enterer(second.home, patients.slice(0, 10), 10);
  await second.drop();
  await expect.poll(() => late().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(10);
  child.kill("SIGKILL");
  await ended;
  await hospital.owner("UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE username = 'demo_nurse'");
  const copy = newHome();
  cpSync(second.home, copy, { recursive: true });
  const { key } = await openWorkstationKey(join(copy, "offline"), undefined);
  const outbox = new Outbox(join(copy, "outbox"), key);
  const entered = await outbox.waiting();
  const done = await replayOutbox({
    outbox,
    database: databases[0] as (typeof databases)[number],
    now: () => Date.now(),
    logUnexpected: () => "",
  });
  expect(done).toEqual({ sent: 0, setAside: entered.length, left: 0 });
  expect((await outbox.attention()).sort()).toEqual([...entered].sort());
  expect(await numbers("SELECT entry_id AS id FROM private.outbox_refusal WHERE reason = 'person-disabled'")).toEqual(
    [...entered].sort(),
  );
  expect(await numbers("SELECT id FROM hospital.vital_signs WHERE origin = 'outbox'")).toEqual(good);
  for (const database of databases) await database.close();
});
