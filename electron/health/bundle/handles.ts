import { createHmac, randomBytes } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Replaces a name by a word that stays the same for it on this workstation, and that nobody can turn back. */
export type Handle = (kind: string, text: string) => string;

const FILE = "diagnostic-handles.key";

async function keyOf(home: string): Promise<Buffer> {
  const file = join(home, FILE);
  const read = async () => {
    const key = await readFile(file);
    return key.length === 32 ? key : undefined;
  };
  try {
    const key = await read();
    if (key) return key;
  } catch {
    // Made below.
  }
  const key = randomBytes(32);
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(key);
    // Made by root in a person's home folder, it belongs to that person, or the app could not read it.
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(home);
      await handle.chown(uid, gid);
    }
    await handle.close();
  } catch {
    // Another process was faster, or the folder cannot be written: then the handles hold for this bundle alone.
    return (await read().catch(() => undefined)) ?? key;
  }
  return key;
}

/**
 * Handles under a key that never leaves the home folder: two bundles of one workstation can be compared, and a list of all
 * likely names does not help to guess one.
 */
export async function openHandles(home: string): Promise<Handle> {
  const key = await keyOf(home);
  return (kind, text) => `${kind}-${createHmac("sha256", key).update(`${kind}|${text}`).digest("hex").slice(0, 8)}`;
}
