import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLocalCopies, type LocalCopies } from "../../../electron/drafts/local-copies";

let root: string;
let copies: LocalCopies;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "lamplight-drafts-")), "drafts");
  copies = createLocalCopies(root);
});
afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

const draftKey = "a".repeat(64);
const copy = (revision: number, expiresAt = 5000) => ({
  draftKey,
  revision,
  confirmed: 1,
  expiresAt,
  sealed: Buffer.from(`sealed bytes of revision ${revision}`),
});
const files = () => readdirSync(root, { recursive: true }).map(String).sort();

test("what was written is there, for its person alone, under names that say nothing", async () => {
  copies.writeNow("NU-1", copy(2));
  await copies.write("NU-1", copy(3), () => true);
  expect(copies.readAll("NU-1")).toEqual([copy(3)]);
  expect(copies.readAll("NU-2")).toEqual([]);
  expect(files().join(" ")).not.toContain("NU-1");
  expect(files()).toHaveLength(2);
  if (process.platform !== "win32") {
    const folder = join(root, files()[0] ?? "");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, draftKey)).mode & 0o777).toBe(0o600);
  }
});

test("a write that is overtaken leaves the newer one, and nothing beside it", async () => {
  const slow = copies.write("NU-1", copy(2), () => false);
  copies.writeNow("NU-1", copy(9));
  await slow;
  expect(copies.readAll("NU-1").map(({ revision }) => revision)).toEqual([9]);
  expect(files()).toHaveLength(2);
});

test("a damaged or unfinished file is passed over and swept away; so is what has expired, whoever it belongs to", () => {
  copies.writeNow("NU-1", copy(2));
  copies.writeNow("NU-2", copy(2, 9000));
  const [folder = ""] = files();
  writeFileSync(join(root, folder, "b".repeat(64)), "{ not json");
  writeFileSync(join(root, folder, `${draftKey}.unfinished`), readFileSync(join(root, folder, draftKey)));
  const before = [...copies.readAll("NU-1"), ...copies.readAll("NU-2")];
  expect(before).toHaveLength(2);
  copies.sweep(5000);
  expect([...copies.readAll("NU-1"), ...copies.readAll("NU-2")].map(({ expiresAt }) => expiresAt)).toEqual([9000]);
  expect(files().filter((name) => name.includes("/") || name.includes("\\"))).toHaveLength(1);
});

test("what was shredded and not yet told is remembered without its bytes", () => {
  copies.writeNow("NU-1", { ...copy(2), sealed: null });
  expect(copies.readAll("NU-1")).toEqual([{ ...copy(2), sealed: null }]);
  copies.remove("NU-1", draftKey);
  copies.remove("NU-1", draftKey);
  expect(copies.readAll("NU-1")).toEqual([]);
});

test("a sweep leaves a file alone that is being written, and a full disk keeps no half of one", async () => {
  const writing = copies.write("NU-1", copy(2), () => true);
  for (let turn = 0; turn < 20; turn += 1) {
    copies.sweep(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  expect(copies.readAll("NU-1").map(({ revision }) => revision)).toEqual([2]);
  const failing = () => {
    throw new Error("the disk is full");
  };
  await expect(copies.write("NU-1", copy(3), failing)).rejects.toThrow("full");
  expect(files()).toHaveLength(2);
});
