import { constants, createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

const NAME = /^audit-anchors-([0-9a-f]{8})-([0-9a-f]{16})\.jsonl$/u;

/** One file an installation and a signing key: two workstations that anchor into one folder never write into one file. */
export function anchorFileName(installation: string, key: string): string {
  return `audit-anchors-${installation.slice(0, 8)}-${key}.jsonl`;
}
export const publicKeyFileName = (key: string) => `audit-anchor-key-${key}.pem`;

export interface AnchorFileFound {
  readonly path: string;
  /** The first eight digits of the installation's id. */
  readonly installation: string;
  readonly key: string;
}

export interface AnchorFolder {
  readonly files: readonly AnchorFileFound[];
  /** Texts of the `.pem` files beside them. */
  readonly publicKeys: readonly string[];
}

/** What a folder of anchors holds; one that is not there holds nothing. Other errors are thrown. */
export async function readAnchorFolder(folder: string): Promise<AnchorFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const files = names
    .sort((one, two) => one.localeCompare(two))
    .flatMap((name) => {
      const parts = NAME.exec(name);
      return parts?.[1] && parts[2] ? [{ path: join(folder, name), installation: parts[1], key: parts[2] }] : [];
    });
  const pems = names.filter((name) => name.endsWith(".pem"));
  const publicKeys = await Promise.all(pems.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
  return { files, publicKeys };
}

/** The whole lines of a file. A last line without its end was being written when the machine stopped: it is no anchor yet. */
export async function readAnchorLines(path: string): Promise<string[]> {
  const ended = await endsWithLine(path);
  const lines: string[] = [];
  for await (const line of createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    lines.push(line);
  if (!ended) lines.pop();
  return lines;
}

async function endsWithLine(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    await file.close();
  }
}

/** Cuts off a line that was never finished. Nobody was told of that anchor. */
async function cutUnfinished(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const piece = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - piece.length);
    const { bytesRead } = await file.read(piece, 0, end - start, start);
    const at = piece.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (at >= 0) {
      if (start + at + 1 < size) await file.truncate(start + at + 1);
      return;
    }
    end = start;
  }
  if (size > 0) await file.truncate(0);
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/** Appends one line and answers when it lies on the disk. */
export async function appendAnchorLine(folder: string, name: string, line: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await cutUnfinished(file);
    const { size } = await file.stat();
    const bytes = Buffer.from(`${line}\n`, "utf8");
    for (let written = 0; written < bytes.length; )
      written += (await file.write(bytes, written, bytes.length - written, size + written)).bytesWritten;
    await file.sync();
    if (size === 0) await syncFolder(folder);
  } finally {
    await file.close();
  }
}

/** Lays the public key beside the anchors, once, whole or not at all. */
export async function keepPublicKey(
  folder: string,
  key: { readonly id: string; readonly publicKey: string },
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, publicKeyFileName(key.id));
  const known = await readFile(path, "utf8").catch(() => undefined);
  if (known === key.publicKey) return;
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  await writeFile(partial, key.publicKey, { mode: 0o644, flag: "wx" });
  await rename(partial, path);
}
