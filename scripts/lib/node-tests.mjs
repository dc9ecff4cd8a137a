/** The tests in plain Node (vitest), with a second try for the few files that failed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inProject, run, say, tool, toolNode } from "./project.mjs";
import { reportVariable } from "./run-report.mjs";
import { filesToRepeat, summed } from "./second-try.mjs";

/**
 * @typedef {import("./run-report.mjs").RunReport} RunReport
 * @param {string} work a folder for what the run writes
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} projects
 * @param {string[]} words further words for the test runner
 * @returns {import("./second-try.mjs").Sum}
 */
export function nodeTests(work, env, projects, words) {
  const first = runOnce(join(work, "node.json"), env, projects, words);
  if (first.report === null) return runnerFailed();
  const sum = summed(first.report, repeat(work, env, first.report));
  // A runner that failed without a failed test has something to say that no report knows.
  if (first.status !== 0 && sum.failed === 0 && sum.secondTry.length === 0) return runnerFailed(sum);
  return sum;
}

/** @param {string} work @param {NodeJS.ProcessEnv} env @param {RunReport} first @returns {RunReport | null} */
function repeat(work, env, first) {
  const files = filesToRepeat(first);
  if (files.length === 0) return null;
  say(`a second try for ${files.length} test files.`);
  /** @type {RunReport} */
  const all = { files: [], loose: [] };
  for (const name of new Set(files.map((file) => file.project))) {
    const paths = files.filter((file) => file.project === name).map((file) => file.file);
    const { report } = runOnce(join(work, `node-again-${name}.json`), env, [name], paths);
    all.files.push(...(report?.files ?? []));
    all.loose.push(...(report?.loose ?? []));
  }
  return all;
}

/** @param {string} path @param {NodeJS.ProcessEnv} env @param {string[]} projects @param {string[]} words */
function runOnce(path, env, projects, words) {
  const chosen = projects.flatMap((name) => ["--project", name]);
  const reporters = ["--reporter=default", `--reporter=${inProject("scripts", "lib", "run-report.mjs")}`];
  const status = run(toolNode(), [tool("vitest", "vitest.mjs"), "run", ...chosen, ...reporters, ...words], {
    env: { ...env, [reportVariable]: path },
  });
  /** @type {RunReport | null} */
  const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
  return { status, report };
}

/** @param {import("./second-try.mjs").Sum} [sum] @returns {import("./second-try.mjs").Sum} */
const runnerFailed = (sum = { passed: 0, failed: 0, skipped: 0, failures: [], secondTry: [] }) => ({
  ...sum,
  failed: 1,
  failures: ["the test runner itself failed; what it printed says why"],
});
