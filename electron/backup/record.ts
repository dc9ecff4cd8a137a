import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { BackupRefused } from "./refused";

/**
 * A record: type (1 byte), length of what follows (4 bytes, big-endian), nonce (12), ciphertext, tag (16). What it is, of
 * which section, and the how-manieth, is additional data of AES-256-GCM: a record opens in its own place alone.
 */
export const recordTypes = { manifest: "M", section: "S", chunk: "C", lastChunk: "L", end: "E" } as const;
export type RecordType = (typeof recordTypes)[keyof typeof recordTypes];

/** Where a record belongs. */
export interface RecordPlace {
  readonly type: RecordType;
  /** Empty outside sections. The id is random, so that chunks of an earlier export of the table do not fit either. */
  readonly section: string;
  readonly table: string;
  readonly number: number;
}

const HEAD = 5;
const NONCE = 12;
const TAG = 16;
/** Chunks are about 1 MiB before they are compressed; the end record holds some hundred bytes a table. */
const MAX_BODY = 16 * 1024 * 1024;

function headOf(type: RecordType, length: number): Buffer {
  const head = Buffer.alloc(HEAD);
  head.write(type, 0, "latin1");
  head.writeUInt32BE(length, 1);
  return head;
}

function associated(place: RecordPlace, head: Buffer): Buffer {
  const words = JSON.stringify(["lamplight-backup", 1, place.type, place.section, place.table, place.number]);
  return Buffer.concat([head, Buffer.from(words, "utf8")]);
}

export function sealRecord(key: Buffer, place: RecordPlace, plaintext: Buffer): Buffer {
  const head = headOf(place.type, NONCE + plaintext.length + TAG);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(associated(place, head));
  return Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** A record as it lies in the file, not opened yet. */
export interface RawRecord {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The whole record with its head. */
  readonly bytes: Buffer;
}

const damaged = (at: number) => new BackupRefused(`The backup is damaged or cut off at byte ${at}.`);

/** Reads exactly so many bytes, or says that the file is cut off. */
export async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, position + read);
    if (bytesRead === 0) throw damaged(position + read);
    read += bytesRead;
  }
  return bytes;
}

/** The record that begins here; `size` is the file's, so that a damaged length asks for nothing that is not there. */
export async function readRecord(file: FileHandle, position: number, size: number): Promise<RawRecord> {
  if (position + HEAD > size) throw damaged(position);
  const head = await readExactly(file, position, HEAD);
  const length = head.readUInt32BE(1);
  const end = position + HEAD + length;
  if (length < NONCE + TAG || length > MAX_BODY || end > size) throw damaged(position);
  const body = await readExactly(file, position + HEAD, length);
  return { type: head.toString("latin1", 0, 1), start: position, end, bytes: Buffer.concat([head, body]) };
}

/** Opens a record for the place where it must belong; anything else is damage. */
export function openRecord(key: Buffer, place: RecordPlace, record: RawRecord): Buffer {
  if (record.type !== place.type) throw damaged(record.start);
  const { bytes } = record;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(HEAD, HEAD + NONCE), { authTagLength: TAG });
    decipher.setAAD(associated(place, bytes.subarray(0, HEAD)));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    return Buffer.concat([decipher.update(bytes.subarray(HEAD + NONCE, bytes.length - TAG)), decipher.final()]);
  } catch {
    throw damaged(record.start);
  }
}
