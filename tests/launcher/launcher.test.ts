import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { asar } from "../../scripts/lib/archive.mjs";

const project = join(import.meta.dirname, "..", "..");
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-launcher-"));
  folders.push(folder);
  return folder;
}

/** A project of the same shape with a program of our own in the place of Electron. */
function littleProject(electron: string): string {
  const folder = newFolder();
  spawnSync("chmod", ["755", folder]);
  for (const name of ["scripts", "package.json", "package-lock.json", ".npmrc"]) {
    cpSync(join(project, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  for (const file of ["main/main.cjs", "preload/preload.cjs", "renderer/index.html", "renderer/lock.html"]) {
    mkdirSync(join(folder, "out", file, ".."), { recursive: true });
    writeFileSync(join(folder, "out", file), "");
  }
  const dist = join(folder, "runtime");
  mkdirSync(dist);
  writeFileSync(join(dist, "electron"), `#!/bin/sh\n${electron}\n`, { mode: 0o755 });
  writeFileSync(join(dist, "version"), "1.2.3");
  return folder;
}

function script(folder: string, code: string, env: Record<string, string | undefined> = {}) {
  const file = join(folder, "scripts", "probe.mjs");
  writeFileSync(file, code);
  return spawnSync(process.execPath, [file], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, "runtime"), ...env } as NodeJS.ProcessEnv,
  });
}

test("the runtime that is there is taken, named, and told apart from the release runtime", () => {
  const folder = littleProject("exit 0");
  const run = script(folder, 'import { ensureRuntime } from "./lib/runtime.mjs"; await ensureRuntime();');
  expect(run.stdout).toContain("runs on Electron 1.2.3 (from ELECTRON_OVERRIDE_DIST_PATH).");
  expect(run.stdout).toContain("for development and tests only, out of support");
});

test("a runtime that is named and not there is refused in one line", () => {
  const folder = littleProject("exit 0");
  const code =
    'import { ensureRuntime } from "./lib/runtime.mjs"; import { runScript } from "./lib/project.mjs";' +
    "await runScript(async () => { await ensureRuntime(); });";
  const run = script(folder, code, { ELECTRON_OVERRIDE_DIST_PATH: "/nowhere" });
  expect(run.status).toBe(1);
  expect(run.stderr.trim()).toBe("lamplight: ELECTRON_OVERRIDE_DIST_PATH names /nowhere, where there is no Electron.");
});

test("npm's own installed list decides whether packages are installed again", () => {
  const folder = littleProject("exit 0");
  const code =
    'import { ensureDependencies } from "./lib/dependencies.mjs"; import { runScript } from "./lib/project.mjs";' +
    "await runScript(async () => ensureDependencies());";
  expect(script(folder, code).stdout).toBe("");
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  lock.packages["node_modules/zod"].version = "0.0.1";
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  const npm = join(folder, "npm-cli.js");
  writeFileSync(npm, "process.stdout.write(`npm was asked: ${process.argv.slice(2).join(' ')}\\n`);");
  expect(script(folder, code, { npm_execpath: npm }).stdout).toContain("npm was asked: ci");
});

test("the app gets its folder and arguments, and its exit code is ours", () => {
  const folder = littleProject('echo "started with $*"; echo "home $LAMPLIGHT_HOME"; exit 7');
  const home = join(newFolder(), "home");
  spawnSync("chmod", ["755", join(home, "..")]);
  const code =
    'import { runApp } from "./lib/launch.mjs"; import { ensureRuntime } from "./lib/runtime.mjs";' +
    'process.exitCode = await runApp(await ensureRuntime(), ["--hello"]);';
  const run = script(folder, code, { DISPLAY: ":0", LAMPLIGHT_HOME: home });
  expect(run.stdout).toMatch(new RegExp(`started with .*${folder} --hello`));
  expect(run.stdout).toContain(`home ${home}`);
  expect(run.status).toBe(7);
});

test.runIf(process.getuid?.() === 0)("as root the app is started as an ordinary account, which owns its home", () => {
  const folder = littleProject('echo "uid $(id -u) $HOME"; touch "$LAMPLIGHT_HOME/mine" && echo written');
  const home = join(newFolder(), "home");
  spawnSync("chmod", ["755", join(home, "..")]);
  const code =
    'import { runApp } from "./lib/launch.mjs"; import { ensureRuntime } from "./lib/runtime.mjs";' +
    "await runApp(await ensureRuntime(), []);";
  const run = script(folder, code, { DISPLAY: ":0", LAMPLIGHT_HOME: home });
  if (run.stdout.includes("the app runs as root")) expect(run.stdout).toContain("uid 0");
  else expect(run.stdout).toMatch(/uid [1-9]\d* \/var\/lib\/lamplight/);
  expect(run.stdout).toContain("written");
});

test.runIf(process.getuid?.() === 0)(
  "where that account cannot read the folder the app runs as root, and says so",
  () => {
    const folder = littleProject('echo "uid $(id -u) $*"');
    spawnSync("chmod", ["700", folder]);
    const code =
      'import { runApp } from "./lib/launch.mjs"; import { ensureRuntime } from "./lib/runtime.mjs";' +
      "await runApp(await ensureRuntime(), []);";
    const run = script(folder, code, { DISPLAY: ":0", LAMPLIGHT_HOME: join(newFolder(), "home") });
    expect(run.stdout).toContain("the app runs as root, so Chromium's sandbox is off (--no-sandbox).");
    expect(run.stdout).toMatch(/uid 0 .*--no-sandbox/);
  },
);

test.runIf(process.platform === "linux")("a virtual screen is made where there is none, and is gone afterwards", () => {
  const folder = littleProject('echo "draws on $DISPLAY"');
  const home = join(newFolder(), "home");
  spawnSync("chmod", ["755", join(home, "..")]);
  const code =
    'import { runApp } from "./lib/launch.mjs"; import { ensureRuntime } from "./lib/runtime.mjs";' +
    "await runApp(await ensureRuntime(), []);";
  const run = script(folder, code, { DISPLAY: undefined, LAMPLIGHT_HOME: home });
  const number = /draws on :(\d+)/.exec(run.stdout)?.[1];
  expect(number).toBeDefined();
  expect(run.stdout).toContain(`the app draws on a virtual screen :${number}`);
  const end = Date.now() + 30_000;
  while (existsSync(`/tmp/.X11-unix/X${number}`) && Date.now() < end) spawnSync("sleep", ["0.05"]);
  expect(existsSync(`/tmp/.X11-unix/X${number}`)).toBe(false);
});

test("the signal that ends us ends the app", async () => {
  const folder = littleProject('trap "echo ended; exit 0" TERM; echo ready; while :; do sleep 0.1; done');
  const home = join(newFolder(), "home");
  spawnSync("chmod", ["755", join(home, "..")]);
  writeFileSync(
    join(folder, "scripts", "probe.mjs"),
    'import { runApp } from "./lib/launch.mjs"; import { ensureRuntime } from "./lib/runtime.mjs";' +
      "await runApp(await ensureRuntime(), []);",
  );
  const child = spawn(process.execPath, [join(folder, "scripts", "probe.mjs")], {
    cwd: folder,
    env: { ...process.env, DISPLAY: ":0", LAMPLIGHT_HOME: home, ELECTRON_OVERRIDE_DIST_PATH: join(folder, "runtime") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  let asked = false;
  const code = await new Promise((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (asked || !/^ready$/m.test(said)) return;
      asked = true;
      child.kill("SIGTERM");
    });
    child.on("close", resolve);
  });
  expect(said).toContain("ended");
  expect(code).toBe(0);
});

test("the stand-in archive is one that can be read back", () => {
  const packed = asar({ "package.json": '{"main":"main.js"}', "main.js": "module.exports = 'ä';" });
  const headerLength = packed.readUInt32LE(4);
  const header = JSON.parse(packed.subarray(16, 16 + packed.readUInt32LE(12)).toString());
  const { size, offset } = header.files["main.js"];
  const start = 8 + headerLength + Number(offset);
  expect(packed.subarray(start, start + size).toString()).toBe("module.exports = 'ä';");
});

test("a fetched runtime is the one whose checksum is written down", () => {
  const source = readFileSync(join(project, "scripts", "lib", "runtime.mjs"), "utf8");
  const integrity = /integrity: "sha512-([^"]+)"/.exec(source)?.[1] ?? "";
  expect(Buffer.from(integrity, "base64")).toHaveLength(createHash("sha512").digest().length);
  const link = join(project, "node_modules", "electron", "dist");
  if (existsSync(link) && existsSync(join(link, "version")))
    expect(readFileSync(join(link, "version"), "utf8")).toMatch(/^v?\d+\./);
});

test("the lockfile names no host and can be installed on every platform", () => {
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
  };
  const hosts = Object.values(lock.packages).filter((entry) => entry.resolved !== undefined);
  expect(hosts).toEqual([]);
  const file = join(project, "package-lock.json");
  const before = readFileSync(file, "utf8");
  const run = spawnSync(process.execPath, [join(project, "scripts", "complete-lockfile.mjs")], { encoding: "utf8" });
  if (readFileSync(file, "utf8") !== before) writeFileSync(file, before);
  expect(run.stdout).toBe("");
});
