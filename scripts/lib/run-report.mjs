/**
 * A reporter for vitest that writes, as JSON, what a second try and the closing sum need: per test file how many tests
 * passed, failed and were skipped, with the first words of each failure; and the errors that belong to no test.
 * The file's place is in the environment, because vitest gives a reporter named on its command line no options.
 */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { project } from "./project.mjs";

export const reportVariable = "LAMPLIGHT_RUN_REPORT";

/**
 * @typedef {{ project: string, file: string, passed: number, failed: number, skipped: number, failures: string[] }} FileReport
 * @typedef {{ file: string | null, message: string }} LooseError
 * @typedef {{ files: FileReport[], loose: LooseError[] }} RunReport
 */

/**
 * The first lines of an error, without the colours of a terminal.
 * @param {{ message?: string } | undefined} error
 */
export const firstWords = (error) =>
  stripVTControlCharacters(error?.message ?? "no message")
    .split("\n")
    .slice(0, 3)
    .join(" ")
    .slice(0, 300);

/** @param {string | undefined} path */
const inWords = (path) => (path ? relative(project, path) : null);

export default class WrittenReport {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<import("vitest").SerializedError & { VITEST_TEST_PATH?: string }>} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    const path = process.env[reportVariable];
    if (!path) return;
    /** @type {RunReport} */
    const report = {
      files: modules.map(fileReport),
      loose: unhandled.map((error) => ({ file: inWords(error.VITEST_TEST_PATH), message: firstWords(error) })),
    };
    writeFileSync(path, JSON.stringify(report));
  }
}

/** @param {import("vitest/node").TestModule} module @returns {FileReport} */
function fileReport(module) {
  const report = {
    project: module.project.name,
    file: relative(project, module.moduleId),
    passed: 0,
    failed: 0,
    skipped: 0,
  };
  /** @type {string[]} */
  const failures = [];
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === "passed") report.passed += 1;
    else if (result.state === "failed") {
      report.failed += 1;
      failures.push(`${test.fullName}: ${firstWords(result.errors[0])}`);
    } else report.skipped += 1;
  }
  // A file that does not load, or whose preparation failed, has errors without a failed test.
  const outside = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
  for (const error of outside) failures.push(`outside any test: ${firstWords(error)}`);
  if (outside.length > 0 && report.failed === 0) report.failed = 1;
  return { ...report, failures };
}
