/**
 * `npm test`: everything a fresh clone needs, then the tests in plain Node (vitest), then the journeys in the real app
 * (Playwright). The last line is the sum. `npm test -- --only unit` (or contract, database, journeys, ...) narrows it,
 * further words are given to the test runner: `npm test -- --only unit early-warning`.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureAccount } from "./lib/account.mjs";
import { ensureDisplay } from "./lib/display.mjs";
import { journeys } from "./lib/journeys.mjs";
import { nodeTests } from "./lib/node-tests.mjs";
import { prepare } from "./lib/prepare.mjs";
import { inProject, Refusal, runScript, say } from "./lib/project.mjs";
import { ensureScreenPrograms } from "./lib/screen-programs.mjs";
import { ensureTestServers } from "./lib/test-servers.mjs";

const args = process.argv.slice(2);
const only = args[0] === "--only" ? args[1] : null;
const soak = args[0] === "--soak";
const rest = args.slice(only ? 2 : soak ? 1 : 0);

/** @typedef {import("./lib/second-try.mjs").Sum} Sum */

/** @param {string} folder */
function holdsTests(folder) {
  const path = inProject("tests", folder);
  return existsSync(path) && readdirSync(path, { recursive: true }).some((name) => /\.test\.tsx?$/.test(String(name)));
}

await runScript(async () => {
  const nodeProjects = soak
    ? ["soak"]
    : ["unit", "contract", "launcher", "assistant", "database", "central", "package"].filter(
        (name) => !only || only === name,
      );
  const inNode = nodeProjects.filter(holdsTests);
  const inApp = !soak && (!only || only === "journeys") && holdsTests("journeys");
  if (inNode.length === 0 && !inApp) throw new Refusal(`there are no tests${only ? ` called ${only}` : ""}.`);

  await prepare();
  ensureAccount();
  if (!only || only === "central" || only === "journeys") ensureTestServers();
  if (inApp) ensureScreenPrograms();
  const display = await ensureDisplay();
  const env = { ...process.env, ...display.env };
  const work = mkdtempSync(join(tmpdir(), "lamplight-test-"));
  try {
    /** @type {Sum[]} */
    const sums = [];
    if (inNode.length > 0) sums.push(nodeTests(work, env, inNode, rest));
    if (inApp) sums.push(journeys(join(work, "journeys.json"), env, rest));
    /** @param {"passed" | "failed" | "skipped"} key */
    const count = (key) => sums.reduce((sum, one) => sum + one[key], 0);
    const total = { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
    // Named here once more: whoever sees only the end of a long output still sees what failed.
    for (const line of sums.flatMap((one) => one.secondTry)) say(`passed at the second try only: ${line}`);
    for (const line of sums.flatMap((one) => one.failures)) say(`FAILED: ${line}`);
    if (total.passed + total.failed === 0) {
      say("no test ran.");
      total.failed = 1;
    }
    const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
    process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
    return total.failed > 0 ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
    display.stop();
  }
});
