import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { identityAssociation } from "../../../electron/sealing/identity-association";
import { insuranceNumberIndex, sealIdentity, ssnIndex } from "../../../electron/sealing/identity-row";
import { blindIndex, newSealingKey, open, seal, sealedKeyId } from "../../../electron/sealing/seal";
import { openSealedKey, sealKeyFor } from "../../../electron/sealing/sealed-keys";

const key = newSealingKey();
const here = identityAssociation("0c3f6a52-9b0e-4d53-8f0f-2d6a3a1b7c11", "ssn");

test.each(["900-12-1234", "", "ünïcödé 🩺", "x".repeat(100_000)])("what was sealed opens again: %.20s", (plain) => {
  expect(open(key, seal(key, plain, here), here)).toBe(plain);
});

test("the same value sealed twice is different bytes, and none of them its own", () => {
  const [first, second] = [seal(key, "900-12-1234", here), seal(key, "900-12-1234", here)];
  expect(first.equals(second)).toBe(false);
  expect(first.includes("900-12")).toBe(false);
  expect(sealedKeyId(first)).toBe(key.id);
});

describe("it does not open", () => {
  const sealed = seal(key, "900-12-1234", here);
  test("with another key, also one that claims the same id", () => {
    expect(() => open(newSealingKey(), sealed, here)).toThrow();
    expect(() => open({ ...newSealingKey(), id: key.id }, sealed, here)).toThrow();
  });
  test("moved to another patient or another field", () => {
    for (const elsewhere of [
      identityAssociation("0c3f6a52-9b0e-4d53-8f0f-2d6a3a1b7c12", "ssn"),
      identityAssociation("0c3f6a52-9b0e-4d53-8f0f-2d6a3a1b7c11", "phone"),
      "",
    ])
      expect(() => open(key, sealed, elsewhere)).toThrow();
  });
  test("with any single bit changed, or cut short anywhere", () => {
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open(key, changed, here), `bit ${bit}`).toThrow();
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => open(key, sealed.subarray(0, length), here), `length ${length}`).toThrow();
  });
});

test("a patient's id in capitals is the same patient", () => {
  expect(identityAssociation("ABCDEF00-0000-4000-8000-000000000000", "ssn")).toBe(
    identityAssociation("abcdef00-0000-4000-8000-000000000000", "ssn"),
  );
});

test("a person's data key opens with that person's account key, purpose and id, and with nothing else", () => {
  const account = newSealingKey().key;
  const sealed = sealKeyFor(account, "STF001", "fields", key);
  expect(openSealedKey(account, "STF001", "fields", key.id, sealed)).toEqual(key);
  expect(sealed.includes(key.key)).toBe(false);
  const attempts = [
    () => openSealedKey(newSealingKey().key, "STF001", "fields", key.id, sealed),
    () => openSealedKey(account, "STF002", "fields", key.id, sealed),
    () => openSealedKey(account, "STF001", "personal", key.id, sealed),
    () => openSealedKey(account, "STF001", "fields", "other", sealed),
  ];
  for (const attempt of attempts) expect(attempt).toThrow();
});

describe("the blind index", () => {
  test("finds a number however it was written, and only that number", () => {
    expect(ssnIndex(key, "900-12-1234")).toEqual(ssnIndex(key, "900121234"));
    expect(ssnIndex(key, "900-12-1234")).not.toEqual(ssnIndex(key, "900-12-1235"));
    expect(insuranceNumberIndex(key, "ab-12 34")).toEqual(insuranceNumberIndex(key, "AB1234"));
  });
  test("is of no use without the key, nor for another field, nor as a bare hash", () => {
    expect(ssnIndex(newSealingKey(), "900-12-1234")).not.toEqual(ssnIndex(key, "900-12-1234"));
    expect(blindIndex(key, "ssn", "1")).not.toEqual(blindIndex(key, "phone", "1"));
    expect(ssnIndex(key, "900121234").toString("hex")).not.toBe(createHash("sha256").update("900121234").digest("hex"));
    expect(ssnIndex(key, "900-12-1234")).toHaveLength(32);
  });
});

test("a sealed identity holds no plain text but the birth date, and nothing where nothing was known", () => {
  const plain = {
    date_of_birth: "1985-07-14",
    ssn: "900-12-1234",
    address: "1 High Street",
    phone: "555-0100",
    email: "leah@example.org",
    emergency_contact: null,
  };
  const sealed = sealIdentity(key, "0c3f6a52-9b0e-4d53-8f0f-2d6a3a1b7c11", plain);
  expect(sealed.date_of_birth).toBe("1985-07-14");
  expect(sealed.emergency_contact).toBeNull();
  const bytes = Object.values(sealed)
    .map((value) => (value?.startsWith("\\x") ? Buffer.from(value.slice(2), "hex").toString("latin1") : value))
    .join("|");
  for (const secret of ["900-12", "High Street", "555-0100", "leah@"]) expect(bytes).not.toContain(secret);
  expect(open(key, Buffer.from(String(sealed.ssn).slice(2), "hex"), here)).toBe("900-12-1234");
});
