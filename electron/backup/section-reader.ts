import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { type FinishedSection, nameOf, type Section, sectionSchema } from "./contents";
import { openRecord, type RawRecord, readRecord, recordTypes } from "./record";
import { BackupRefused } from "./refused";

const unpack = promisify(inflate);
/** A chunk was cut at 1 MiB plus what one message of PostgreSQL brought with it. */
const MAX_CHUNK = 64 * 1024 * 1024;

/** Where a section lies in the file. */
export interface PlacedSection {
  readonly section: FinishedSection;
  readonly start: number;
  /** Of its first chunk. */
  readonly chunksAt: number;
  readonly end: number;
}

export interface SectionSource {
  readonly file: FileHandle;
  readonly key: Buffer;
  readonly size: number;
}

/** The chunks of a section from a position on, opened, checked and unpacked, in order up to the last. */
export async function* chunksOf(
  { file, key, size }: SectionSource,
  section: Section,
  from: number,
): AsyncGenerator<{ text: Buffer; raw: RawRecord }> {
  let position = from;
  for (let number = 0; ; number += 1) {
    const raw = await readRecord(file, position, size);
    const last = raw.type === recordTypes.lastChunk;
    const type = last ? recordTypes.lastChunk : recordTypes.chunk;
    const packed = openRecord(key, { type, section: section.id, table: nameOf(section), number }, raw);
    let text: Buffer;
    try {
      text = await unpack(packed, { maxOutputLength: MAX_CHUNK });
    } catch {
      throw new BackupRefused(`The backup is damaged or cut off at byte ${raw.start}.`);
    }
    yield { text, raw };
    if (last) return;
    position = raw.end;
  }
}

/** Reads one whole section that begins with this record; every byte of it is handed to `onRecord`. */
export async function readSection(
  source: SectionSource,
  first: RawRecord,
  onRecord: (record: RawRecord) => void,
): Promise<PlacedSection> {
  const section = parseRecord(sectionSchema, openRecord(source.key, placeOfSection, first), first.start);
  onRecord(first);
  let chunks = 0;
  let bytes = 0;
  let end = first.end;
  for await (const { text, raw } of chunksOf(source, section, first.end)) {
    onRecord(raw);
    chunks += 1;
    bytes += text.length;
    end = raw.end;
  }
  return { section: { ...section, chunks, bytes }, start: first.start, chunksAt: first.end, end };
}

export const placeOfManifest = { type: recordTypes.manifest, section: "", table: "", number: 0 } as const;
export const placeOfSection = { type: recordTypes.section, section: "", table: "", number: 0 } as const;
export const placeOfEnd = { type: recordTypes.end, section: "", table: "", number: 0 } as const;

/** What a sealed record says, by its schema. */
export function parseRecord<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  plaintext: Buffer,
  at: number,
): T {
  let value: unknown;
  try {
    value = JSON.parse(plaintext.toString("utf8"));
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new BackupRefused(`The backup says something at byte ${at} that this version cannot read.`);
  return parsed.data;
}
