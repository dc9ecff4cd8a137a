import { hkdfSync } from "node:crypto";
import { hashRaw } from "@node-rs/argon2";
import { ARGON2ID, type HashingParameters } from "./password-keys";

const wrapping = (master: Buffer, salt: Buffer) =>
  Buffer.from(hkdfSync("sha256", master, salt, "lamplight|backup|wrapping-key", 32));

/** The key that wraps a backup's own key: Argon2id over the passphrase (RFC 9106), then HKDF-SHA-256 (RFC 5869). 32 bytes. */
export async function backupKeyOfPassphrase(
  passphrase: string,
  parameters: HashingParameters & { readonly salt: Buffer },
): Promise<Buffer> {
  const master = await hashRaw(passphrase.normalize("NFKC"), {
    algorithm: ARGON2ID,
    salt: parameters.salt,
    memoryCost: parameters.memoryKib,
    timeCost: parameters.iterations,
    parallelism: parameters.parallelism,
    outputLen: 32,
  });
  const key = wrapping(master, parameters.salt);
  master.fill(0);
  return key;
}

/** The same for 32 random bytes of a key file: nothing to stretch, only separated by purpose and file. */
export function backupKeyOfKeyFile(key: Buffer, salt: Buffer): Buffer {
  return wrapping(key, salt);
}
