import { createHash, randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, deflate } from "node:zlib";
import { type End, type FinishedSection, nameOf, type Section } from "./contents";
import { recordTypes, sealRecord } from "./record";
import { placeOfEnd, placeOfSection } from "./section-reader";

const pack = promisify(deflate);
const CHUNK = 1024 * 1024;
/** Chunks compressed at once, on other threads, while PostgreSQL sends the next one. */
const AT_ONCE = 3;

/** Writes sections behind what a file holds already. What is written stays valid up to the last finished section. */
export class BackupWriter {
  readonly #hash = createHash("sha256");

  private constructor(
    private readonly file: FileHandle,
    private readonly key: Buffer,
    private position: number,
  ) {}

  /** Continues at `position`; what stands before it is part of the file's checksum. */
  static async continueAt(file: FileHandle, key: Buffer, position: number): Promise<BackupWriter> {
    await file.truncate(position);
    const writer = new BackupWriter(file, key, position);
    const block = Buffer.alloc(CHUNK);
    for (let at = 0; at < position; ) {
      const { bytesRead } = await file.read(block, 0, Math.min(CHUNK, position - at), at);
      if (bytesRead === 0) throw new Error("the file became shorter while it was read");
      writer.#hash.update(block.subarray(0, bytesRead));
      at += bytesRead;
    }
    return writer;
  }

  /** Bytes so far. */
  get size(): number {
    return this.position;
  }

  async append(bytes: Buffer): Promise<void> {
    await this.#write(bytes);
    this.#hash.update(bytes);
  }

  async #write(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.file.write(bytes, written, bytes.length - written, this.position + written);
      written += bytesWritten;
    }
    this.position += bytes.length;
  }

  /** One table: its COPY text in chunks. Afterwards the section is on the disk, whatever happens next. */
  async section(
    described: Omit<Section, "id">,
    text: Readable,
    onText: (part: Buffer) => void,
  ): Promise<FinishedSection> {
    const section: Section = { id: randomUUID(), ...described };
    await this.append(sealRecord(this.key, placeOfSection, Buffer.from(JSON.stringify(section), "utf8")));
    const packing: Promise<Buffer>[] = [];
    let chunks = 0;
    let bytes = 0;
    const start = (parts: readonly Buffer[]) => {
      const packed = pack(Buffer.concat(parts), { level: constants.Z_BEST_SPEED + 2 });
      // It is awaited below, perhaps only after another one failed.
      packed.catch(() => undefined);
      packing.push(packed);
    };
    const writeNext = async (last: boolean) => {
      const packed = await (packing.shift() as Promise<Buffer>);
      const type = last ? recordTypes.lastChunk : recordTypes.chunk;
      await this.append(
        sealRecord(this.key, { type, section: section.id, table: nameOf(section), number: chunks }, packed),
      );
      chunks += 1;
    };
    let parts: Buffer[] = [];
    let length = 0;
    for await (const part of text as AsyncIterable<Buffer>) {
      onText(part);
      parts.push(part);
      length += part.length;
      bytes += part.length;
      if (length < CHUNK) continue;
      start(parts);
      parts = [];
      length = 0;
      if (packing.length >= AT_ONCE) await writeNext(false);
    }
    start(parts);
    while (packing.length > 1) await writeNext(false);
    await writeNext(true);
    await this.file.sync();
    return { ...section, chunks, bytes };
  }

  /** The last record; the file is complete and on the disk afterwards. Answers the checksum of all before it. */
  async finish(end: Omit<End, "sha256">): Promise<string> {
    const sha256 = this.#hash.digest("hex");
    const plain = Buffer.from(JSON.stringify({ ...end, sha256 } satisfies End), "utf8");
    await this.#write(sealRecord(this.key, placeOfEnd, plain));
    await this.file.sync();
    return sha256;
  }
}
