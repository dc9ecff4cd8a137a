import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const copySchema = z.object({
  revision: z.int().min(1),
  /** The revision that the database is known to hold; 0 for none. */
  confirmed: z.int().min(0),
  /** Milliseconds since 1970: after that the copy goes, also without its key. */
  expiresAt: z.number(),
  /** Base64; null for a draft that was shredded here and of which the database has yet to hear. */
  sealed: z.base64().nullable(),
});
type Copy = z.infer<typeof copySchema>;

/** One draft as it lies on the disk. */
export interface LocalCopy {
  readonly draftKey: string;
  readonly revision: number;
  readonly confirmed: number;
  readonly expiresAt: number;
  readonly sealed: Buffer | null;
}

const named = /^[0-9a-f]{64}$/u;

/** Which account a folder belongs to can be told by who knows the account, and by nobody from its name alone. */
const folderOf = (root: string, staffId: string) =>
  join(root, createHash("sha256").update(`drafts|${staffId}`).digest("hex").slice(0, 32));

function syncFolder(folder: string): void {
  // Windows has no such thing; there the rename itself is what there is.
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Sealed copies of drafts in a folder of this workstation, one file each: written, synced and renamed, so that what is there
 * is whole. They bridge what the database did not get: a crash within the last second, and the time while it is away.
 */
export function createLocalCopies(root: string) {
  /** Files that are being written just now: not finished, and none that a crash left. */
  const underWay = new Set<string>();
  const ready = (staffId: string): string => {
    const folder = folderOf(root, staffId);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
  const text = ({ revision, confirmed, expiresAt, sealed }: LocalCopy) =>
    JSON.stringify({ revision, confirmed, expiresAt, sealed: sealed?.toString("base64") ?? null } satisfies Copy);

  function read(folder: string, name: string): LocalCopy | undefined {
    try {
      const copy = copySchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
      return { ...copy, draftKey: name, sealed: copy.sealed === null ? null : Buffer.from(copy.sealed, "base64") };
    } catch {
      return undefined;
    }
  }

  return {
    /** Everything that is whole. A damaged file is passed over; it goes when the folder is swept. */
    readAll(staffId: string): LocalCopy[] {
      const folder = folderOf(root, staffId);
      let names: string[];
      try {
        names = readdirSync(folder);
      } catch {
        return [];
      }
      return names.filter((name) => named.test(name)).flatMap((name) => read(folder, name) ?? []);
    },
    /** Writes while others work. `stillWanted` is asked at the last moment, so that an older copy never replaces a newer one. */
    async write(staffId: string, copy: LocalCopy, stillWanted: () => boolean): Promise<void> {
      const folder = ready(staffId);
      const name = `${copy.draftKey}.${randomUUID()}`;
      const passing = join(folder, name);
      underWay.add(name);
      try {
        const handle = await open(passing, "wx", 0o600);
        try {
          await handle.writeFile(text(copy));
          await handle.sync();
        } finally {
          await handle.close();
        }
        if (!stillWanted()) {
          await unlink(passing).catch(() => undefined);
          return;
        }
        renameSync(passing, join(folder, copy.draftKey));
        syncFolder(folder);
      } catch (error) {
        // Half a file on a full disk would only make it fuller.
        await unlink(passing).catch(() => undefined);
        throw error;
      } finally {
        underWay.delete(name);
      }
    },
    /** Writes before it returns: for the lock, after which nobody holds the key any more. */
    writeNow(staffId: string, copy: LocalCopy): void {
      const folder = ready(staffId);
      const passing = join(folder, `${copy.draftKey}.${randomUUID()}`);
      const handle = openSync(passing, "wx", 0o600);
      try {
        writeSync(handle, text(copy));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(passing, join(folder, copy.draftKey));
      syncFolder(folder);
    },
    remove(staffId: string, draftKey: string): void {
      rmSync(join(folderOf(root, staffId), draftKey), { force: true });
    },
    /** Takes away what has expired, of everybody, and what a crash left unfinished. Needs no key. */
    sweep(now: number): void {
      const folders = (() => {
        try {
          return readdirSync(root);
        } catch {
          return [];
        }
      })();
      for (const name of folders) {
        const folder = join(root, name);
        for (const file of readdirSync(folder)) {
          if (underWay.has(file)) continue;
          const copy = named.test(file) ? read(folder, file) : undefined;
          if (!copy || copy.expiresAt <= now) unlinkSync(join(folder, file));
        }
      }
    },
  };
}
export type LocalCopies = ReturnType<typeof createLocalCopies>;
