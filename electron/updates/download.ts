import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, type FeedLimits, type Fetch } from "./feed";
import { packageNameSchema, type ReleaseFile } from "./release";
import { UpdateRefused, UpdateUnreachable } from "./trouble";

/** Bytes that stay free beside the package, for the database. */
const RESERVE = 500_000_000;
const UNFINISHED = ".part";

const otherContent = () =>
  new UpdateRefused("The downloaded file is not the one that the feed signed: it was deleted, nothing is installed.");

async function sha512Of(file: string): Promise<string> {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Whether exactly this file lies there already, read whole. */
export async function isThere(file: string, wanted: ReleaseFile): Promise<boolean> {
  try {
    const found = await lstat(file);
    return found.isFile() && found.size === wanted.size && (await sha512Of(file)) === wanted.sha512;
  } catch {
    return false;
  }
}

/** Removes packages of other versions and halves of downloads; `state.json` and what else IT keeps there stays. */
async function tidy(folder: string, keep: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== keep && (name.endsWith(UNFINISHED) || /\.(deb|AppImage|exe|dmg)$/u.test(name)))
      await rm(join(folder, name), { force: true });
}

/**
 * Brings a signed file into `folder` and answers its path: under a passing name until its size and SHA-512 are right and it
 * is on the disk. Throws `UpdateRefused` or `UpdateUnreachable`; nothing stays behind then.
 */
export async function download(
  fetch: Fetch,
  source: { readonly feed: string; readonly file: ReleaseFile; readonly folder: string },
  limits: FeedLimits,
  stopped?: AbortSignal,
): Promise<string> {
  const { feed, file, folder } = source;
  const name = packageNameSchema.parse(file.file);
  const target = join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== "win32") await chmod(folder, 0o700);
  await tidy(folder, name);
  if (await isThere(target, file)) return target;
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < file.size + RESERVE)
    throw new UpdateUnreachable("There is not enough room on the disk for the new version.");
  const passing = join(folder, `${name}.${randomUUID()}${UNFINISHED}`);
  const handle = await open(passing, "wx", 0o600);
  try {
    const hash = createHash("sha512");
    let length = 0;
    const address = { feed, name, limit: file.size, whole: limits.download };
    for await (const chunk of bytesOf(fetch, address, limits, stopped)) {
      hash.update(chunk);
      length += chunk.byteLength;
      for (let written = 0; written < chunk.byteLength; )
        written += (await handle.write(chunk, written, chunk.byteLength - written)).bytesWritten;
    }
    if (length < file.size) throw new UpdateUnreachable("The download broke off. It is tried again at the next look.");
    if (hash.digest("hex") !== file.sha512) throw otherContent();
    await handle.sync();
    await handle.close();
    await rename(passing, target);
    return target;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(passing, { force: true });
    throw error;
  }
}
