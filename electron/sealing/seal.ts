import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from "node:crypto";

/** A 256-bit data key with the id that every ciphertext made with it carries. */
export interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function newSealingKey(): SealingKey {
  return { id: randomUUID().slice(0, 8), key: randomBytes(32) };
}

/**
 * Seals text with AES-256-GCM. The answer is version, length of the key id, key id, nonce, ciphertext and tag; `associated`
 * is authenticated with it, so that a ciphertext moved to another row or field does not open.
 */
export function seal(key: SealingKey, plaintext: string, associated: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.key, nonce);
  cipher.setAAD(Buffer.from(associated, "utf8"));
  const id = Buffer.from(key.id, "utf8");
  const head = Buffer.concat([Buffer.from([VERSION, id.length]), id, nonce]);
  return Buffer.concat([head, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** The id of the key that a ciphertext was sealed with. */
export function sealedKeyId(sealed: Buffer): string {
  return sealed.subarray(2, 2 + (sealed[1] ?? 0)).toString("utf8");
}

/** Opens what `seal` made; throws when the key, the associated data or a single bit differs. */
export function open(key: SealingKey, sealed: Buffer, associated: string): string {
  if (sealed[0] !== VERSION || sealedKeyId(sealed) !== key.id) throw new Error("sealed with another key");
  const start = 2 + (sealed[1] ?? 0);
  const nonce = sealed.subarray(start, start + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key.key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(associated, "utf8"));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const body = sealed.subarray(start + NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/**
 * A keyed index to find a sealed value again: HMAC-SHA-256 under a key derived for this purpose and label, never a bare hash,
 * because every Social Security number can be guessed.
 */
export function blindIndex(key: SealingKey, label: string, value: string): Buffer {
  const derived = Buffer.from(hkdfSync("sha256", key.key, Buffer.alloc(0), `blind-index|${label}`, 32));
  return createHmac("sha256", derived).update(value.normalize("NFC"), "utf8").digest();
}
