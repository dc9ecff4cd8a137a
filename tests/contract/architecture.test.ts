import { spawnSync } from "node:child_process";
import {
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
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/lib/build.mjs";
import { cruiseProject } from "../../scripts/lib/cruise.mjs";
import { toolNode } from "../../scripts/lib/project.mjs";

const project = join(import.meta.dirname, "..", "..");
const rooms = ["shared", "electron", "renderer"];

interface Rule {
  readonly name: string;
}
const { forbidden } = createRequire(import.meta.url)(join(project, ".dependency-cruiser.cjs")) as { forbidden: Rule[] };

const temporary: string[] = [];
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-walls-"));
  temporary.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), readFileSync(join(project, "package.json")));
  return folder;
}

afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A file that breaks each rule, and what it imports. Rooms: one import of a room that is closed to it. */
const breaches: Record<string, { from: string; imports: string; text?: string }> = {
  "no-circle": { from: "shared/circle/one.ts", imports: "./two" },
  "shared-stands-alone": { from: "shared/breach-alone.ts", imports: "../electron/records/a" },
  "shared-needs-only-zod": { from: "shared/breach-package.ts", imports: "uuid" },
  "renderer-not-electron": { from: "renderer/breach-electron.ts", imports: "../electron/records/a" },
  "renderer-no-node": { from: "renderer/breach-node.ts", imports: "node:fs" },
  "renderer-no-authority": { from: "renderer/breach-authority.ts", imports: "pg" },
  "electron-not-renderer": { from: "electron/records/breach-renderer.ts", imports: "../../renderer/a" },
  "electron-module-at-home": { from: "electron/records/breach-module.ts", imports: "electron" },
  "nobody-imports-main": { from: "electron/records/breach-main.ts", imports: "../main" },
  "preload-is-small": { from: "electron/preload.ts", imports: "zod" },
  "rooms-are-listed": { from: "electron/unheard-of/a.ts", imports: "../records/a" },
  "home-of-pg": { from: "electron/records/breach-pg.ts", imports: "pg" },
  "home-of-jose": { from: "electron/session/breach-jose.ts", imports: "jose" },
  "home-of-openai": { from: "electron/assistant/breach-openai.ts", imports: "openai" },
  "home-of-modelcontextprotocol-sdk": {
    from: "electron/tools/breach-mcp.ts",
    imports: "@modelcontextprotocol/sdk/client/index.js",
  },
  "home-of-node-rs-argon2": { from: "electron/records/breach-argon2.ts", imports: "@node-rs/argon2" },
  "declared-packages": { from: "electron/records/breach-undeclared.ts", imports: "ajv" },
  resolvable: { from: "electron/records/breach-nowhere.ts", imports: "./nowhere" },
  "home-of-pg-copy-streams": { from: "electron/backup/breach-copy.ts", imports: "pg-copy-streams" },
  "home-of-commander": { from: "electron/administration/breach-commander.ts", imports: "commander" },
  "room-administration": { from: "electron/administration/breach.ts", imports: "../window/a" },
  "room-assistant": { from: "electron/assistant/breach.ts", imports: "../database/a" },
  "room-anchors": { from: "electron/anchors/breach.ts", imports: "../session/a" },
  "room-audit": { from: "electron/audit/breach.ts", imports: "../session/a" },
  "room-badge": { from: "electron/badge/breach.ts", imports: "../session/a" },
  "room-backup": { from: "electron/backup/breach.ts", imports: "../assistant/a" },
  "room-command-line": { from: "electron/command-line/breach.ts", imports: "../window/a" },
  "room-compliance": { from: "electron/compliance/breach.ts", imports: "../session/a" },
  "room-configuration": { from: "electron/configuration/breach.ts", imports: "../session/a" },
  "room-database": { from: "electron/database/breach.ts", imports: "../records/a" },
  "room-demo-hospital": { from: "electron/demo-hospital/breach.ts", imports: "../window/a" },
  "room-deidentification": { from: "electron/deidentification/breach.ts", imports: "../database/a" },
  "room-emergency": { from: "electron/emergency/breach.ts", imports: "../window/a" },
  "room-drafts": { from: "electron/drafts/breach.ts", imports: "../session/a" },
  "room-fhir": { from: "electron/fhir/breach.ts", imports: "../database/a" },
  "room-health": { from: "electron/health/breach.ts", imports: "../session/a" },
  "room-hospital": { from: "electron/hospital/breach.ts", imports: "../window/a" },
  "room-ipc": { from: "electron/ipc/breach.ts", imports: "../window/a" },
  "room-llm": { from: "electron/llm/breach.ts", imports: "../tools/a" },
  "room-logging": { from: "electron/logging/breach.ts", imports: "../records/a" },
  "room-mcp": { from: "electron/mcp/breach.ts", imports: "../records/a" },
  "room-messaging": { from: "electron/messaging/breach.ts", imports: "../session/a" },
  "room-offline": { from: "electron/offline/breach.ts", imports: "../assistant/a" },
  "room-records": { from: "electron/records/breach.ts", imports: "../tools/a" },
  "room-redaction": { from: "electron/redaction/breach.ts", imports: "../database/a" },
  "room-sealing": { from: "electron/sealing/breach.ts", imports: "../database/a" },
  "room-session": { from: "electron/session/breach.ts", imports: "../assistant/a" },
  "room-tools": { from: "electron/tools/breach.ts", imports: "../session/a" },
  "room-updates": { from: "electron/updates/breach.ts", imports: "../session/a" },
  "room-window": { from: "electron/window/breach.ts", imports: "../database/a" },
};

describe("the graph check", () => {
  test("sees every source file and finds no breach", async () => {
    const { modules, violations } = await cruiseProject(rooms);
    const files = rooms.flatMap((room) => sourceFiles(join(project, room)));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(modules).toContain(file.slice(project.length + 1).replaceAll("\\", "/"));
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  test("every rule has a planted breach, and every planted breach a rule", () => {
    expect(forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(breaches).sort());
  });

  describe("catches", () => {
    let caught: { rule: Rule; from: string }[] = [];
    let caughtTypes: { rule: Rule; from: string }[] = [];

    beforeAll(async () => {
      const files = (line: (imports: string) => string) => {
        const planted: Record<string, string> = { "renderer/a.ts": "export const a = 1;", "electron/main.ts": "" };
        for (const room of ["records", "database", "session", "assistant", "tools", "window"]) {
          planted[`electron/${room}/a.ts`] = "export const a = 1; export type A = number;";
        }
        planted["shared/circle/two.ts"] = 'import { one } from "./one"; export const two = one;';
        for (const { from, imports } of Object.values(breaches)) planted[from] = line(imports);
        planted["shared/circle/one.ts"] = 'import { two } from "./two"; export const one = two;';
        return planted;
      };
      caught = (await cruiseProject(rooms, plant(files((imports) => `import * as a from "${imports}"; a;`))))
        .violations;
      const types = plant(files((imports) => `import type { A } from "${imports}"; export type B = A;`));
      caughtTypes = (await cruiseProject(rooms, types)).violations;
    });

    test.each(Object.keys(breaches))("%s", (name) => {
      expect(caught.filter((found) => found.rule.name === name).map((found) => found.from)).toContain(
        breaches[name]?.from,
      );
    });

    test.each(Object.keys(breaches).filter((name) => name.startsWith("room-")))("a type taken past %s", (name) => {
      expect(caughtTypes.filter((found) => found.rule.name === name).map((found) => found.from)).toContain(
        breaches[name]?.from,
      );
    });
  });

  test("an empty graph is a failure, not a success", async () => {
    const { modules } = await cruiseProject(["shared"], plant({ "shared/readme.txt": "nothing here" }));
    expect(modules).toEqual([]);
    expect(readFileSync(join(project, "scripts", "walls.mjs"), "utf8")).toContain("modules.length === 0");
  });
});

describe("the compiler's walls", () => {
  /** Compiles one file under a room's own settings, and answers what the compiler says. */
  function compile(room: string, text: string): string {
    const folder = plant({
      "breach.ts": text,
      "tsconfig.json": JSON.stringify({
        extends: join(project, room, "tsconfig.json"),
        compilerOptions: { composite: false, emitDeclarationOnly: false, noEmit: true },
        include: ["breach.ts"],
        references: [],
      }),
    });
    const compiler = join(project, "node_modules", "typescript", "bin", "tsc");
    const run = spawnSync(toolNode(), [compiler, "-p", folder], { encoding: "utf8", cwd: folder });
    return `${run.stdout}${run.stderr}`;
  }

  test.each([
    ["renderer", "export const folder = process.cwd();", "process"],
    ["renderer", 'import { readFileSync } from "node:fs"; export const read = readFileSync;', "node:fs"],
    ["renderer", "export const bytes = Buffer.from([1]);", "Buffer"],
    ["electron", "export const title = document.title;", "document"],
    ["electron", "export const store = window.localStorage;", "window"],
    ["shared", "export const folder = process.cwd();", "process"],
    ["shared", "export const title = document.title;", "document"],
  ])("%s: %s", (room, text, name) => {
    expect(compile(room, text)).toMatch(new RegExp(`error TS\\d+: Cannot find (name|module) '${name}'`));
  });

  test.each([
    ["renderer", "export const title = document.title;"],
    ["electron", "export const folder = process.cwd();"],
    ["shared", "export const one = [1].at(0);"],
  ])("%s allows: %s", (room, text) => {
    expect(compile(room, text)).toBe("");
  });
});

describe("the linter's walls", () => {
  test.each([
    ["electron/records/a.ts", 'import { ipcMain } from "electron"; ipcMain.handle("a", () => 1);', "electron/ipc"],
    ["electron/records/a.ts", 'import pg from "pg"; export const pool = new pg.Pool();', "electron/database"],
    ["electron/records/a.ts", "console.log(1);", "no-console"],
    ["electron/records/a.ts", "export const now = Date.now();", "electron/clock.ts"],
    ["electron/records/a.ts", 'export const page = fetch("https://example.org");', "electron/llm"],
    ["renderer/a.ts", 'localStorage.setItem("patient", "1");', "nothing is stored"],
    ["renderer/a.tsx", "export const A = () => <p dangerouslySetInnerHTML={{ __html: '' }} />;", "danger"],
  ])("%s: %s", (file, text, says) => {
    const folder = plant({ [file]: text, ".oxlintrc.json": readFileSync(join(project, ".oxlintrc.json"), "utf8") });
    const linter = join(project, "node_modules", "oxlint", "bin", "oxlint");
    const run = spawnSync(toolNode(), [linter, "--deny-warnings"], { encoding: "utf8", cwd: folder });
    expect(run.status).not.toBe(0);
    expect(run.stdout).toContain(says);
  });
});

describe("what is built", () => {
  beforeAll(() => ensureBuilt());

  test("the preload is a few lines", () => {
    expect(statSync(join(project, "out", "preload", "preload.cjs")).size).toBeLessThan(2048);
  });

  test("nothing of the main process is in the pages", () => {
    const folder = join(project, "out", "renderer");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const scripts = files.filter((entry) => /\.(js|html)$/.test(entry.name));
    expect(scripts.length).toBeGreaterThan(1);
    for (const entry of scripts) {
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      for (const word of [
        '"node:',
        "'node:",
        "`node:",
        "ipcRenderer",
        "pg_catalog",
        "scram-sha-256",
        "OPENAI_API_KEY",
        "LAMPLIGHT_PASSWORD",
        "lamplight_owner",
        "api.openai.com",
        "argon2",
        project,
      ]) {
        expect(text.includes(word), `${word} in ${entry.name}`).toBe(false);
      }
    }
  });

  test("the pages run under a strict content security policy", () => {
    for (const page of ["index.html", "lock.html"]) {
      const html = readFileSync(join(project, "out", "renderer", page), "utf8");
      expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
      expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|data:|https?:/);
    }
  });

  test("no source map is shipped", () => {
    const maps = readdirSync(join(project, "out"), { recursive: true }).filter((name) => String(name).endsWith(".map"));
    expect(existsSync(join(project, "out", "main", "main.cjs"))).toBe(true);
    expect(maps).toEqual([]);
  });
});
