import { describe, expect, test } from "vitest";
import { filesToRepeat, summed } from "../../scripts/lib/second-try.mjs";

const file = (name: string, failed = 0, project = "database") => ({
  project,
  file: `tests/${name}.test.ts`,
  passed: 10 - failed,
  failed,
  skipped: 0,
  failures: Array.from({ length: failed }, (_, index) => `test ${index}: not so`),
});
const report = (...files: ReturnType<typeof file>[]) => ({
  files,
  loose: [] as { file: string | null; message: string }[],
});

describe("the second try of a failed test file", () => {
  test("a file that passes the second time counts as passed and is named", () => {
    const first = report(file("outbox", 1), file("audit"));
    const sum = summed(first, report(file("outbox")));
    expect(sum).toMatchObject({ passed: 20, failed: 0, failures: [] });
    expect(sum.secondTry).toEqual(["database › tests/outbox.test.ts › test 0: not so"]);
  });

  test("a file that fails again stays failed, with the words of the last failure", () => {
    const sum = summed(report(file("outbox", 2)), report(file("outbox", 1)));
    expect(sum).toMatchObject({ passed: 9, failed: 1, secondTry: [] });
    expect(sum.failures).toEqual(["database › tests/outbox.test.ts › test 0: not so"]);
  });

  test("the same file of another project is another result", () => {
    const first = report(file("outbox", 1), file("outbox", 1, "central"));
    const sum = summed(first, report(file("outbox")));
    expect(sum).toMatchObject({ passed: 19, failed: 1 });
    expect(sum.failures).toEqual(["central › tests/outbox.test.ts › test 0: not so"]);
  });

  test("more than five failed files are taken at their word", () => {
    const first = report(...["a", "b", "c", "d", "e", "f"].map((name) => file(name, 1)));
    expect(filesToRepeat(first)).toEqual([]);
    expect(summed(first, null)).toMatchObject({ passed: 54, failed: 6 });
  });

  test("an error outside any test repeats its file; one that belongs to no file fails the run", () => {
    const first = report(file("outbox"), file("audit"));
    first.loose.push({ file: "tests/outbox.test.ts", message: "Connection terminated" });
    expect(filesToRepeat(first).map((one) => one.file)).toEqual(["tests/outbox.test.ts"]);
    const sum = summed(first, report(file("outbox")));
    expect(sum).toMatchObject({ passed: 20, failed: 0 });
    expect(sum.secondTry).toEqual(["tests/outbox.test.ts › outside any test: Connection terminated"]);

    first.loose.push({ file: null, message: "a worker ended" });
    expect(summed(first, report(file("outbox")))).toMatchObject({
      failed: 1,
      failures: ["no file › outside any test: a worker ended"],
    });
  });

  test("an error outside any test in the second try fails the run", () => {
    const again = report(file("outbox"));
    again.loose.push({ file: "tests/outbox.test.ts", message: "Connection terminated" });
    expect(summed(report(file("outbox", 1)), again)).toMatchObject({ failed: 1, secondTry: [] });
  });

  test("a file that the second try did not reach keeps its first result", () => {
    expect(summed(report(file("outbox", 1)), report())).toMatchObject({ passed: 9, failed: 1, secondTry: [] });

    const first = report(file("outbox"), file("audit", 1));
    first.loose.push({ file: "tests/outbox.test.ts", message: "Connection terminated" });
    const sum = summed(first, report(file("audit")));
    expect(sum.failures).toEqual(["tests/outbox.test.ts › outside any test: Connection terminated"]);
    expect(sum.failed).toBe(1);
  });
});
