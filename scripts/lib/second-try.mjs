/**
 * Which test files get a second try, and what both tries come to. A database, a pooler and the app share the machine,
 * and one starved moment of it should not hide four thousand answers; what needed the second try is named in the sum.
 * More than a handful of failed files are taken at their word.
 */
const filesForASecondTry = 5;

/**
 * @typedef {import("./run-report.mjs").RunReport} RunReport
 * @typedef {import("./run-report.mjs").FileReport} FileReport
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[], secondTry: string[] }} Sum
 */

/** @param {FileReport} file @param {RunReport} report */
const hasTrouble = (file, report) => file.failed > 0 || report.loose.some((error) => error.file === file.file);

/** @param {FileReport} file */
const namesOf = (file) => file.failures.map((failure) => `${file.project} › ${file.file} › ${failure}`);

/** @param {import("./run-report.mjs").LooseError} error */
const nameOf = (error) => `${error.file ?? "no file"} › outside any test: ${error.message}`;

/** @param {RunReport} first @returns {FileReport[]} */
export function filesToRepeat(first) {
  const broken = first.files.filter((file) => hasTrouble(file, first));
  return broken.length <= filesForASecondTry ? broken : [];
}

/**
 * The first report with each repeated file's second result in the place of its first.
 * @param {RunReport} first
 * @param {RunReport | null} again null when nothing was repeated
 * @returns {Sum}
 */
export function summed(first, again) {
  /** @type {string[]} */
  const secondTry = [];
  const repeated = again ? filesToRepeat(first) : [];
  /** @param {FileReport} before */
  const secondOf = (before) =>
    again?.files.find(({ project, file }) => project === before.project && file === before.file);
  const files = first.files.map((before) => {
    const after = secondOf(before);
    // A file that the second report does not know keeps its first result.
    if (!again || !after || !repeated.includes(before)) return before;
    if (!hasTrouble(after, again)) {
      const loose = first.loose.filter(({ file }) => file === before.file).map(nameOf);
      secondTry.push(...namesOf(before), ...loose);
    }
    return after;
  });
  const forgiven = new Set(repeated.filter(secondOf).map(({ file }) => file));
  const loose = [...first.loose.filter(({ file }) => !file || !forgiven.has(file)), ...(again?.loose ?? [])];
  /** @param {"passed" | "failed" | "skipped"} key */
  const total = (key) => files.reduce((sum, file) => sum + file[key], 0);
  return {
    passed: total("passed"),
    failed: total("failed") + loose.length,
    skipped: total("skipped"),
    failures: [...files.flatMap(namesOf), ...loose.map(nameOf)],
    secondTry: [...new Set(secondTry)],
  };
}
