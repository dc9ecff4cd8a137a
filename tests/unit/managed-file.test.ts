import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { managedFilePlace } from "../../electron/configuration/managed-file";
import { Refusal } from "../../shared/failure";
import { type Machine, makeMachine, updateKey } from "../support/configuration";

let machine: Machine;
beforeEach(() => {
  machine = makeMachine();
});
const asRoot = process.getuid?.() === 0;
const url = "postgresql://lamplight_app@db.hospital.example/lamplight";
const nobody = 65_534;

test("each platform has its one place", () => {
  expect(managedFilePlace("linux")).toBe("/etc/lamplight/managed.json");
  expect(managedFilePlace("darwin")).toBe("/Library/Application Support/Lamplight/managed.json");
  expect(managedFilePlace("win32")).toBe("C:\\ProgramData\\Lamplight\\managed.json");
});

test("without a managed file the environment and the defaults hold", () => {
  const configuration = machine.open({ environment: { LAMPLIGHT_IDLE_SECONDS: "120" } });
  expect(configuration.managedFile).toBeUndefined();
  expect(configuration.idleSeconds).toBe(120);
  expect(configuration.items().filter(({ locked }) => locked)).toEqual([]);
});

test.each([
  [{ lock: { idleSeconds: 901 } }, "lock.idleSeconds must be a whole number of seconds between 3 and 900."],
  [{ lock: { idleSeconds: "300" } }, "lock.idleSeconds must be a whole number of seconds between 3 and 900."],
  [{ lock: { idleSeconds: 3.5 } }, "lock.idleSeconds must be a whole number of seconds between 3 and 900."],
  [{ lock: { idleSeconds: null } }, "lock.idleSeconds must be a whole number of seconds between 3 and 900."],
  [{ lock: { idle: 3 } }, '"lock.idle" is not a name that Lamplight knows.'],
  [{ lok: {} }, '"lok" is not a name that Lamplight knows.'],
  [{ lock: 300 }, "lock must be an object."],
  [{ demo: { allowed: "no" } }, "demo.allowed must be true or false."],
  [{ look: { appearance: "pink" } }, 'look.appearance must be "system", "light" or "dark".'],
  [{ look: { textSize: 12 } }, 'look.textSize must be "normal" or "large".'],
  [{ database: { url: "mysql://x@y/z" } }, "database.url must begin with postgresql://."],
  [{ database: { url: url.replace("app@", "app:hunter2@") } }, "database.url must not hold the password."],
  [{ database: { url: url.replace("lamplight_app@", "") } }, /^database\.url must name the workstation's login/u],
  [{ database: { url: `${url}?sslmode=require` } }, /^database\.url's sslmode must be verify-full/u],
  [{ database: { url: `${url}?sslrootcert=/home/eve/ca.pem` } }, /^database\.url must not name sslrootcert/u],
  [{ database: { password: "hunter2" } }, /^database\.password belongs to an address: database\.url must be set too/u],
  [
    { database: { url, certificateAuthority: "PEM" } },
    "database.certificateAuthority must be one or more certificates in PEM form.",
  ],
  [{ database: { url, passwordFile: "password" } }, "database.passwordFile must be the whole path of a file."],
  [{ database: { url, passwordFile: "/none/x" } }, "database.passwordFile names /none/x, which does not exist."],
  [{ model: { baseUrl: "http://llm.example/v1" } }, "model.baseUrl must use https, except on this machine."],
  [{ model: { apiKey: "sk-1" } }, '"model.apiKey" is not a name that Lamplight knows.'],
  [{ model: { name: "large" } }, "model.name needs model.baseUrl or model.apiKeyFile."],
  [{ updates: { enabled: true } }, "updates.enabled needs updates.feed and updates.publicKey."],
  [{ updates: { feed: "https://u:p@updates.example/" } }, "updates.feed must not hold a name or password."],
  [{ updates: { feed: "https://updates.example/?a" } }, "updates.feed must be an address without ? and #."],
  [{ updates: { publicKey: "AAAA" } }, "updates.publicKey must be an Ed25519 public key in PEM form."],
])("%j stops the start and names itself", (content, says) => {
  const path = machine.manage(content);
  const complaint = machine.complaint();
  expect(complaint.startsWith(`${path}: `)).toBe(true);
  const rest = complaint.slice(path.length + 2);
  if (typeof says === "string") expect(rest).toBe(says);
  else expect(rest).toMatch(says);
  expect(complaint).not.toMatch(/hunter2|\n/u);
});

test.each([
  ["", /^ is not JSON\.$/u],
  ['{\n"database": {"password": "hunter2"\n,,}}', /^ is not JSON(?: \(line 3\))?\.$/u],
  ['{\n"database": {"password": hunter2}}', /^ is not JSON(?: \(line 2\))?\.$/u],
  ["[]", /^ must hold one JSON object\.$/u],
  ["null", /^ must hold one JSON object\.$/u],
])("%j is no managed file", (text, says) => {
  const path = machine.manage(text);
  const complaint = machine.complaint();
  expect(complaint.startsWith(path)).toBe(true);
  expect(complaint.slice(path.length)).toMatch(says);
});

test("a name that stands there twice is refused: one of the two would not count", () => {
  const path = machine.manage('{"lock": {"idleSeconds": 60}, "demo": {"allowed": true}, "lock": {"idleSeconds": 900}}');
  expect(machine.complaint()).toBe(`${path}: "lock" stands there twice.`);
  machine.manage('{"lock": {"idleSeconds": 60, "idle\\u0053econds": 900}}');
  expect(machine.complaint()).toContain('"idleSeconds" stands there twice');
  machine.manage('{"database": {"url": "postgresql://lock:@localhost/\\"{lock:"}, "lock": {"idleSeconds": 60}}');
  expect(machine.complaint()).not.toContain("twice");
});

test("a file that is not UTF-8, is a folder, or is huge", () => {
  machine.put(machine.managedFile, Buffer.from([0x7b, 0xff, 0x7d]));
  expect(machine.complaint()).toBe(`${machine.managedFile} is not UTF-8 text.`);
  machine.put(machine.managedFile, "x".repeat(1024 * 1024 + 1));
  expect(machine.complaint()).toBe(`${machine.managedFile} is larger than 1 MB.`);
  mkdirSync(`${machine.managedFile}.d`);
  expect(machine.complaint({ managedFile: `${machine.managedFile}.d` })).toMatch(/managed\.json\.d .*not a file/u);
});

test("LAMPLIGHT_MANAGED names another file in unpackaged runs alone", () => {
  const other = machine.put(join(machine.root, "other.json"), '{"lock": {"idleSeconds": 60}}');
  const { open } = machine;
  const environment = { LAMPLIGHT_MANAGED: other };
  const place = managedFilePlace("linux");
  const withoutOption = { managedFile: undefined as never, environment };
  expect(open(withoutOption).idleSeconds).toBe(60);
  expect(machine.complaint({ ...withoutOption, environment: { LAMPLIGHT_MANAGED: `${other}.no` } })).toBe(
    `LAMPLIGHT_MANAGED names ${other}.no, which does not exist.`,
  );
  const packaged = open({ ...withoutOption, packaged: true });
  expect(packaged.managedFile).not.toBe(other);
  expect([undefined, place]).toContain(packaged.managedFile);
  expect(packaged.ignoredVariables).toContain("LAMPLIGHT_MANAGED");
});

test.each([0o664, 0o646, 0o666])("a managed file of mode %o is not used", (mode) => {
  const path = machine.manage({ lock: { idleSeconds: 60 } }, mode);
  expect(machine.complaint()).toBe(
    `${path} is not used: it can be changed by other accounts (mode ${mode.toString(8)}).`,
  );
});

test("nor one in a folder that others can change, however deep, nor one behind a link through such a folder", () => {
  machine.manage({ lock: { idleSeconds: 60 } });
  const folder = join(machine.root, "etc");
  chmodSync(machine.root, 0o777);
  expect(machine.complaint()).toContain(`${machine.managedFile} is not used: ${machine.root} can be changed`);
  chmodSync(machine.root, 0o755);
  expect(machine.complaint()).toBe("");
  chmodSync(folder, 0o775);
  expect(machine.complaint()).toContain(`${folder} can be changed by other accounts (mode 775)`);
  chmodSync(folder, 0o755);

  const open = join(machine.root, "open");
  mkdirSync(open);
  renameSync(machine.managedFile, join(open, "real.json"));
  symlinkSync(join("..", "open", "real.json"), machine.managedFile);
  expect(machine.open().idleSeconds).toBe(60);
  chmodSync(open, 0o777);
  expect(machine.complaint()).toContain(`${open} can be changed`);
});

test("a link that leads nowhere is not a missing file", () => {
  symlinkSync(join(machine.root, "nowhere.json"), machine.managedFile);
  expect(machine.complaint()).toBe(`${machine.managedFile} is a link that leads nowhere.`);
  const circle = mkdtempSync(join(machine.root, "circle-"));
  symlinkSync("b", join(circle, "a"));
  symlinkSync("a", join(circle, "b"));
  expect(machine.complaint({ managedFile: join(circle, "a") })).toContain("leads in a circle");
});

test.runIf(asRoot)("the installed app believes root alone", () => {
  machine.manage({ lock: { idleSeconds: 60 } });
  expect(machine.open({ packaged: true }).idleSeconds).toBe(60);
  chownSync(machine.managedFile, nobody, nobody);
  expect(machine.open({ packaged: false }).idleSeconds).toBe(60);
  expect(machine.complaint({ packaged: true })).toBe(`${machine.managedFile} is not used: it does not belong to root.`);
  chownSync(machine.managedFile, 0, 0);
  chownSync(join(machine.root, "etc"), nobody, nobody);
  expect(machine.complaint({ packaged: true })).toContain("etc does not belong to root");
});

test("files that it names are read at the start and judged like itself", () => {
  const passwordFile = machine.put(join(machine.root, "etc", "password"), "pass word\n", 0o640);
  const apiKeyFile = machine.put(join(machine.root, "etc", "key"), "sk-secret\r\n");
  machine.manage({ database: { url, passwordFile }, model: { apiKeyFile } });
  const configuration = machine.open();
  expect(configuration.central()?.password).toBe("pass word");
  expect(configuration.model).toEqual({ apiKey: "sk-secret", baseUrl: undefined, model: "gpt-4o-mini" });
  expect(configuration.connectionView().secretsKept).toContain("not every account of this machine can read it");
  expect(JSON.stringify([configuration.items(), configuration.connectionView()])).not.toMatch(/pass word|sk-secret/u);

  chmodSync(passwordFile, 0o644);
  expect(machine.open().connectionView().secretsKept).toContain("which everybody who uses this machine can read");
  chmodSync(passwordFile, 0o666);
  expect(machine.complaint()).toBe(
    `${machine.managedFile}: database.passwordFile: ${passwordFile} is not used: it can be changed by other accounts (mode 666).`,
  );
  machine.put(passwordFile, "");
  expect(machine.complaint()).toContain(`database.passwordFile names ${passwordFile}, whose content must be one line`);
  machine.manage({ database: { url, password: "x", passwordFile } });
  expect(machine.complaint()).toContain("database.password and database.passwordFile must not both be set");
});

test("it decides before the environment and the chosen, and every value of it is locked", () => {
  machine.open().choose({ url: "postgresql://chosen@localhost/chosen", password: "", certificateAuthority: null });
  machine.open().settings.change({ appearance: "dark", textSize: "large", dockWidth: 500 });
  machine.manage({
    database: { url, password: "managed" },
    model: { baseUrl: "https://llm.hospital.example/v1", name: "ward" },
    lock: { idleSeconds: 60 },
    demo: { allowed: false },
    updates: { enabled: true, feed: "https://updates.hospital.example/lamplight/", publicKey: updateKey },
    look: { appearance: "light" },
  });
  const configuration = machine.open({
    environment: {
      DATABASE_URL: "not even a URL",
      PGPASSWORD: "environment",
      OPENAI_API_KEY: "sk-environment",
      OPENAI_BASE_URL: "https://elsewhere.example/v1",
      LAMPLIGHT_IDLE_SECONDS: "900",
      LAMPLIGHT_DEMO: "1",
    },
  });
  expect(configuration.central()).toMatchObject({ host: "db.hospital.example", password: "managed" });
  expect(configuration.model).toEqual({ apiKey: "none", baseUrl: "https://llm.hospital.example/v1", model: "ward" });
  expect(configuration.idleSeconds).toBe(60);
  expect(configuration.demoAllowed).toBe(false);
  expect(configuration.loadDemoUnasked).toBe(false);
  expect(configuration.updates).toMatchObject({ enabled: true, channel: "stable", publicKey: updateKey });
  expect(configuration.settings.read()).toEqual({ appearance: "light", textSize: "large", dockWidth: 500 });
  expect([...configuration.ignoredVariables].sort()).toEqual(
    ["DATABASE_URL", "LAMPLIGHT_IDLE_SECONDS", "OPENAI_API_KEY", "OPENAI_BASE_URL", "PGPASSWORD"].sort(),
  );
  const items = Object.fromEntries(configuration.items().map((item) => [item.name, item]));
  expect(items["lock.idleSeconds"]).toEqual({
    name: "lock.idleSeconds",
    title: "Lock after",
    value: "60 seconds without input",
    source: "managed",
    locked: true,
  });
  expect(items["database.password"]).toMatchObject({ value: "set", locked: true });
  expect(items["database.certificateAuthority"]).toMatchObject({ source: "default", locked: true });
  expect(items["look.textSize"]).toMatchObject({ value: "large", source: "chosen", locked: false });
  expect(items["updates.channel"]).toMatchObject({ value: "stable", source: "default", locked: false });
  expect(configuration.connectionView()).toMatchObject({ kind: "central", source: "managed", locked: true, url });
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "done";
  } catch (error) {
    if (error instanceof Refusal) return error.failure.code;
    throw error;
  }
};

test("what it decides cannot be changed here", () => {
  machine.manage({ database: { url, password: "managed" }, look: { appearance: "light" } });
  const configuration = machine.open();
  const mine = { url: "postgresql://me@localhost/mine", password: "mine", certificateAuthority: null };
  expect(codeOf(() => configuration.choose(mine))).toBe("CONFIGURATION_LOCKED");
  expect(codeOf(() => configuration.choose({ ...mine, url }))).toBe("CONFIGURATION_LOCKED");
  expect(codeOf(() => configuration.forget())).toBe("CONFIGURATION_LOCKED");
  expect(codeOf(() => configuration.settings.change({ appearance: "dark" }))).toBe("CONFIGURATION_LOCKED");
  expect(codeOf(() => configuration.settings.change({ appearance: "light", textSize: "large" }))).toBe("done");
  expect(machine.open().central()).toMatchObject({ host: "db.hospital.example", password: "managed" });
  expect(machine.open().settings.read()).toMatchObject({ appearance: "light", textSize: "large" });
});

test("where it gives the address and no password, a person may add the password and nothing else", () => {
  machine.manage({ database: { url } });
  const configuration = machine.open();
  expect(configuration.connectionView()).toMatchObject({ source: "managed", locked: false, url });
  const other = { url: url.replace("db.", "evil."), password: "typed", certificateAuthority: null };
  expect(codeOf(() => configuration.choose(other))).toBe("CONFIGURATION_LOCKED");
  configuration.choose({ ...other, url });
  expect(machine.open().central()?.password).toBe("typed");
  // IT moves the database: what was typed for the old place does not follow.
  machine.manage({ database: { url: url.replace("db.", "db2.") } });
  expect(machine.open().central()).toMatchObject({ host: "db2.hospital.example", password: "" });
});
