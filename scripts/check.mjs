/** `npm run check`: types, format, lint, walls, dead code; side by side, each with its own verdict. */
import { spawn } from "node:child_process";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { project, runScript, tool, toolNode } from "./lib/project.mjs";

const checks = {
  types: [tool("typescript", "bin/tsc"), "-b"],
  format: [tool("@biomejs/biome", "bin/biome"), "ci", "--linter-enabled=false", "--colors=off", "."],
  lint: [tool("oxlint", "bin/oxlint"), "--type-aware", "--deny-warnings"],
  walls: ["scripts/walls.mjs"],
  "dead code": [tool("knip", "bin/knip.js"), "--no-progress"],
};

/** @param {string} name @param {string[]} args */
function check(name, args) {
  const began = performance.now();
  return new Promise((resolve) => {
    const child = spawn(toolNode(), args, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    child.on("close", (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)\n`);
      if (code !== 0) process.stdout.write(`${said.trim()}\n\n`);
      resolve(code === 0);
    });
  });
}

await runScript(async () => {
  ensureDependencies();
  const wanted = process.argv.slice(2);
  const chosen = Object.entries(checks).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  const verdicts = await Promise.all(chosen.map(([name, args]) => check(name, args)));
  return verdicts.every(Boolean) ? 0 : 1;
});
