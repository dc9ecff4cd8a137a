import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type End, endSchema, type Manifest, manifestSchema, nameOf, type OnProgress } from "./contents";
import { type BackupKey, HEADER_BYTES, openHeader } from "./header";
import { openRecord, readExactly, readRecord, recordTypes } from "./record";
import { BackupRefused } from "./refused";
import { chunksOf, type PlacedSection, parseRecord, placeOfEnd, placeOfManifest, readSection } from "./section-reader";

/** A backup of which every byte was read and found right. It keeps the file open: what is restored is what was checked. */
export interface VerifiedBackup {
  readonly manifest: Manifest;
  readonly end: End;
  /** Of the whole file. */
  readonly size: number;
  /** COPY text of one table. Each chunk is checked once more while it is read. */
  text(section: End["sections"][number]): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** Opens a backup and reads it whole, once. Throws `BackupRefused` for a wrong key or a single bit that differs. */
export async function verifyBackup(
  path: string,
  key: BackupKey,
  onProgress: OnProgress = () => undefined,
): Promise<VerifiedBackup> {
  const file = await openFile(path);
  try {
    return await verify(file, key, onProgress);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
    throw new BackupRefused(
      code === "ENOENT" ? `There is no file ${path}.` : `The file ${path} cannot be opened (${code}).`,
    );
  }
}

async function verify(file: FileHandle, key: BackupKey, onProgress: OnProgress): Promise<VerifiedBackup> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new BackupRefused("This is not a file.");
  const { size } = stat;
  if (size < HEADER_BYTES) throw new BackupRefused("This file is not a Lamplight backup, or it is cut off.");
  const header = await readExactly(file, 0, HEADER_BYTES);
  const fileKey = await openHeader(header, key);
  const source = { file, key: fileKey, size };
  const hash = createHash("sha256").update(header);

  const first = await readRecord(file, HEADER_BYTES, size);
  const manifest = parseRecord(manifestSchema, openRecord(fileKey, placeOfManifest, first), first.start);
  hash.update(first.bytes);
  const placed = new Map<string, PlacedSection>();
  let position = first.end;
  for (;;) {
    const record = await readRecord(file, position, size);
    if (record.type !== recordTypes.section) {
      const end = parseRecord(endSchema, openRecord(fileKey, placeOfEnd, record), record.start);
      if (record.end !== size) throw new BackupRefused(`Something was appended to the backup at byte ${record.end}.`);
      compare(end, [...placed.values()], hash.digest("hex"));
      onProgress({ phase: "checking", done: size, of: size, unit: "bytes" });
      return {
        manifest,
        end,
        size,
        text: async function* (section) {
          const at = placed.get(section.id)?.chunksAt;
          if (at === undefined) throw new BackupRefused(`The backup has no section of ${nameOf(section)}.`);
          for await (const { text } of chunksOf(source, section, at)) yield text;
        },
        close: async () => {
          fileKey.fill(0);
          await file.close();
        },
      };
    }
    const section = await readSection(source, record, (part) => {
      hash.update(part.bytes);
      onProgress({ phase: "checking", done: part.end, of: size, unit: "bytes" });
    });
    placed.set(section.section.id, section);
    position = section.end;
  }
}

/** The end record is the list of what must be there: a section that was taken out, doubled or exchanged shows here. */
function compare(end: End, found: readonly PlacedSection[], sha256: string): void {
  const same =
    end.sha256 === sha256 && JSON.stringify(end.sections) === JSON.stringify(found.map(({ section }) => section));
  if (!same) throw new BackupRefused("The backup is damaged: its parts are not those that its end lists.");
}
