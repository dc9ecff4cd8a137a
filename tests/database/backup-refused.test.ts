import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BackupRefused } from "../../electron/backup/refused";
import { verifyBackup } from "../../electron/backup/verified-backup";
import { migrate } from "../../electron/database/migrate";
import { connectOwner, type OwnerQuery } from "../../electron/database/pool";
import {
  backUpTo,
  everyRow,
  everything,
  migrationsFolder,
  newKeyFile,
  restoreFrom,
  temporaryFolder,
} from "../support/backup";
import { startTestHospital, type TestHospital } from "../support/hospital";

/** What is refused, and that nothing was touched: the whole target compared before and after. */
const folder = temporaryFolder();
const file = join(folder.path, "hospital.backup");
const changed = join(folder.path, "changed.backup");
const key = newKeyFile();
let hospital: TestHospital;
let bytes: Buffer;
let databases = 0;
const open: { end(): Promise<void> }[] = [];

beforeAll(async () => {
  hospital = await startTestHospital();
  await backUpTo(hospital.cluster.owner, file, { key });
  bytes = readFileSync(file);
});
afterAll(async () => {
  for (const connection of open) await connection.end();
  await hospital.close();
  folder.remove();
});

/** A new database on the hospital's server. */
async function newDatabase() {
  databases += 1;
  const settings = { ...hospital.cluster.owner, database: `target_${databases}` };
  await hospital.owner(`CREATE DATABASE ${settings.database}`);
  const owner = await connectOwner(settings);
  open.push(owner);
  return { settings, query: owner.query };
}
type Target = Awaited<ReturnType<typeof newDatabase>>;

async function refusedAndUntouched(target: Target, words: RegExp, work: () => Promise<unknown>): Promise<void> {
  const before = await everything(target.query);
  await expect(work()).rejects.toThrow(words);
  await expect(work()).rejects.toThrow(BackupRefused);
  expect(await everything(target.query)).toBe(before);
}

describe.each(["an empty database", "a prepared database without a hospital"])("into %s", (kind) => {
  let target: Target;
  beforeAll(async () => {
    target = await newDatabase();
    if (kind.startsWith("a prepared")) await migrate(target.query, { folder: migrationsFolder });
  });

  test("one flipped bit anywhere is refused before anything is touched", async () => {
    const before = await everything(target.query);
    const positions = [0, 15, 16, 17, 20, 30, 40, 70, 100, bytes.length - 1, bytes.length - 17, bytes.length - 500];
    for (let part = 0; part < 40; part += 1) positions.push(Math.floor(Math.random() * bytes.length));
    for (const position of positions) {
      const damaged = Buffer.from(bytes);
      damaged[position] = (damaged[position] as number) ^ 0x10;
      writeFileSync(changed, damaged);
      await expect(restoreFrom(changed, target.settings, { key }), `byte ${position}`).rejects.toThrow(BackupRefused);
    }
    expect(await everything(target.query)).toBe(before);
  });

  test("a cut-off file is refused before anything is touched", async () => {
    const before = await everything(target.query);
    for (const length of [0, 10, 122, 200, bytes.length >> 1, bytes.length - 1000, bytes.length - 1]) {
      writeFileSync(changed, bytes.subarray(0, length));
      await expect(restoreFrom(changed, target.settings, { key }), `${length} bytes`).rejects.toThrow(BackupRefused);
    }
    expect(await everything(target.query)).toBe(before);
  });

  test("a wrong key, and a file with something appended", async () => {
    await refusedAndUntouched(target, /key file is the wrong one/u, () =>
      restoreFrom(file, target.settings, { key: newKeyFile() }),
    );
    writeFileSync(changed, Buffer.concat([bytes, Buffer.from("x")]));
    await refusedAndUntouched(target, /appended/u, () => restoreFrom(changed, target.settings, { key }));
  });

  test("a backup of a newer schema, and one made with another migration of the same name", async () => {
    const migrations = join(folder.path, "older");
    rmSync(migrations, { recursive: true, force: true });
    cpSync(migrationsFolder, migrations, { recursive: true });
    rmSync(join(migrations, "0011_grants.sql"));
    await refusedAndUntouched(
      target,
      /newer than this version: its schema has 0011_grants\.sql\. Update Lamplight/u,
      () => restoreFrom(file, target.settings, { key, migrations }),
    );
    cpSync(migrationsFolder, migrations, { recursive: true });
    appendFileSync(join(migrations, "0003_patients.sql"), "-- a comment\n");
    await refusedAndUntouched(target, /another 0003_patients\.sql/u, () =>
      restoreFrom(file, target.settings, { key, migrations }),
    );
  });

  test("a later migration that fails takes the whole restore back", async () => {
    const migrations = join(folder.path, "failing");
    mkdirSync(migrations, { recursive: true });
    cpSync(migrationsFolder, migrations, { recursive: true });
    writeFileSync(join(migrations, "9999_failing.sql"), "CREATE TABLE public.half (x int); SELECT 1 / 0;");
    await refusedAndUntouched(target, /refused a part of the backup \(22012\)\. Nothing was changed/u, () =>
      restoreFrom(file, target.settings, { key, migrations }),
    );
  });

  test("and the backup itself goes in", async () => {
    await restoreFrom(file, target.settings, { key });
    const { rows } = await target.query("SELECT loaded_at IS NOT NULL AS loaded FROM private.installation");
    expect(rows).toEqual([{ loaded: true }]);
  });
});

test("as little as one ward, or one account, makes a database occupied", async () => {
  for (const row of [
    "INSERT INTO hospital.ward VALUES ('5A', 'Five A', 'Medicine')",
    "INSERT INTO hospital.staff (id, username, name, role, department) VALUES ('STF900', 'first', 'First', 'Admin', 'IT')",
    "UPDATE private.installation SET loaded_at = now()",
  ]) {
    const target = await newDatabase();
    await migrate(target.query, { folder: migrationsFolder });
    await target.query(row);
    await refusedAndUntouched(target, /holds a hospital already/u, () => restoreFrom(file, target.settings, { key }));
  }
});

test("a hospital that somebody is setting up at this very moment is waited for, and kept", async () => {
  const target = await newDatabase();
  await migrate(target.query, { folder: migrationsFolder });
  await target.query("BEGIN");
  await target.query("SELECT FROM private.installation");
  await target.query("INSERT INTO hospital.ward VALUES ('5A', 'Five A', 'Medicine')");
  const restored = restoreFrom(file, target.settings, { key }).then(
    () => "restored",
    (error: unknown) => (error instanceof BackupRefused ? error.message : error),
  );
  // Until it waits for us: what is not committed cannot be seen.
  for (let waiting = false; !waiting; )
    waiting =
      (
        await hospital.owner(
          `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT l.granted AND d.datname = '${target.settings.database}'`,
        )
      ).rows.length > 0;
  await target.query("COMMIT");
  expect(await restored).toMatch(/holds a hospital already/u);
  expect((await target.query("SELECT code FROM hospital.ward")).rows).toEqual([{ code: "5A" }]);
});

test("a backup into a folder that is not there is refused before anything is counted", async () => {
  const nowhere = join(folder.path, "nowhere", "x.backup");
  const audit = async () => (await hospital.owner("SELECT count(*) AS n FROM private.audit_entry")).rows;
  const before = await audit();
  await expect(backUpTo(hospital.cluster.owner, nowhere, { key })).rejects.toThrow(/There is no folder .*nowhere/u);
  expect(await audit()).toEqual(before);
});

test("a login that may make nothing is told so", async () => {
  const target = await newDatabase();
  await hospital.owner("CREATE ROLE visitor LOGIN PASSWORD 'visiting'");
  const visitor = { ...target.settings, user: "visitor", password: "visiting" };
  await expect(restoreFrom(file, visitor, { key })).rejects.toThrow(
    /This database login may not make Lamplight's schema/u,
  );
});

test("what was in the audit of the empty installation is named in the entry of the restore", async () => {
  const target = await newDatabase();
  await migrate(target.query, { folder: migrationsFolder });
  await target.query("SET ROLE lamplight_owner");
  await target.query(
    "SELECT private.append_audit('00000000-0000-0000-0000-000000000000', NULL, NULL, NULL, 'SCHEMA_MIGRATED', NULL, 'granted', '{}', 'here', '{}')",
  );
  const head = await target.query("SELECT encode(hash, 'hex') AS head FROM private.audit_chain");
  await target.query("RESET ROLE");
  await restoreFrom(file, target.settings, { key });
  const { rows } = await target.query("SELECT detail FROM private.audit_entry WHERE action = 'RESTORE'");
  expect(rows).toMatchObject([{ detail: { replaced: { auditEntries: 1, auditHead: head.rows[0]?.["head"] } } }]);
});

test("row policies, flags, constraints, triggers and rights are those of the source afterwards", async () => {
  const target = await newDatabase();
  await restoreFrom(file, target.settings, { key });
  const shape = async (query: OwnerQuery) =>
    (
      await query(
        `SELECT c.oid::regclass::text AS name, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, pg_get_userbyid(c.relowner) AS owner,
           ARRAY(SELECT concat_ws(' ', p.polname, p.polcmd, p.polroles::regrole[]::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1) AS policies,
           ARRAY(SELECT k.conname || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.conrelid = c.oid ORDER BY 1) AS constraints,
           ARRAY(SELECT concat(g.tgenabled, pg_get_triggerdef(g.oid)) FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal ORDER BY 1) AS triggers
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('hospital', 'private', 'guard', 'api') ORDER BY 1`,
      )
    ).rows;
  const [there, here] = [await shape(target.query), await shape(hospital.owner)];
  expect(there.length).toBeGreaterThan(60);
  expect(there).toEqual(here);
});

test("an audit that was tampered with is not restored", async () => {
  const target = await newDatabase();
  const tampered = join(folder.path, "tampered.backup");
  await restoreFrom(file, target.settings, { key });
  await target.query("SET session_replication_role = replica");
  await target.query(
    "UPDATE private.audit_entry SET outcome = 'granted' WHERE ctid = (SELECT min(ctid) FROM private.audit_entry WHERE outcome <> 'granted')",
  );
  await target.query("RESET session_replication_role");
  await backUpTo(target.settings, tampered, { key });
  const other = await newDatabase();
  await refusedAndUntouched(other, /audit in this backup does not verify/u, () =>
    restoreFrom(tampered, other.settings, { key }),
  );
});

test("a table whose policies hide rows from its owner is refused by name, not backed up in part", async () => {
  const target = await newDatabase();
  await restoreFrom(file, target.settings, { key });
  await target.query("ALTER POLICY functions_of_the_owner ON hospital.allergy USING (severity IS NOT NULL)");
  const partly = join(folder.path, "partly.backup");
  await expect(backUpTo(target.settings, partly, { key })).rejects.toThrow(/policies of hospital\.allergy hide rows/u);
});

test("a file that is changed between checking and loading changes nothing", async () => {
  const target = await newDatabase();
  writeFileSync(changed, bytes);
  const before = await everything(target.query);
  let spoiled = false;
  await expect(
    restoreFrom(changed, target.settings, {
      key,
      onProgress: ({ phase }) => {
        if (phase !== "preparing" || spoiled) return;
        spoiled = true;
        const damaged = Buffer.from(bytes);
        const at = bytes.length >> 1;
        damaged[at] = (damaged[at] as number) ^ 1;
        writeFileSync(changed, damaged);
      },
    }),
  ).rejects.toThrow(/damaged/u);
  expect(spoiled).toBe(true);
  expect(await everything(target.query)).toBe(before);
});

test("a database without a hospital's schema has nothing to back up, and two backups of one do not run at once", async () => {
  const target = await newDatabase();
  const none = join(folder.path, "none.backup");
  await expect(backUpTo(target.settings, none, { key })).rejects.toThrow(/no hospital in this database/u);
  await hospital.owner("SELECT pg_advisory_lock(7242017)");
  await expect(backUpTo(hospital.cluster.owner, none, { key })).rejects.toThrow(/Another backup/u);
  await hospital.owner("SELECT pg_advisory_unlock(7242017)");
});

test("a backup neither changes a row nor goes unrecorded", async () => {
  const withoutAudit = async () =>
    Object.entries(await everyRow(hospital.owner)).filter(([table]) => !table.startsWith("private.audit_"));
  const before = await withoutAudit();
  await backUpTo(hospital.cluster.owner, join(folder.path, "again.backup"), { key });
  expect(await withoutAudit()).toEqual(before);
  const { rows } = await hospital.owner(
    "SELECT detail ->> 'step' AS step, detail ->> 'sha256' AS sum FROM private.audit_entry WHERE action = 'BACKUP' ORDER BY sequence DESC LIMIT 2",
  );
  const backup = await verifyBackup(join(folder.path, "again.backup"), key);
  expect(rows).toEqual([
    { step: "finished", sum: backup.end.sha256 },
    { step: "begun", sum: null },
  ]);
  await backup.close();
});
