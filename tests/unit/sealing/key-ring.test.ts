import { expect, test } from "vitest";
import { KeyRing, linkKey } from "../../../electron/sealing/key-ring";
import { newSealingKey, seal } from "../../../electron/sealing/seal";

const copy = (key: { id: string; key: Buffer }) => ({ id: key.id, key: Buffer.from(key.key) });

test("each ciphertext is opened with the key that it names, and the newest seals", () => {
  const [old, fresh, newest] = [newSealingKey(), newSealingKey(), newSealingKey()];
  const ring = new KeyRing([copy(old)]);
  expect(ring.current.id).toBe(old.id);
  // In whatever order they come, and a second time without effect.
  expect(ring.follow([linkKey(newest, fresh), linkKey(fresh, old)]).map((key) => key.id)).toEqual([
    fresh.id,
    newest.id,
  ]);
  expect(ring.follow([linkKey(fresh, old)])).toEqual([]);
  expect(ring.current).toEqual(newest);
  for (const key of [old, fresh, newest]) {
    expect(ring.has(key.id)).toBe(true);
    expect(ring.open(seal(key, "text", "row"), "row")).toBe("text");
    expect(() => ring.open(seal(key, "text", "row"), "another row")).toThrow();
  }
});

test("a link opens for who holds the key that it is under, and for nobody else", () => {
  const [old, fresh, other] = [newSealingKey(), newSealingKey(), newSealingKey()];
  const stranger = new KeyRing([copy(other)]);
  const link = linkKey(fresh, old);
  expect(stranger.follow([link])).toEqual([]);
  expect(() => stranger.open(seal(fresh, "text", "row"), "row")).toThrow("not held");
  const pretender = new KeyRing([{ id: old.id, key: Buffer.from(other.key) }]);
  expect(() => pretender.follow([link])).toThrow();
  // Moved to another name it does not open either.
  expect(() => new KeyRing([copy(old)]).follow([{ ...link, keyId: other.id }])).toThrow();
  expect(link.sealed.includes(fresh.key)).toBe(false);
});

test("both keys held at once: the superseded one seals nothing more", () => {
  const [old, fresh] = [newSealingKey(), newSealingKey()];
  const ring = new KeyRing([copy(fresh), copy(old)]);
  ring.follow([linkKey(fresh, old)]);
  expect(ring.current.id).toBe(fresh.id);
});

test("a ring that was forgotten is zeroed and takes no key any more", () => {
  const [old, fresh] = [newSealingKey(), newSealingKey()];
  const held = copy(old);
  const ring = new KeyRing([held]);
  ring.forget();
  expect(held.key.equals(Buffer.alloc(32))).toBe(true);
  expect(ring.follow([linkKey(fresh, old)])).toEqual([]);
  expect(ring.has(fresh.id)).toBe(false);
});
