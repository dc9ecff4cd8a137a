import { open } from "node:fs/promises";
import type { BackupKey } from "./header";
import { BackupRefused } from "./refused";

const KEY = 32;
const hexadecimal = /^[0-9a-f]{64}\s*$/iu;

/** Reads a key file: 32 random bytes, or their 64 hexadecimal digits. Throws where anybody but its owner could read it. */
export async function readKeyFile(path: string): Promise<BackupKey> {
  const file = await open(path, "r").catch(() => {
    throw new BackupRefused(`The key file ${path} cannot be read.`);
  });
  try {
    const { mode, size } = await file.stat();
    // Windows keeps who may read a file elsewhere.
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw new BackupRefused(`The key file ${path} can be read by others. Make it yours alone: chmod 600.`);
    const wrong = new BackupRefused(`The key file ${path} must hold 32 random bytes, or their 64 hexadecimal digits.`);
    if (size > 100) throw wrong;
    const bytes = await file.readFile();
    if (bytes.length === KEY) return { kind: "key-file", key: bytes };
    if (hexadecimal.test(bytes.toString("latin1")))
      return { kind: "key-file", key: Buffer.from(bytes.toString("latin1").trim(), "hex") };
    throw wrong;
  } finally {
    await file.close();
  }
}
