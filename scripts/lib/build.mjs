import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inProject, project, Refusal, run, say, tool, toolNode } from "./project.mjs";

const sources = ["electron", "renderer", "shared", "electron.vite.config.ts", "package.json", "package-lock.json"];
const outputs = ["out/main/main.cjs", "out/preload/preload.cjs", "out/renderer/index.html", "out/renderer/lock.html"];
const stampFile = inProject("out", ".built-from");

/** @param {string} path @param {import("node:crypto").Hash} hash */
function addTo(path, hash) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (found.isDirectory()) for (const name of readdirSync(path).sort()) addTo(join(path, name), hash);
  else hash.update(`${path.slice(project.length)} ${found.size} ${found.mtimeMs}\n`);
}

function state() {
  const hash = createHash("sha256").update(process.env.LAMPLIGHT_SOURCEMAP ?? "");
  for (const source of sources) addTo(inProject(source), hash);
  return hash.digest("hex");
}

/** Builds when a source changed since the last build. @param {{ force?: boolean }} [options] */
export function ensureBuilt({ force = false } = {}) {
  const now = state();
  const complete = outputs.every((file) => existsSync(inProject(file)));
  if (!force && complete && existsSync(stampFile) && readFileSync(stampFile, "utf8") === now) return;
  say("building ...");
  rmSync(stampFile, { force: true });
  const status = run(toolNode(), [tool("electron-vite", "bin/electron-vite.js"), "build", "--logLevel", "warn"]);
  if (status !== 0) throw new Refusal("the build failed; what it printed above says why.");
  mkdirSync(inProject("out"), { recursive: true });
  writeFileSync(stampFile, now);
}
