import { type FileHandle, lstat, open, unlink } from "node:fs/promises";
import type { HashingParameters } from "../session/password-keys";
import { BackupWriter } from "./backup-writer";
import { type Manifest, manifestSchema, type Section } from "./contents";
import { type BackupKey, HEADER_BYTES, makeHeader, openHeader } from "./header";
import { openRecord, readExactly, readRecord, recordTypes, sealRecord } from "./record";
import { BackupRefused } from "./refused";
import { type PlacedSection, parseRecord, placeOfManifest, readSection } from "./section-reader";

/** What an interrupted backup left: every section that is whole, and where it lies. */
export interface PartialFile {
  readonly file: FileHandle;
  readonly key: Buffer;
  readonly manifest: Manifest;
  readonly sectionsAt: number;
  readonly sections: readonly PlacedSection[];
}

/** The file of an interrupted backup, or undefined where there is none, or none that got as far as its first record. */
export async function openPartial(
  path: string,
  key: BackupKey,
  onRead: (done: number, of: number) => void,
): Promise<PartialFile | undefined> {
  const stat = await lstat(path).catch(() => undefined);
  if (!stat) return undefined;
  if (!stat.isFile()) throw new BackupRefused(`${path} is in the way and is no file.`);
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    if (size <= HEADER_BYTES) {
      await file.close();
      return undefined;
    }
    const fileKey = await openHeader(await readExactly(file, 0, HEADER_BYTES), key).catch((error: unknown) => {
      const why = error instanceof BackupRefused ? error.message : "It cannot be read.";
      throw new BackupRefused(
        `${path}, left by an interrupted backup, cannot be continued. ${why} Delete it to begin again.`,
      );
    });
    const first = await readRecord(file, HEADER_BYTES, size);
    const manifest = parseRecord(manifestSchema, openRecord(fileKey, placeOfManifest, first), first.start);
    const sections: PlacedSection[] = [];
    let position = first.end;
    try {
      for (;;) {
        const record = await readRecord(file, position, size);
        if (record.type !== recordTypes.section) break;
        const section = await readSection({ file, key: fileKey, size }, record, (part) => onRead(part.end, size));
        sections.push(section);
        position = section.end;
      }
    } catch (error) {
      // Where the last run was interrupted: up to here everything is whole.
      if (!(error instanceof BackupRefused)) throw error;
    }
    return { file, key: fileKey, manifest, sectionsAt: first.end, sections };
  } catch (error) {
    await file.close();
    const unfinishedStart = error instanceof BackupRefused && error.message.startsWith("The backup is damaged");
    if (unfinishedStart) return undefined;
    throw error;
  }
}

/** Keeps the sections that still hold, moved together, and cuts off the rest. */
export async function keepSections(
  partial: PartialFile,
  holds: (section: Section) => boolean,
): Promise<{ writer: BackupWriter; kept: PlacedSection["section"][] }> {
  const { file, key } = partial;
  const kept: PlacedSection["section"][] = [];
  let position = partial.sectionsAt;
  for (const { section, start, end } of partial.sections) {
    if (!holds(section)) continue;
    if (start !== position) await moveDown(file, start, end, position);
    position += end - start;
    kept.push(section);
  }
  return { writer: await BackupWriter.continueAt(file, key, position), kept };
}

/** Towards the beginning of the same file; an interruption leaves a section that does not open, and those before it whole. */
async function moveDown(file: FileHandle, start: number, end: number, to: number): Promise<void> {
  const block = 1024 * 1024;
  for (let at = start; at < end; at += block) {
    const bytes = await readExactly(file, at, Math.min(block, end - at));
    await file.write(bytes, 0, bytes.length, to + at - start);
  }
}

/** A new file for this manifest, readable by its owner alone. What stood there was not worth continuing. */
export async function beginPartial(
  path: string,
  key: BackupKey,
  manifest: Manifest,
  hashing?: HashingParameters,
): Promise<{ file: FileHandle; writer: BackupWriter; fileKey: Buffer }> {
  await unlink(path).catch(() => undefined);
  const { bytes, fileKey } = await makeHeader(key, hashing);
  const file = await open(path, "wx+", 0o600);
  try {
    const writer = await BackupWriter.continueAt(file, fileKey, 0);
    await writer.append(bytes);
    await writer.append(sealRecord(fileKey, placeOfManifest, Buffer.from(JSON.stringify(manifest), "utf8")));
    await file.sync();
    return { file, writer, fileKey };
  } catch (error) {
    await file.close();
    throw error;
  }
}
