import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { open, readFile, stat, writeFile } from "node:fs/promises";
import { keyId } from "./signature";
import { UpdateRefused } from "./trouble";

/**
 * Makes a pair of keys: the private one in `file`, which its owner alone may read, the public one beside it in `file.pub`.
 * Never replaces a key. Answers the public key and its id.
 */
export async function newSigningKey(file: string): Promise<{ readonly publicKey: string; readonly kid: string }> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(privateKey);
    await handle.sync();
    await handle.close();
    await writeFile(`${file}.pub`, publicKey, { flag: "wx", mode: 0o644 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new UpdateRefused("There is a key of that name already. A key is never replaced: choose another name.");
    throw error;
  }
  return { publicKey, kid: keyId(publicKey) };
}

/** Reads a private key for signing. Throws `UpdateRefused` where others could read it, or it is another kind of key. */
export async function readSigningKey(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new UpdateRefused("There is no such key file.");
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0)
    throw new UpdateRefused("Other accounts may read the key file. Give it to its owner alone (chmod 600).");
  const text = await readFile(file, "utf8");
  try {
    if (createPrivateKey(text).asymmetricKeyType === "ed25519") return text;
  } catch {
    // Said below.
  }
  throw new UpdateRefused("The key file holds no Ed25519 private key in PEM form.");
}
