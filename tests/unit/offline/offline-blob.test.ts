import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openBlob, readBlob, sealBlob } from "../../../electron/offline/offline-blob";
import { newContent, newHead } from "./scene";

const key = randomBytes(32);
const head = newHead(Date.UTC(2026, 3, 5, 19), randomUUID());

test("what was sealed opens again under the same key, byte for byte", () => {
  const content = newContent();
  const file = readBlob(sealBlob(key, head, content));
  expect(file?.head).toEqual(head);
  expect(file && openBlob(key, file)).toEqual(content);
  const without = newContent({ outboxKey: null });
  const other = readBlob(sealBlob(key, head, without));
  expect(other && openBlob(key, other)).toEqual(without);
});

test("no key of the content stands in the file", () => {
  const content = newContent();
  const text = sealBlob(key, head, content);
  for (const bytes of [content.dataKey.key, content.draftsKey.key, content.outboxKey?.key, content.usage.key, key])
    for (const form of ["base64", "hex"] as const) expect(text).not.toContain(bytes?.toString(form));
  expect(text).not.toContain(content.person.name);
});

test("another password's key does not open it, and nothing else in the file tells whether it was right", () => {
  const file = readBlob(sealBlob(key, head, newContent()));
  expect(file && openBlob(randomBytes(32), file)).toBeUndefined();
  expect(Object.keys(file ?? {}).sort()).toEqual(["head", "sealed"]);
});

test.each([
  ["person", { staffId: "STF011" }],
  ["workstation", { workstation: randomUUID() }],
  ["end", { notAfter: head.notAfter + 1 }],
  ["policy version", { policy: 2 }],
  ["salt", { hashing: { ...head.hashing, salt: randomBytes(16).toString("base64") } }],
  ["parameters", { hashing: { ...head.hashing, iterations: 2 } }],
])("moved to another %s it does not open", (_what, change) => {
  const file = readBlob(sealBlob(key, head, newContent()));
  if (!file) throw new Error("unreadable");
  expect(openBlob(key, file)).toBeDefined();
  expect(openBlob(key, { ...file, head: { ...file.head, ...change } })).toBeUndefined();
});

test("every single bit counts", () => {
  const file = readBlob(sealBlob(key, head, newContent()));
  if (!file) throw new Error("unreadable");
  const sealed = Buffer.from(file.sealed, "base64");
  for (let at = 0; at < sealed.length; at += 7) {
    const damaged = Buffer.from(sealed);
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    expect(openBlob(key, { ...file, sealed: damaged.toString("base64") }), String(at)).toBeUndefined();
  }
});

test.each(["", "{", "{}", "null", '{"head":{},"sealed":""}'])("%j is no blob", (text) => {
  expect(readBlob(text)).toBeUndefined();
});
