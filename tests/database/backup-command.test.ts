import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runAdmin } from "../../electron/command-line/admin/lamplight-admin";
import { CommandRefused, type Terminal } from "../../electron/command-line/admin/terminal";
import { startEmbeddedDatabase } from "../../electron/database/embedded-database";
import { openDatabase } from "../../electron/database/pool";
import { migrationsFolder, temporaryFolder } from "../support/backup";
import { cloneCluster, templateHome } from "../support/cluster";
import { demoTemplate, signedIn, type TestHospital } from "../support/hospital";

/** The commands as IT types them, on the home folders of two machines. */
const folder = temporaryFolder();
const file = join(folder.path, "hospital.backup");
const keyFile = join(folder.path, "backup.key");
const homes = [0, 1].map(() => mkdtempSync(join(tmpdir(), "lamplight-home-")));
const [source, target] = homes as [string, string];

async function admin(words: readonly string[], options: { variable?: string; typed?: readonly string[] } = {}) {
  const said: string[] = [];
  const shown: string[] = [];
  const typed = [...(options.typed ?? [])];
  const terminal: Terminal = {
    say: (line) => void said.push(line),
    complain: (line) => void said.push(line),
    progress: (line) => void (line === null || shown.push(line)),
    secret: async (variable) => {
      const answer = options.variable ?? typed.shift();
      if (answer === undefined) throw new CommandRefused(`Set ${variable}, or run this on a terminal to be asked.`);
      return answer;
    },
  };
  const code = await runAdmin(words, {
    terminal,
    environment: { INIT_CWD: folder.path, LAMPLIGHT_BACKUP_PASSPHRASE: options.variable },
    migrations: migrationsFolder,
    demoFolder: "resources/demo-hospital",
    version: "0.0.0",
  });
  return { code, said: said.join("\n"), shown };
}

beforeAll(async () => {
  cloneCluster(await templateHome(demoTemplate), source);
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
});
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
  folder.remove();
});

test("a passphrase is asked twice, and a short or a mistyped one refused before anything is opened", async () => {
  const short = await admin(["--home", source, "backup", file], { typed: ["only eleven"] });
  expect(short).toMatchObject({ code: 1, said: "The passphrase must have at least 12 characters." });
  const mistyped = await admin(["--home", source, "backup", file], { typed: ["twelve letters", "twelve lettres"] });
  expect(mistyped).toMatchObject({ code: 1, said: "The two passphrases are not the same." });
  const nobody = await admin(["--home", source, "backup", file]);
  expect(nobody).toMatchObject({
    code: 1,
    said: "Set LAMPLIGHT_BACKUP_PASSPHRASE, or run this on a terminal to be asked.",
  });
  expect(existsSync(file)).toBe(false);
  expect((await admin(["--home", source, "backup"])).code).toBe(2);
  const nowhere = await admin(["--home", join(folder.path, "nowhere"), "backup", file], {
    variable: "a passphrase for tests",
  });
  expect(nowhere.said).toMatch(/There is no home folder/u);
  // Nor would anything else that only looks answer for an empty database that it made itself.
  for (const words of ["audit verify", "keys status", "retention", "schema --check", "demo remove"]) {
    const answer = await admin(["--home", join(folder.path, "nowhere"), ...words.split(" ")]);
    expect([answer.code, answer.said], words).toEqual([1, expect.stringMatching(/There is no database in .*nowhere/u)]);
  }
  expect(existsSync(join(folder.path, "nowhere"))).toBe(false);
  expect(existsSync(join(folder.path, "nowhere"))).toBe(false);
});

test("a backup by passphrase, relative to where the person stands, with its progress and a last line", async () => {
  const done = await admin(["--home", source, "backup", "hospital.backup", "--verify"], {
    typed: ["a passphrase for tests", "a passphrase for tests"],
  });
  expect(done.said).toMatch(
    /^Backed up [\d,]+ rows of \d+ tables, [\d.]+ MB, as [\d.]+ MB in [\d.]+ s: .*hospital\.backup\nRead back: every byte is as it was written\.$/u,
  );
  expect(done.code).toBe(0);
  expect(done.shown.join("\n")).toMatch(/Counting: \d+ %, .* tables/u);
  expect(done.shown.join("\n")).toMatch(/Checking: 100 %, [\d.]+ MB of [\d.]+ MB/u);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await admin(["--home", source, "backup", file], { variable: "a passphrase for tests" });
  expect(again).toMatchObject({ code: 1, said: `${file} exists already. Nothing was written.` });
});

test("checking alone says what a file holds and needs no database; a wrong passphrase or a damaged file is one line", async () => {
  const checked = await admin(["restore", file, "--check-only"], { variable: "a passphrase for tests" });
  expect(checked.said).toMatch(
    /^The backup is whole: a demo hospital of \d{4}-.*, by Lamplight 0\.0\.0, schema \d{4}_\w+\.sql, [\d,]+ rows of \d+ tables, [\d.]+ MB\.$/u,
  );
  expect(checked.code).toBe(0);
  const wrong = await admin(["--home", target, "restore", file], { variable: "another passphrase" });
  expect(wrong).toMatchObject({ code: 1, said: "The passphrase is wrong, or the beginning of the backup is damaged." });
  const damaged = readFileSync(file);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] as number) ^ 1;
  writeFileSync(join(folder.path, "damaged.backup"), damaged);
  const refused = await admin(["--home", target, "restore", "damaged.backup"], { variable: "a passphrase for tests" });
  expect(refused.said).toMatch(/^The backup is damaged or cut off at byte \d+\.$/u);
  expect(refused.code).toBe(1);
  // Not even a database was made for it.
  expect(existsSync(join(target, "postgres"))).toBe(false);
});

test("with a key file, restored on another machine; the app starts there and a nurse signs in", async () => {
  expect((await admin(["--home", source, "backup", "keyed.backup", "--key-file", "backup.key"])).code).toBe(0);
  const passphrase = await admin(["restore", "keyed.backup", "--check-only"], { variable: "a passphrase for tests" });
  expect(passphrase.said).toBe("This backup was made with a key file: name it with --key-file.");
  const done = await admin(["--home", target, "restore", "keyed.backup", "--key-file", "backup.key"]);
  expect(done.said).toMatch(
    /\nRestored [\d,]+ rows of \d+ tables, [\d.]+ MB, in [\d.]+ s; \d+ audit entries verified, \d+ open sessions ended\.$/u,
  );
  expect(done.code).toBe(0);
  expect(existsSync(join(target, "postgres"))).toBe(true);
  const second = await admin(["--home", target, "restore", "keyed.backup", "--key-file", "backup.key"]);
  expect(second.said).toMatch(
    /This database holds a hospital already\. A backup is restored into an empty one only\.$/u,
  );
  expect(second.code).toBe(1);

  const embedded = await startEmbeddedDatabase({ home: target, migrations: migrationsFolder });
  const database = openDatabase(embedded.workstation);
  const nurse = await signedIn({ database } as TestHospital, "demo_nurse");
  expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
  await database.close();
  await embedded.server.stop();
});
