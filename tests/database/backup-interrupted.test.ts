import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { verifyBackup } from "../../electron/backup/verified-backup";
import { type ConnectionSettings, connectOwner, type OwnerQuery } from "../../electron/database/pool";
import { backUpTo, everySum, everything, passphrase, restoreFrom, temporaryFolder } from "../support/backup";
import { startTestHospital, type TestHospital } from "../support/hospital";

/** The real commands, killed at their work: what is left, and that the same command again comes to the end. */
const folder = temporaryFolder();
const secret = passphrase.kind === "passphrase" ? passphrase.passphrase : "";
/** Several processes, each with a start of its own, and a disk that other tests use too. */
vi.setConfig({ testTimeout: 600_000 });
let hospital: TestHospital;
let databases = 0;
const open: { end(): Promise<void> }[] = [];

beforeAll(async () => {
  hospital = await startTestHospital();
  // Enough that there is time to kill something.
  await hospital.owner(
    `INSERT INTO hospital.medical_record (id, patient_id, kind, title, body, written_at)
     SELECT gen_random_uuid(), p.id, 'nursing-note', 'Note', md5(n::text) || md5((n + 1)::text) || repeat(' text', 20), now()
       FROM (SELECT id FROM hospital.patient ORDER BY id LIMIT 1) p, generate_series(1, 60000) n`,
  );
  await hospital.owner(
    `INSERT INTO hospital.observation (id, patient_id, category, code, code_system, display, value, measured_at)
     SELECT gen_random_uuid(), p.id, 'other', 'x', 'y', md5(n::text), n / 7.0, now()
       FROM (SELECT id FROM hospital.patient ORDER BY id LIMIT 1) p, generate_series(1, 60000) n`,
  );
});
afterAll(async () => {
  for (const connection of open) await connection.end();
  await hospital.close();
  folder.remove();
});

const urlOf = ({ user, password, host, port, database }: ConnectionSettings) =>
  `postgresql://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; said: string }>;
}
function admin(settings: ConnectionSettings, ...words: string[]): Run {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/admin.ts", ...words], {
    env: { ...process.env, LAMPLIGHT_OWNER_URL: urlOf(settings), LAMPLIGHT_BACKUP_PASSPHRASE: secret },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (text: Buffer) => (said += text.toString("utf8")));
  return { child, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, said }))) };
}
/** Whether the condition came while the command was at work. */
async function reached(condition: () => boolean | Promise<boolean>, run: Run): Promise<boolean> {
  for (;;) {
    if (await condition()) return true;
    if (run.child.exitCode !== null) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
/** Does it once more where a busy machine let the command come to its end before this process could look. */
async function once<Caught>(attempt: () => Promise<Caught | undefined>): Promise<Caught> {
  for (let tries = 0; tries < 8; tries += 1) {
    const caught = await attempt();
    if (caught !== undefined) return caught;
  }
  throw new Error("it ended each time before anything could happen to it");
}
/** Starts a backup and kills it when its file has so many bytes. */
function killedBackup(path: string, bytes: number): Promise<true> {
  return once(async () => {
    rmSync(path, { force: true });
    const run = admin(hospital.cluster.owner, "backup", path);
    const inTime = await reached(() => sizeOf(`${path}.partial`) > bytes, run);
    run.child.kill("SIGKILL");
    await run.ended;
    // The last bytes may have been written, and the file renamed, between the look and the signal.
    return inTime && !existsSync(path) ? true : undefined;
  });
}
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

async function newDatabase(): Promise<{ settings: ConnectionSettings; query: OwnerQuery }> {
  databases += 1;
  const settings = { ...hospital.cluster.owner, database: `target_${databases}` };
  await hospital.owner(`CREATE DATABASE ${settings.database}`);
  const owner = await connectOwner(settings);
  open.push(owner);
  return { settings, query: owner.query };
}

describe("a backup that is killed", () => {
  test("leaves no file of its name, is continued by the same command, and holds one snapshot", async () => {
    const path = join(folder.path, "killed.backup");
    const partial = `${path}.partial`;
    // Inside the second large table: the first one is finished.
    await killedBackup(path, 4_300_000);
    expect(existsSync(path)).toBe(false);
    expect(statSync(partial).mode & 0o777).toBe(0o600);
    await expect(verifyBackup(partial, passphrase)).rejects.toThrow(/damaged or cut off/u);

    // What is finished may have changed meanwhile; then it is written again.
    await hospital.owner("UPDATE hospital.allergy SET reaction = 'changed between the two runs'");
    const second = await admin(hospital.cluster.owner, "backup", path, "--verify").ended;
    expect(second.said).toMatch(
      /^Backed up 12\d,\d+ rows of \d+ tables \(\d+ tables of an interrupted run taken over\)/mu,
    );
    expect(second.said).toMatch(/Read back: every byte is as it was written/u);
    expect(second.code).toBe(0);
    expect(existsSync(partial)).toBe(false);

    const source = await everySum(hospital.owner);
    const target = await newDatabase();
    const done = await restoreFrom(path, target.settings);
    expect(done.rows).toBeGreaterThan(120_000);
    const restored = await everySum(target.query);
    for (const table of Object.keys(source).filter((name) => name.startsWith("hospital.")))
      expect(restored[table], table).toBe(source[table]);
    const { rows } = await target.query("SELECT DISTINCT reaction FROM hospital.allergy");
    expect(rows).toEqual([{ reaction: "changed between the two runs" }]);
  });

  test("with another passphrase it is not continued, and what there is stays", async () => {
    const path = join(folder.path, "other.backup");
    await killedBackup(path, 1_000_000);
    const before = readFileSync(`${path}.partial`);
    const key = { kind: "passphrase", passphrase: "another passphrase" } as const;
    await expect(backUpTo(hospital.cluster.owner, path, { key })).rejects.toThrow(/cannot be continued/u);
    expect(readFileSync(`${path}.partial`).equals(before)).toBe(true);
  });
});

describe("a restore that is killed", () => {
  test("leaves what was there before, and the same command again restores", async () => {
    const path = join(folder.path, "whole.backup");
    await backUpTo(hospital.cluster.owner, path);
    const { target, before } = await once(async () => {
      const made = await newDatabase();
      const empty = await everything(made.query);
      const copying = async () => {
        const { rows } = await hospital.owner(
          'SELECT pid FROM pg_stat_activity WHERE datname = $1 AND query LIKE \'COPY "hospital"."observation"%\'',
          [made.settings.database],
        );
        return rows.length > 0;
      };
      const first = admin(made.settings, "restore", path);
      const inTime = await reached(copying, first);
      first.child.kill("SIGKILL");
      // Null: the signal ended it, not its own end.
      return (await first.ended).code === null && inTime ? { target: made, before: empty } : undefined;
    });
    const workers = async () =>
      (
        await hospital.owner(
          "SELECT FROM pg_stat_activity WHERE datname = $1 AND application_name = 'lamplight-backup'",
          [target.settings.database],
        )
      ).rows.length;
    await expect.poll(workers).toBe(0);
    expect(await everything(target.query)).toBe(before);

    const second = await admin(target.settings, "restore", path).ended;
    expect(second.said).toMatch(/^The backup is whole: a demo hospital of /mu);
    expect(second.said).toMatch(/^Restored 12\d,\d+ rows of \d+ tables, .* audit entries verified/mu);
    expect(second.code).toBe(0);
    const third = await admin(target.settings, "restore", path).ended;
    expect(third.said).toContain("This database holds a hospital already.");
    expect(third.code).toBe(1);
  });

  test("or whose server goes away: nothing is left of it", async () => {
    const path = join(folder.path, "whole.backup");
    const { target, before, code, said } = await once(async () => {
      const made = await newDatabase();
      const empty = await everything(made.query);
      const run = admin(made.settings, "restore", path);
      const worker = async () => {
        const { rows } = await hospital.owner(
          'SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE datname = $1 AND query LIKE \'COPY "hospital"."observation"%\'',
          [made.settings.database],
        );
        return rows.length > 0;
      };
      const inTime = await reached(worker, run);
      const ended = await run.ended;
      return inTime && ended.code !== 0 ? { target: made, before: empty, ...ended } : undefined;
    });
    expect(code).toBe(1);
    expect(said).toMatch(/The server ended the connection\. What was not reported as done was not done\./u);
    await expect.poll(() => everything(target.query)).toBe(before);
  });
});

const mayMount =
  process.platform === "linux" && spawnSync("unshare", ["-m", "true"]).status === 0 && process.getuid?.() === 0;
test.runIf(mayMount)(
  "a full disk: one line, the part kept, the database untouched; with room the same command goes on",
  async () => {
    const small = join(folder.path, "small");
    mkdirSync(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4400k", "tmpfs", small]);
    try {
      const path = join(small, "full.backup");
      const { code, said } = await admin(hospital.cluster.owner, "backup", path).ended;
      expect(code).toBe(1);
      expect(said.trim().split("\n")).toHaveLength(1);
      expect(said).toMatch(
        /^The disk is full\. The database was not touched; what is finished is kept in .*full\.backup\.partial/u,
      );
      expect(existsSync(path)).toBe(false);
      execFileSync("mount", ["-o", "remount,size=200m", small]);
      const again = await admin(hospital.cluster.owner, "backup", path, "--verify").ended;
      expect(again.said).toMatch(/tables of an interrupted run taken over\)/u);
      expect(again.code).toBe(0);
    } finally {
      execFileSync("umount", [small]);
    }
  },
);
