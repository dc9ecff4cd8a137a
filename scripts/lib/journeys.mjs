/** The journeys in the real app (Playwright), one after another, each with the one retry that playwright.config.ts allows. */
import { existsSync, readFileSync } from "node:fs";
import { run, tool, toolNode } from "./project.mjs";
import { firstWords } from "./run-report.mjs";

/**
 * @typedef {{ title: string, file: string, line: number, tests: { status: string, results: { error?: { message?: string } }[] }[] }} Spec
 * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
 */

/** @param {Suite} suite @returns {Spec[]} */
const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

/** @param {Spec} spec */
function named(spec) {
  const results = spec.tests.flatMap((test) => test.results);
  const error = results.find((result) => result.error)?.error;
  return `journeys › ${spec.file}:${spec.line} › ${spec.title}: ${firstWords(error)}`;
}

/**
 * @param {string} report where Playwright writes its report
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} words further words for the test runner
 * @returns {import("./second-try.mjs").Sum}
 */
export function journeys(report, env, words) {
  const status = run(toolNode(), [tool("@playwright/test", "cli.js"), "test", "--reporter=list,json", ...words], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  /** @type {import("./second-try.mjs").Sum} */
  const sum = { passed: 0, failed: 0, skipped: 0, failures: [], secondTry: [] };
  if (existsSync(report)) {
    const { stats, suites } = JSON.parse(readFileSync(report, "utf8"));
    sum.passed = stats.expected + stats.flaky;
    sum.failed = stats.unexpected;
    sum.skipped = stats.skipped;
    const specs = specsOf({ suites });
    /** @param {string} status */
    const having = (status) => specs.filter((spec) => spec.tests.some((test) => test.status === status)).map(named);
    sum.failures.push(...having("unexpected"));
    sum.secondTry.push(...having("flaky"));
  }
  if (status !== 0 && sum.failed === 0) {
    sum.failed = 1;
    sum.failures.push("the journeys' runner itself failed");
  }
  return sum;
}
