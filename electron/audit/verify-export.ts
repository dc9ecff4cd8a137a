import { createHash } from "node:crypto";
import type { AnchoredPoint } from "../../shared/audit/anchor";
import type { ExportManifest } from "./export-manifest";
import { fieldThatDiffers } from "./hashed-text";
import { type ExportLine, exportLineSchema } from "./json-lines";

/** What was found in an export, with nothing but its file, its manifest and the anchors. */
export interface ExportVerdict {
  readonly entries: number;
  readonly chains: number;
  /** Neighbours in one chain whose link was checked, and places where the filter left something out. */
  readonly links: number;
  readonly gaps: number;
  /** Entries that an anchor names and that were compared with it; points of anchors that are not in a filtered export. */
  readonly anchored: number;
  readonly notInExport: number;
  /** The first 50 faults, in words, and how many there are. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

const FAULTS = 50;
const sha256 = (...parts: readonly (Buffer | string)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

export interface VerifyExportOptions {
  /** The lines of the file, without their ends. */
  readonly lines: AsyncIterable<string> | Iterable<string>;
  /** Says whether anything was filtered out; without it nothing can be said about what is not there. */
  readonly manifest?: Pick<ExportManifest, "complete" | "entries" | "exported_at"> | undefined;
  /** What anchors say, from every file of them. */
  readonly points?: readonly AnchoredPoint[];
}

/**
 * Judges a JSON Lines export without any database: every hash anew from the exact text, every shown field against that
 * text, every link to the entry before, and every anchored entry against its anchor.
 */
export async function verifyExport({ lines, manifest, points = [] }: VerifyExportOptions): Promise<ExportVerdict> {
  const judge = new ExportJudge(manifest, points);
  for await (const line of lines) judge.take(line);
  return judge.verdict();
}

/** Takes the lines of one export in their order, and says at the end what it found. */
class ExportJudge {
  readonly #faults: string[] = [];
  #faultCount = 0;
  /** By chain and sequence. */
  readonly #anchored = new Map<string, Map<number, AnchoredPoint>>();
  readonly #compared = new Set<AnchoredPoint>();
  /** The last entry of each chain so far. */
  readonly #ends = new Map<string, { readonly sequence: number; readonly hash: string }>();
  #number = 0;
  #entries = 0;
  #links = 0;
  #gaps = 0;

  constructor(
    private readonly manifest: VerifyExportOptions["manifest"],
    points: readonly AnchoredPoint[],
  ) {
    for (const point of points) this.#anchor(point);
  }

  take(text: string): void {
    this.#number += 1;
    if (text === "") return;
    let line: ExportLine;
    try {
      line = exportLineSchema.parse(JSON.parse(text));
    } catch {
      this.#fault(`line ${this.#number}: it is no entry of an audit export`);
      return;
    }
    this.#entries += 1;
    const place = `chain ${line.chain}, entry ${line.sequence}`;
    this.#judgeContent(line, place);
    this.#judgeLink(line, place);
    this.#compareWithAnchor(line, place);
  }

  verdict(): ExportVerdict {
    const { manifest } = this;
    if (manifest && this.#entries !== manifest.entries)
      this.#fault(`the manifest speaks of ${manifest.entries} entries, the file has ${this.#entries}`);
    const notInExport = this.#countNotInExport();
    return {
      entries: this.#entries,
      chains: this.#ends.size,
      links: this.#links,
      gaps: this.#gaps,
      anchored: this.#compared.size,
      notInExport,
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
  }

  #fault(words: string): void {
    this.#faultCount += 1;
    if (this.#faults.length < FAULTS) this.#faults.push(words);
  }

  #anchor(point: AnchoredPoint): void {
    const chain = this.#anchored.get(point.chain) ?? new Map<number, AnchoredPoint>();
    // Two keys may anchor the same entry; that they agree is seen when each is compared.
    const known = chain.get(point.sequence);
    if (known && known.hash !== point.hash)
      this.#fault(`chain ${point.chain}, entry ${point.sequence}: two anchors say different hashes`);
    chain.set(point.sequence, point);
    this.#anchored.set(point.chain, chain);
  }

  #judgeContent(line: ExportLine, place: string): void {
    if (sha256(Buffer.from(line.previous_hash, "hex"), line.hashed) !== line.hash)
      this.#fault(`${place}: the content does not match its hash`);
    const differs = fieldThatDiffers(line);
    if (differs !== undefined) this.#fault(`${place}: the field ${differs} is not what was hashed`);
  }

  #judgeLink(line: ExportLine, place: string): void {
    const before = this.#ends.get(line.chain);
    if (before && line.sequence <= before.sequence)
      this.#fault(`${place}: it stands behind entry ${before.sequence} of its chain`);
    else if (line.sequence === (before?.sequence ?? 0) + 1) {
      this.#links += 1;
      if (line.previous_hash !== (before?.hash ?? ""))
        this.#fault(`${place}: it does not continue the entry before it`);
    } else if (this.manifest?.complete)
      this.#fault(
        `${place}: ${before ? `the entries after ${before.sequence} are` : "what came before it is"} missing`,
      );
    else this.#gaps += 1;
    this.#ends.set(line.chain, { sequence: line.sequence, hash: line.hash });
  }

  #compareWithAnchor(line: ExportLine, place: string): void {
    const point = this.#anchored.get(line.chain)?.get(line.sequence);
    if (!point) return;
    this.#compared.add(point);
    if (point.hash !== line.hash)
      this.#fault(`${place}: it, or one before it, was rewritten after anchor ${point.anchor} of ${point.at}`);
  }

  /** Points that no line was compared with: a fault where the export is complete and reached so far, else only counted. */
  #countNotInExport(): number {
    const { manifest } = this;
    let notInExport = 0;
    for (const chain of this.#anchored.values())
      for (const point of chain.values()) {
        if (this.#compared.has(point)) continue;
        // An anchor that is younger than the export speaks of entries that could not be in it.
        if (manifest?.complete && Date.parse(point.databaseAt) < Date.parse(manifest.exported_at)) {
          const reaches = this.#ends.get(point.chain)?.sequence ?? 0;
          this.#fault(
            reaches === 0
              ? `chain ${point.chain}: it is gone; anchor ${point.anchor} of ${point.at} knows it up to entry ${point.sequence}`
              : `chain ${point.chain}: it ends at entry ${reaches}; anchor ${point.anchor} of ${point.at} knows entry ${point.sequence}`,
          );
        } else notInExport += 1;
      }
    return notInExport;
  }
}
