import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { BadConfiguration } from "../../electron/configuration/bad-configuration";
import { troubleWithHome } from "../../electron/configuration/home-folder";
import type { SecretBox } from "../../electron/configuration/secret-box";
import { Refusal } from "../../shared/failure";
import { type Machine, makeMachine } from "../support/configuration";

let machine: Machine;
let authority: string;
let otherAuthority: string;
beforeAll(async () => {
  const make = async () =>
    (await generate([{ name: "commonName", value: "Hospital CA" }], { algorithm: "sha256" })).cert;
  [authority, otherAuthority] = await Promise.all([make(), make()]);
});
beforeEach(() => {
  machine = makeMachine();
});
const asRoot = process.getuid?.() === 0;
const modeOf = (path: string) => statSync(path).mode & 0o777;
const url = "postgresql://lamplight_app@db.hospital.example:6432/lamplight";
const choice = (more: object = {}) => ({ url, password: "s3cr3t-word", certificateAuthority: authority, ...more });
const refusalOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.failure;
    throw error;
  }
  return undefined;
};

test("nothing said is the database of this machine, and every item its default", () => {
  const configuration = machine.open();
  expect(configuration.central()).toBeUndefined();
  expect(configuration.connectionView()).toMatchObject({
    kind: "embedded",
    source: "default",
    locked: false,
    demoAllowed: true,
    url: null,
    certificateAuthority: null,
  });
  const items = configuration.items();
  expect(new Set(items.map(({ source }) => source))).toEqual(new Set(["default"]));
  expect(Object.fromEntries(items.map(({ name, value }) => [name, value]))).toEqual({
    "database.url": "a database of this machine's own",
    "database.certificateAuthority": "the authorities that come with Lamplight",
    "database.password": "not set",
    "model.baseUrl": "not set",
    "model.name": "not set",
    "model.apiKey": "not set",
    "lock.idleSeconds": "900 seconds without input",
    "badge.prefix": "none",
    "demo.allowed": "yes",
    "anchors.folder": "the home folder where the database is this machine's own; else nothing is anchored here",
    "anchors.minutes": "15 minutes",
    "updates.enabled": "off",
    "updates.feed": "not set",
    "updates.publicKey": "not set",
    "updates.channel": "stable",
    "look.appearance": "system",
    "look.textSize": "normal",
  });
});

test("a choice is kept, its password apart from it, and no other account can read either", () => {
  machine.open().choose(choice());
  const configuration = machine.open();
  expect(configuration.central()).toEqual({
    host: "db.hospital.example",
    port: 6432,
    user: "lamplight_app",
    password: "s3cr3t-word",
    database: "lamplight",
    ssl: { rejectUnauthorized: true, ca: authority.trim() },
  });
  expect(configuration.connectionView()).toMatchObject({ kind: "central", source: "chosen", locked: false, url });
  expect(JSON.stringify([configuration.connectionView(), configuration.items()])).not.toContain("s3cr3t-word");
  for (const name of readdirSync(machine.home)) expect([name, modeOf(join(machine.home, name))]).toEqual([name, 0o600]);
  expect(readFileSync(join(machine.home, "connection.json"), "utf8")).not.toContain("s3cr3t-word");
  expect(configuration.items().find(({ name }) => name === "database.certificateAuthority")?.value).toMatch(
    /^CN=Hospital CA \(until \d{4}-\d\d-\d\d\)$/u,
  );
});

test("where the kept passwords cannot be read, a choice is refused before anything of it is kept", () => {
  const configuration = machine.open();
  configuration.choose(choice());
  const file = join(machine.home, "secrets.json");
  writeFileSync(file, "{");
  const other = choice({ url: url.replace("db.", "other."), password: "" });
  expect(refusalOf(() => configuration.choose(other))).toMatchObject({ code: "CONNECTION_REFUSED" });
  expect(readFileSync(join(machine.home, "connection.json"), "utf8")).not.toContain("other.");
  expect(configuration.connectionView().url).toBe(url);
});

test.each([
  [
    "the environment",
    () => ({ environment: { DATABASE_URL: "postgresql://lamplight_app:env@127.0.0.1:1/lamplight" } }),
  ],
  [
    "the managed file",
    () => {
      machine.manage({ database: { url: "postgresql://lamplight_app@127.0.0.1:1/lamplight" } });
      return {};
    },
  ],
])("where %s decided, no other address is tried, and that one may be", async (_, decide) => {
  const configuration = machine.open(decide());
  const decided = "postgresql://lamplight_app@127.0.0.1:1/lamplight";
  const refused = configuration.test(choice({ certificateAuthority: null }), { version: "0012" });
  await expect(refused).rejects.toMatchObject({ failure: { code: "CONFIGURATION_LOCKED" } });
  const { steps } = await configuration.test(choice({ url: decided, certificateAuthority: null }), { version: "0012" });
  expect(steps[1]).toMatchObject({ step: "reach", state: "failed" });
});

test("forgetting it is the database of this machine again, and the password is gone", () => {
  const configuration = machine.open();
  configuration.choose(choice());
  configuration.forget();
  expect(configuration.central()).toBeUndefined();
  expect(machine.open().central()).toBeUndefined();
  expect(existsSync(join(machine.home, "secrets.json"))).toBe(false);
});

test.each([
  ["https://db.hospital.example/x", "The address must begin with postgresql://."],
  ["postgresql://lamplight_app@db.hospital.example", "The address names no database."],
  ["postgresql://db.hospital.example/lamplight", /login/u],
  [url.replace("app@", "app:hunter2@"), "The address must not hold the password."],
  [`${url}?sslmode=disable`, "The address's sslmode must be verify-full for a database on another machine."],
  [`${url}?sslrootcert=/etc/passwd`, /sslrootcert/u],
])("the address %s is refused in words", (bad, says) => {
  const configuration = machine.open();
  const refusal = refusalOf(() => configuration.choose(choice({ url: bad })));
  expect(refusal?.code).toBe("CONNECTION_REFUSED");
  expect(refusal?.message).toMatch(says);
  expect(refusal?.message).not.toContain("hunter2");
  expect(machine.open().central()).toBeUndefined();
});

test("so is an authority that is none, and a test of it says so without connecting", async () => {
  const configuration = machine.open();
  const bad = choice({ certificateAuthority: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" });
  expect(refusalOf(() => configuration.choose(bad))?.message).toContain("one or more certificates in PEM form");
  const { steps } = await configuration.test(bad, { version: "0012" });
  expect(steps.map(({ state }) => state)).toEqual(["failed", ...Array<string>(4).fill("not-checked")]);
});

test.each([
  ["host", () => ({ url: url.replace("db.", "evil.") })],
  ["port", () => ({ url: url.replace("6432", "6433") })],
  ["login", () => ({ url: url.replace("lamplight_app", "someone") })],
  ["database", () => ({ url: url.replace("/lamplight", "/other") })],
  ["authority", () => ({ certificateAuthority: otherAuthority })],
  ["lack of an authority", () => ({ certificateAuthority: null })],
])("a password is never told to another %s", (_, change) => {
  const configuration = machine.open();
  configuration.choose(choice());
  configuration.choose(choice({ password: "", ...change() }));
  expect(configuration.central()?.password).toBe("");
  // Nor does it come back: the choice replaced it.
  configuration.choose(choice({ password: "" }));
  expect(configuration.central()?.password).toBe("");
});

test("an empty password keeps the one of the same address, however it is written", () => {
  const configuration = machine.open();
  configuration.choose(choice());
  configuration.choose(
    choice({ url: url.replace("db.hospital", "DB.Hospital").replace("postgresql:", "postgres:"), password: "" }),
  );
  expect(machine.open().central()?.password).toBe("s3cr3t-word");
});

test("connection.json changed by hand does not carry the password elsewhere", () => {
  machine.open().choose(choice());
  const file = join(machine.home, "connection.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("db.hospital", "evil.hospital"));
  expect(machine.open().central()).toMatchObject({ host: "evil.hospital.example", password: "" });
});

test.skipIf(process.platform === "win32").each([0o640, 0o604, 0o660])(
  "a secrets file of mode %o is refused at every read",
  (mode) => {
    const configuration = machine.open();
    configuration.choose(choice());
    const file = join(machine.home, "secrets.json");
    chmodSync(file, mode);
    expect(() => configuration.central()).toThrow(BadConfiguration);
    expect(() => configuration.central()).toThrow(
      `${file} is not used: other accounts may read or change it (mode ${mode.toString(8)}).`,
    );
    expect(configuration.connectionView().secretsKept).toContain(`${file} is not used`);
    expect(configuration.items().find(({ name }) => name === "database.password")?.value).toBe("not set");
    expect(refusalOf(() => configuration.choose(choice()))?.message).toContain(file);
    chmodSync(file, 0o600);
    expect(configuration.central()?.password).toBe("s3cr3t-word");
    chmodSync(file, mode);
    configuration.forget();
    expect(existsSync(file)).toBe(false);
  },
);

test.skipIf(process.platform === "win32")("a link in the place of the secrets file is refused", () => {
  const configuration = machine.open();
  configuration.choose(choice());
  const file = join(machine.home, "secrets.json");
  const elsewhere = machine.put(join(machine.root, "elsewhere.json"), readFileSync(file, "utf8"), 0o600);
  rmSync(file);
  symlinkSync(elsewhere, file);
  expect(() => configuration.central()).toThrow(/is not a file/u);
});

/** Stands where the system's key store is; what it seals holds nothing of the secret. */
function keyStore(): SecretBox & { broken: boolean } {
  const known: string[] = [];
  return {
    broken: false,
    described: "the keyring of this account",
    seal: (secret) => Buffer.from(`sealed ${known.push(secret) - 1}`),
    open(sealed) {
      if (this.broken) throw new Error("locked");
      return known[Number(sealed.toString().slice(7))] ?? "";
    },
  };
}

test("a real key store seals the password, takes over what lay open, and says so", () => {
  machine.open().choose(choice());
  expect(machine.open().connectionView().secretsKept).toMatch(/secrets\.json, which this account alone may read/u);
  const store = keyStore();
  const configuration = machine.open({ secretBox: () => store });
  expect(configuration.central()?.password).toBe("s3cr3t-word");
  expect(readFileSync(join(machine.home, "secrets.json"), "utf8")).not.toContain("s3cr3t-word");
  expect(configuration.central()?.password).toBe("s3cr3t-word");
  expect(configuration.connectionView().secretsKept).toContain("sealed by the keyring of this account");
  store.broken = true;
  expect(configuration.central()?.password).toBe("");
  expect(configuration.connectionView().secretsKept).toContain("cannot be opened any more. Type it again.");
  store.broken = false;
  expect(configuration.central()?.password).toBe("s3cr3t-word");
});

test.each([
  ["not JSON", "{"],
  ["empty", ""],
  ["another type", '{"url": 7, "certificateAuthority": null}'],
  ["a list", "[]"],
])("a connection.json that is %s is kept aside, said, and not used", (_, content) => {
  machine.open().choose(choice());
  const file = join(machine.home, "connection.json");
  writeFileSync(file, content);
  const configuration = machine.open();
  const [kept] = readdirSync(machine.home).filter((name) => name.includes("unusable"));
  expect(kept).toBe("connection.unusable-1.json");
  expect(readFileSync(join(machine.home, kept ?? ""), "utf8")).toBe(content);
  expect(configuration.notices).toEqual([expect.stringContaining(`${file} could not be understood. It is kept as `)]);
  expect(configuration.central()).toBeUndefined();
  writeFileSync(file, content);
  machine.open();
  expect(readdirSync(machine.home)).toContain("connection.unusable-2.json");
});

test("a settings.json of another version keeps what this one knows; a broken one is kept aside", () => {
  const file = machine.put(join(machine.home, "settings.json"), '{"appearance": "dark", "newer": 1}', 0o644);
  const configuration = machine.open();
  expect(configuration.settings.read()).toEqual({ appearance: "dark", textSize: "normal", dockWidth: 420 });
  expect(configuration.notices).toEqual([]);
  expect(modeOf(file)).toBe(0o600);
  writeFileSync(file, '{"appearance": "pink"}');
  expect(machine.open().settings.read().appearance).toBe("system");
  expect(readFileSync(join(machine.home, "settings.unusable-1.json"), "utf8")).toContain("pink");
});

test("the look is kept", () => {
  expect(machine.open().settings.change({ textSize: "large" })).toMatchObject({ textSize: "large" });
  machine.open().settings.change({ appearance: "dark" });
  expect(machine.open().settings.read()).toEqual({ appearance: "dark", textSize: "large", dockWidth: 420 });
});

test("the environment decides before a person, who then cannot choose", () => {
  machine.open().choose(choice());
  const environment = { DATABASE_URL: "postgresql://lamplight_app:env@127.0.0.1/lamplight", LAMPLIGHT_DEMO: "1" };
  const configuration = machine.open({ environment });
  expect(configuration.central()).toMatchObject({ host: "127.0.0.1", password: "env" });
  const shown = "postgresql://lamplight_app@127.0.0.1:5432/lamplight";
  expect(configuration.connectionView()).toMatchObject({ source: "environment", locked: true, url: shown });
  expect(configuration.loadDemoUnasked).toBe(false);
  expect(refusalOf(() => configuration.choose(choice()))?.code).toBe("CONFIGURATION_LOCKED");
  expect(refusalOf(() => configuration.forget())?.code).toBe("CONFIGURATION_LOCKED");
  const item = configuration.items().find(({ name }) => name === "database.url");
  expect(item).toMatchObject({ value: shown, source: "environment", locked: false });
  expect(machine.open().central()?.password).toBe("s3cr3t-word");
});

test("the installed app takes no language model from the environment, and says which variables it left", () => {
  const environment = { OPENAI_API_KEY: "sk-environment", OPENAI_MODEL: "x", LAMPLIGHT_IDLE_SECONDS: "60" };
  expect(machine.open({ environment }).model).toMatchObject({ apiKey: "sk-environment", model: "x" });
  const packaged = machine.open({ environment, packaged: true });
  expect(packaged.model).toBeUndefined();
  expect(packaged.idleSeconds).toBe(60);
  expect([...packaged.ignoredVariables].sort()).toEqual(["OPENAI_API_KEY", "OPENAI_MODEL"]);
});

test("bad values of the environment stop the start as they always did", () => {
  expect(machine.complaint({ environment: { LAMPLIGHT_IDLE_SECONDS: "2" } })).toBe(
    "LAMPLIGHT_IDLE_SECONDS must be a whole number of seconds between 3 and 900.",
  );
});

test("a hospital that gives only its authority lets a person choose the address", () => {
  machine.manage({ database: { certificateAuthority: authority } });
  const configuration = machine.open({ environment: { DATABASE_URL: "postgresql://a:b@localhost/c" } });
  expect(configuration.connectionView()).toMatchObject({ kind: "embedded", locked: false });
  expect(configuration.ignoredVariables).toEqual(["DATABASE_URL"]);
  expect(refusalOf(() => configuration.choose(choice({ certificateAuthority: otherAuthority })))?.code).toBe(
    "CONFIGURATION_LOCKED",
  );
  configuration.choose(choice({ certificateAuthority: null }));
  expect(configuration.central()?.ssl).toEqual({ rejectUnauthorized: true, ca: authority });
  expect(configuration.central()?.password).toBe("s3cr3t-word");
});

test.skipIf(process.platform === "win32")("a home folder is this account's alone", () => {
  const home = join(machine.root, "new", "home");
  expect(troubleWithHome(home)).toBeUndefined();
  expect(modeOf(home)).toBe(0o700);
  const file = machine.put(join(machine.root, "file"), "");
  expect(troubleWithHome(file)).toBe(
    `its folder ${file} cannot be made or written. Choose another with LAMPLIGHT_HOME.`,
  );
});

/** Runs our code as another account of this machine, as a second desktop user would. */
function asAccount(account: number, code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-account-"));
  chownSync(folder, account, account);
  const file = join(folder, "act.mts");
  writeFileSync(file, code);
  const ran = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), file], {
    uid: account,
    gid: account,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], TMPDIR: folder, HOME: folder },
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout;
}

test.runIf(asRoot)("two desktop users of one machine share the managed file and nothing else", () => {
  const project = execFileSync("realpath", ["."], { encoding: "utf8" }).trim();
  const shared = join(machine.root, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  chmodSync(machine.root, 0o755);
  machine.manage({ lock: { idleSeconds: 60 } });
  const [anna, ben] = [64_001, 64_002];
  const act = (home: string, then: string) => `
    import { createConfiguration } from ${JSON.stringify(join(project, "electron/configuration/configuration"))};
    import { troubleWithHome } from ${JSON.stringify(join(project, "electron/configuration/home-folder"))};
    import { readFileSync, writeFileSync, readdirSync } from "node:fs";
    process.umask(0);
    const home = ${JSON.stringify(home)};
    const trouble = troubleWithHome(home);
    const open = () => createConfiguration({ environment: {}, packaged: true, home, platform: "linux",
      secretBox: () => undefined, managedFile: ${JSON.stringify(machine.managedFile)} });
    const said = (work) => { try { return String(work()); } catch (error) { return error.code ?? error.message; } };
    ${then}`;
  const homes = { anna: join(shared, "anna"), ben: join(shared, "ben") };
  const chooseAs = (word: string) =>
    `open().choose({ url: "postgresql://lamplight_app@localhost/lamplight", password: "${word}", certificateAuthority: null });
     console.log(open().central().password, open().idleSeconds);`;
  expect(asAccount(anna, act(homes.anna, chooseAs("annas")))).toBe("annas 60\n");
  expect(asAccount(ben, act(homes.ben, chooseAs("bens")))).toBe("bens 60\n");
  expect(asAccount(anna, act(homes.anna, "console.log(open().central().password)"))).toBe("annas\n");
  for (const home of Object.values(homes)) {
    expect(modeOf(home)).toBe(0o700);
    for (const name of readdirSync(home)) expect([name, modeOf(join(home, name))]).toEqual([name, 0o600]);
  }
  const outside = `console.log([
    said(() => readdirSync(${JSON.stringify(homes.anna)})),
    said(() => readFileSync(${JSON.stringify(join(homes.anna, "secrets.json"))})),
    said(() => writeFileSync(${JSON.stringify(machine.managedFile)}, "{}")),
  ].join())`;
  expect(asAccount(ben, act(homes.ben, outside))).toBe("EACCES,EACCES,EACCES\n");
  expect(asAccount(ben, act(homes.anna, "console.log(trouble)"))).toMatch(/cannot be made or written|another account/u);
  // A folder that somebody made beforehand, open to all, is no home.
  const open = join(shared, "open");
  mkdirSync(open);
  chmodSync(open, 0o777);
  expect(asAccount(ben, act(open, "console.log(trouble)"))).toContain("belongs to another account");
  const own = join(shared, "own");
  mkdirSync(own);
  chownSync(own, ben, ben);
  chmodSync(own, 0o755);
  expect(asAccount(ben, act(own, "console.log(trouble)"))).toBe("undefined\n");
  expect(modeOf(own)).toBe(0o700);
  // The installed app does not believe a managed file that its own person could write.
  chmodSync(machine.managedFile, 0o600);
  expect(asAccount(ben, act(homes.ben, "console.log(said(open))"))).toBe(
    `${machine.managedFile} cannot be read by the account that runs Lamplight.\n`,
  );
  chownSync(machine.managedFile, ben, ben);
  expect(asAccount(ben, act(homes.ben, "console.log(said(open))"))).toContain("does not belong to root");
});
