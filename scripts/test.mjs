/**
 * `npm test`: everything a fresh clone needs, then the tests in plain Node (vitest), then the journeys in the real app
 * (Playwright). The last line is the sum. `npm test -- --only unit` (or contract, database, journeys, ...) narrows it,
 * further words are given to the test runner: `npm test -- --only unit early-warning`.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureAccount } from "./lib/account.mjs";
import { ensureDisplay } from "./lib/display.mjs";
import { prepare } from "./lib/prepare.mjs";
import { inProject, Refusal, run, runScript, say, tool, toolNode } from "./lib/project.mjs";
import { ensureScreenPrograms } from "./lib/screen-programs.mjs";
import { ensureTestServers } from "./lib/test-servers.mjs";

const args = process.argv.slice(2);
const only = args[0] === "--only" ? args[1] : null;
const soak = args[0] === "--soak";
const rest = args.slice(only ? 2 : soak ? 1 : 0);

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */

/** @param {string} folder */
function holdsTests(folder) {
  const path = inProject("tests", folder);
  return existsSync(path) && readdirSync(path, { recursive: true }).some((name) => /\.test\.tsx?$/.test(String(name)));
}

/** @param {string} report @param {NodeJS.ProcessEnv} env @param {string[]} projects @returns {Sum} */
function nodeTests(report, env, projects) {
  const chosen = projects.flatMap((name) => ["--project", name]);
  const output = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const status = run(toolNode(), [tool("vitest", "vitest.mjs"), "run", ...chosen, ...output, ...rest], { env });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(report)) {
    const read = JSON.parse(readFileSync(report, "utf8"));
    sum.passed = read.numPassedTests;
    sum.failed = read.numFailedTests;
    sum.skipped = read.numPendingTests + read.numTodoTests;
  }
  // A file that does not load, or an error outside any test, fails the run without failing a test.
  if (status !== 0 && sum.failed === 0) sum.failed = 1;
  return sum;
}

/** @param {string} report @param {NodeJS.ProcessEnv} env @returns {Sum} */
function journeys(report, env) {
  const status = run(toolNode(), [tool("@playwright/test", "cli.js"), "test", "--reporter=list,json", ...rest], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(report)) {
    const { stats } = JSON.parse(readFileSync(report, "utf8"));
    sum.passed = stats.expected + stats.flaky;
    sum.failed = stats.unexpected;
    sum.skipped = stats.skipped;
    if (stats.flaky > 0) say(`${stats.flaky} journeys passed at the second try only; look at why.`);
  }
  if (status !== 0 && sum.failed === 0) sum.failed = 1;
  return sum;
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
    const sums = [];
    if (inNode.length > 0) sums.push(nodeTests(join(work, "node.json"), env, inNode));
    if (inApp) sums.push(journeys(join(work, "journeys.json"), env));
    const total = sums.reduce((a, b) => ({
      passed: a.passed + b.passed,
      failed: a.failed + b.failed,
      skipped: a.skipped + b.skipped,
    }));
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
