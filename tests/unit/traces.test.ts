import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { filesUnder, tracesInFiles, tracesInMemory } from "../support/traces";

/** The search that other tests rely on to find nothing must find what is there. */
const word = "zqmkvwxjfedcba98";
const forms: Readonly<Record<string, Buffer>> = {
  "UTF-8": Buffer.from(`before ${word} after`),
  "UTF-16": Buffer.from(`before ${word} after`, "utf16le"),
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].map((shift) => [
      `Base64, ${shift} bytes on`,
      Buffer.from(Buffer.from(`${"x".repeat(shift)}${word} after`).toString("base64")),
    ]),
  ),
  gzip: gzipSync(Buffer.from(`before ${word} after`)),
  "gzip in the middle of a file": Buffer.concat([Buffer.from("head"), gzipSync(Buffer.from(word)), Buffer.alloc(0)]),
  "gzip of UTF-16": gzipSync(Buffer.from(word, "utf16le")),
};

test.each(Object.entries(forms))("a trace in %s is found in a file", (_name, bytes) => {
  const folder = mkdtempSync(join(tmpdir(), "traces-"));
  writeFileSync(join(folder, "one"), bytes);
  writeFileSync(join(folder, "other"), "nothing of it");
  expect(tracesInFiles(filesUnder(folder), [word])).toEqual([join(folder, "one")]);
  rmSync(folder, { recursive: true });
});

test("a trace in this process's own memory is found", () => {
  const kept = [`${word}-1`, `${word}-2`].map((text) => Buffer.from(`${text}.`.repeat(3)));
  const found = tracesInMemory(process.pid, [
    `${word}-1`,
    `${word}-2`,
    "never written anywhere".split("").toReversed().join(""),
  ]);
  if (found === null) return;
  expect(kept).toHaveLength(2);
  expect(found.get(`${word}-1`)).toBeGreaterThan(2);
  expect(found.get(`${word}-2`)).toBeGreaterThan(2);
});
