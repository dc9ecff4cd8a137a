import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

const unfinished = ".unfinished";

/** Makes a rename or a removal in this folder outlast a power cut. Windows has no such call and does it by itself. */
async function settle(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/**
 * Writes beside the name, forces it to the disk, renames it into place and forces the folder: when this resolves the file is
 * there after a power cut, and at no moment half of it. Rejects with the system's error, and leaves nothing then.
 */
export async function writeDurably(path: string, bytes: Buffer | string): Promise<void> {
  const folder = dirname(path);
  await privateFolder(folder);
  const beside = `${path}${unfinished}`;
  try {
    const handle = await open(beside, "w", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
  await settle(folder);
}

/** Undefined where there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes files or folders and forces what held them. A file that is not there is removed already. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await settle(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** Moves a file into another folder of the same disk; both folders are forced. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await privateFolder(dirname(to));
  await rename(from, to);
  await settle(dirname(to));
  await settle(dirname(from));
}

/** Names of the finished files with this ending, in order; empty where there is no folder. */
export async function listFiles(folder: string, ending: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(ending)).sort();
}

/** Takes away what a write that was interrupted left: it was never acknowledged to anybody. */
export async function sweepUnfinished(folder: string): Promise<void> {
  for (const name of await listFiles(folder, unfinished)) await rm(join(folder, name), { force: true });
}
