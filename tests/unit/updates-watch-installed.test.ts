import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackage } from "@electron/asar";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchInstalled } from "../../electron/updates/watch-installed";

let folder: string;
let archive: string;
let watched: { stop(): void } | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-installed-"));
  mkdirSync(join(folder, "resources"));
  archive = join(folder, "resources", "app.asar");
});
afterEach(() => {
  watched?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A real archive, put in place as dpkg does: written under another name and renamed. */
async function install(version: string): Promise<void> {
  const source = mkdtempSync(join(folder, "source-"));
  mkdirSync(join(source, "out"));
  writeFileSync(join(source, "out", "main.cjs"), `// ${"x".repeat(5000)}`);
  writeFileSync(join(source, "package.json"), JSON.stringify({ name: "lamplight", version }));
  await createPackage(source, `${archive}.dpkg-new`);
  renameSync(`${archive}.dpkg-new`, archive);
}
function watch() {
  const seen: string[] = [];
  watched = watchInstalled({
    executable: join(folder, "lamplight"),
    version: "0.2.0",
    every: 10,
    platform: "linux",
    onNewer: (version) => seen.push(version),
  });
  return seen;
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const untilSeen = (seen: readonly string[], versions: readonly string[]) =>
  vi.waitFor(() => expect(seen).toEqual(versions), { timeout: 20_000 });

test("files that stay as they are say nothing; a replacement is told once with its version", async () => {
  await install("0.2.0");
  const seen = watch();
  await pause(60);
  expect(seen).toEqual([]);
  await install("0.3.0");
  await untilSeen(seen, ["0.3.0"]);
  await pause(60);
  expect(seen).toEqual(["0.3.0"]);
  await install("0.3.1");
  await untilSeen(seen, ["0.3.0", "0.3.1"]);
});

test("a removed or half-written archive is waited for", async () => {
  await install("0.2.0");
  const seen = watch();
  rmSync(archive);
  await pause(40);
  writeFileSync(archive, Buffer.from([4, 0, 0, 0, 200, 0]));
  await pause(40);
  expect(seen).toEqual([]);
  await install("0.3.0");
  await untilSeen(seen, ["0.3.0"]);
});

test("an app that is not packaged has nothing to watch", async () => {
  const seen = watch();
  await install("0.3.0");
  await pause(60);
  expect(seen).toEqual([]);
});
