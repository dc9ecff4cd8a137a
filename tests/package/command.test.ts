import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readOptions } from "../../scripts/packaging/options.mjs";
import { targetsOf } from "../../scripts/packaging/targets.mjs";

const project = join(import.meta.dirname, "..", "..");
const output = mkdtempSync(join(tmpdir(), "lamplight-package-command-"));
afterAll(() => rmSync(output, { recursive: true, force: true }));

const run = (...words: string[]) =>
  spawnSync(process.execPath, ["scripts/package.mjs", "--output", output, ...words], {
    cwd: project,
    encoding: "utf8",
  });

const runtimeVersion = readFileSync(join(project, "node_modules", "electron", "dist", "version"), "utf8").trim();
const wanted = JSON.parse(readFileSync(join(project, "node_modules", "electron", "package.json"), "utf8")).version;

describe.skipIf(runtimeVersion === wanted)(
  "with a development runtime (skipped where the release's is installed)",
  () => {
    test("a release is refused in one line, and nothing is made", () => {
      const { status, stderr } = run();
      expect(status).toBe(1);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toContain("development runtime");
      expect(stderr).toContain("--test-build");
      expect(existsSync(join(output, "linux-unpacked"))).toBe(false);
    });
  },
);

test("another version is for test builds only", () => {
  expect(() => readOptions(["--version", "1.2.3"], "0.2.0")).toThrow(/for test builds/);
  expect(() => readOptions(["--test-build", "--version", "1.2"], "0.2.0")).toThrow(/X\.Y\.Z/);
  expect(() => readOptions(["--sign"], "0.2.0")).toThrow(/--sign/);
  expect(readOptions(["--test-build", "--version", "0.1.9"], "0.2.0")).toMatchObject({ version: "0.1.9-test" });
  expect(readOptions([], "0.2.0")).toMatchObject({ version: "0.2.0", testBuild: false });
});

test("each installer is either built or has a reason", () => {
  const targets = targetsOf("linux", "x64");
  expect(targets.map(({ name }) => name)).toEqual(["deb", "AppImage", "rpm", "nsis", "dmg"]);
  for (const { why } of targets) expect(why).toMatch(/\w/);
  expect(targetsOf("darwin", "arm64").some(({ builds }) => builds)).toBe(false);
});
