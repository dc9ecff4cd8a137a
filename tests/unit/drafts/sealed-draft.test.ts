import { describe, expect, test } from "vitest";
import { draftKeyOf, openDraft, type PlainDraft, sealDraft } from "../../../electron/drafts/sealed-draft";
import { newSealingKey } from "../../../electron/sealing/seal";
import { draftContentSchema, draftLimits } from "../../../shared/drafts/draft";
import { hardTexts } from "../../support/hard-texts";

const key = newSealingKey();
const place = "vital-signs|FCE57";
const draftKey = draftKeyOf(key, place);
const plain = (text: string, revision = 7): PlainDraft => ({
  place,
  revision,
  savedAt: "2026-04-05T09:05:00.000Z",
  content: {
    version: 1,
    fields: { note: text },
    caret: { field: "note", start: 2, end: 5, direction: "backward", scroll: 40, focused: true },
  },
});
function sealed(text: string): Buffer {
  const bytes = sealDraft(key, "NU-1", draftKey, plain(text));
  if (!bytes) throw new Error("too long");
  return bytes;
}

test.each(Object.entries(hardTexts))("comes back in every code unit: %s", (_, text) => {
  expect(draftContentSchema.safeParse(plain(text).content).success).toBe(true);
  const back = openDraft(key, "NU-1", draftKey, 7, sealed(text));
  expect(back.content.fields["note"]).toBe(text);
  expect(back).toEqual(plain(text));
});

describe("does not open", () => {
  const bytes = sealed("only hers");
  test("for another person", () => {
    expect(() => openDraft(key, "NU-2", draftKey, 7, bytes)).toThrow();
  });
  test("in another place", () => {
    expect(() => openDraft(key, "NU-1", draftKeyOf(key, "vital-signs|FCE58"), 7, bytes)).toThrow();
  });
  test("as another revision: an older row that is put back is not believed", () => {
    expect(() => openDraft(key, "NU-1", draftKey, 8, bytes)).toThrow();
  });
  test("with another key, not even one of the same id", () => {
    expect(() => openDraft(newSealingKey(), "NU-1", draftKey, 7, bytes)).toThrow();
    expect(() => openDraft({ id: key.id, key: newSealingKey().key }, "NU-1", draftKey, 7, bytes)).toThrow();
  });
  test("with any one bit flipped", () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const bad = Buffer.from(bytes);
      bad.writeUInt8(bad.readUInt8(at) ^ (1 << (at % 8)), at);
      expect(() => openDraft(key, "NU-1", draftKey, 7, bad), `byte ${at}`).toThrow();
    }
  });
});

test("the name of a draft tells no patient number, and is another for everybody", () => {
  expect(draftKey).toMatch(/^[0-9a-f]{64}$/u);
  expect(draftKeyOf(key, place)).toBe(draftKey);
  expect(draftKeyOf(newSealingKey(), place)).not.toBe(draftKey);
  expect(draftKeyOf(key, "vital-signs|FCE58")).not.toBe(draftKey);
});

test("what is too long to be kept is told apart, not cut", () => {
  expect(sealDraft(key, "NU-1", draftKey, plain("x".repeat(draftLimits.sealedBytes)))).toBeUndefined();
  expect(sealDraft(key, "NU-1", draftKey, plain("x".repeat(100_000)))?.length).toBeGreaterThan(100_000);
});
