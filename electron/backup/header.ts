import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { backupKeyOfKeyFile, backupKeyOfPassphrase } from "../session/backup-keys";
import type { HashingParameters } from "../session/password-keys";
import { BackupRefused } from "./refused";

/** What opens a backup. */
export type BackupKey =
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | { readonly kind: "key-file"; readonly key: Buffer };

const MAGIC = Buffer.from("LAMPLIGHT-BACKUP", "latin1");
const FORMAT = 1;
const kinds = { passphrase: 1, "key-file": 2 } as const;
const SALT = 32;
const NONCE = 12;
const KEY = 32;
const TAG = 16;
/** Magic, format, kind, three parameters, salt: everything that is not secret, authenticated by the wrapping. */
const OPEN_BYTES = MAGIC.length + 2 + 12 + SALT;
export const HEADER_BYTES = OPEN_BYTES + NONCE + KEY + TAG;

/** What a passphrase costs whoever guesses (RFC 9106, second recommendation with one lane). */
export const backupHashing: HashingParameters = { memoryKib: 65_536, iterations: 3, parallelism: 1 };

/** More than these no Lamplight ever wrote; a damaged byte must not make us ask for 4 TiB of memory. */
const limits: HashingParameters = { memoryKib: 1_048_576, iterations: 20, parallelism: 8 };

function wrappingKey(key: BackupKey, parameters: HashingParameters, salt: Buffer): Promise<Buffer> | Buffer {
  return key.kind === "passphrase"
    ? backupKeyOfPassphrase(key.passphrase, { ...parameters, salt })
    : backupKeyOfKeyFile(key.key, salt);
}

/** A new header with a new file key, wrapped. */
export async function makeHeader(
  key: BackupKey,
  hashing: HashingParameters = backupHashing,
): Promise<{ bytes: Buffer; fileKey: Buffer }> {
  const salt = randomBytes(SALT);
  const open = Buffer.alloc(OPEN_BYTES);
  let at = MAGIC.copy(open);
  at = open.writeUInt8(FORMAT, at);
  at = open.writeUInt8(kinds[key.kind], at);
  const stretching = key.kind === "passphrase" ? hashing : { memoryKib: 0, iterations: 0, parallelism: 0 };
  for (const parameter of [stretching.memoryKib, stretching.iterations, stretching.parallelism])
    at = open.writeUInt32BE(parameter, at);
  salt.copy(open, at);
  const nonce = randomBytes(NONCE);
  const fileKey = randomBytes(KEY);
  const wrapping = await wrappingKey(key, hashing, salt);
  const cipher = createCipheriv("aes-256-gcm", wrapping, nonce);
  cipher.setAAD(open);
  const wrapped = Buffer.concat([cipher.update(fileKey), cipher.final()]);
  wrapping.fill(0);
  return { bytes: Buffer.concat([open, nonce, wrapped, cipher.getAuthTag()]), fileKey };
}

function parametersOf(header: Buffer): HashingParameters {
  const at = MAGIC.length + 2;
  return {
    memoryKib: header.readUInt32BE(at),
    iterations: header.readUInt32BE(at + 4),
    parallelism: header.readUInt32BE(at + 8),
  };
}

/** Opens the file key. A wrong key and a damaged header cannot be told apart: both are refused by the same line. */
export async function openHeader(header: Buffer, key: BackupKey): Promise<Buffer> {
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
    throw new BackupRefused("This file is not a Lamplight backup, or its beginning is damaged.");
  const format = header[MAGIC.length];
  if (format !== FORMAT)
    throw new BackupRefused(
      `The backup has format ${String(format)}, which this version does not know, or its beginning is damaged.`,
    );
  const kind = header[MAGIC.length + 1];
  if (kind !== kinds[key.kind])
    throw new BackupRefused(
      kind === kinds.passphrase
        ? "This backup was made with a passphrase, not with a key file."
        : kind === kinds["key-file"]
          ? "This backup was made with a key file: name it with --key-file."
          : "The beginning of the backup is damaged.",
    );
  const parameters = parametersOf(header);
  const tooMuch =
    parameters.memoryKib > limits.memoryKib ||
    parameters.iterations > limits.iterations ||
    parameters.parallelism > limits.parallelism;
  const tooLittle = key.kind === "passphrase" && Object.values(parameters).some((value) => value < 1);
  if (tooMuch || tooLittle) throw new BackupRefused("The beginning of the backup is damaged.");
  const salt = header.subarray(OPEN_BYTES - SALT, OPEN_BYTES);
  const nonce = header.subarray(OPEN_BYTES, OPEN_BYTES + NONCE);
  const wrapped = header.subarray(OPEN_BYTES + NONCE, OPEN_BYTES + NONCE + KEY);
  const wrong = new BackupRefused(
    key.kind === "passphrase"
      ? "The passphrase is wrong, or the beginning of the backup is damaged."
      : "The key file is the wrong one, or the beginning of the backup is damaged.",
  );
  let wrapping: Buffer;
  try {
    wrapping = await wrappingKey(key, parameters, salt);
  } catch {
    // Parameters that Argon2 itself refuses were not written by us.
    throw wrong;
  }
  try {
    const decipher = createDecipheriv("aes-256-gcm", wrapping, nonce, { authTagLength: TAG });
    decipher.setAAD(header.subarray(0, OPEN_BYTES));
    decipher.setAuthTag(header.subarray(HEADER_BYTES - TAG, HEADER_BYTES));
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    throw wrong;
  } finally {
    wrapping.fill(0);
  }
}
