import { createHash } from "node:crypto";
import type { AnchoredPoint } from "../../shared/audit/anchor";
import type { ExportManifest } from "./export-manifest";
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

/** Microseconds since 1970 of `1763812345.123456`, as PostgreSQL writes extract(epoch …). */
function microsecondsOfEpoch(text: unknown): bigint | undefined {
  const parts = /^(-?\d+)\.(\d{6})$/u.exec(String(text));
  if (!parts) return undefined;
  const [, seconds = "0", fraction = "0"] = parts;
  const whole = BigInt(seconds) * 1_000_000n;
  return seconds.startsWith("-") ? whole - BigInt(fraction) : whole + BigInt(fraction);
}

/** Microseconds since 1970 of `2026-04-05T09:05:00.123456Z`. */
function microsecondsOfMoment(text: string): bigint | undefined {
  const parts = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/u.exec(text);
  const whole = parts ? Date.parse(`${parts[1]}Z`) : Number.NaN;
  return parts && !Number.isNaN(whole) ? BigInt(whole) * 1000n + BigInt(parts[2] ?? "0") : undefined;
}

/** The same whatever the order of the keys of an object, as jsonb has none. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
}

/** The field that does not say what the hashed text says; undefined where all agree. */
export function fieldThatDiffers(line: ExportLine): string | undefined {
  let said: unknown;
  try {
    said = JSON.parse(line.hashed);
  } catch {
    return "hashed";
  }
  if (!Array.isArray(said) || said.length !== 13) return "hashed";
  const at = microsecondsOfMoment(line.at);
  if (at === undefined || at !== microsecondsOfEpoch(said[2])) return "at";
  const shown: readonly (readonly [string, unknown, unknown])[] = [
    ["chain", line.chain, said[0]],
    ["sequence", line.sequence, said[1]],
    ["transaction", line.transaction, said[3]],
    ["session", line.session, said[4]],
    ["staff_id", line.staff_id, said[5]],
    ["role", line.role, said[6]],
    ["action", line.action, said[7]],
    ["tool", line.tool, said[8]],
    ["outcome", line.outcome, said[9]],
    ["patient_ids", line.patient_ids, said[10]],
    ["workstation", line.workstation, said[11]],
    ["detail", line.detail, said[12]],
  ];
  return shown.find(([, here, there]) => canonical(here) !== canonical(there))?.[0];
}

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
export async function verifyExport(options: VerifyExportOptions): Promise<ExportVerdict> {
  const { manifest, points = [] } = options;
  const complete = manifest?.complete === true;
  const faults: string[] = [];
  let faultCount = 0;
  const fault = (words: string) => {
    faultCount += 1;
    if (faults.length < FAULTS) faults.push(words);
  };
  const anchored = new Map<string, Map<number, AnchoredPoint>>();
  for (const point of points) {
    const chain = anchored.get(point.chain) ?? new Map<number, AnchoredPoint>();
    // Two keys may anchor the same entry; that they agree is seen when each is compared.
    const known = chain.get(point.sequence);
    if (known && known.hash !== point.hash)
      fault(`chain ${point.chain}, entry ${point.sequence}: two anchors say different hashes`);
    chain.set(point.sequence, point);
    anchored.set(point.chain, chain);
  }

  const ends = new Map<string, { sequence: number; hash: string }>();
  const compared = new Set<AnchoredPoint>();
  let [entries, links, gaps, number] = [0, 0, 0, 0];
  for await (const text of options.lines) {
    number += 1;
    if (text === "") continue;
    let line: ExportLine;
    try {
      line = exportLineSchema.parse(JSON.parse(text));
    } catch {
      fault(`line ${number}: it is no entry of an audit export`);
      continue;
    }
    entries += 1;
    const place = `chain ${line.chain}, entry ${line.sequence}`;
    if (sha256(Buffer.from(line.previous_hash, "hex"), line.hashed) !== line.hash)
      fault(`${place}: the content does not match its hash`);
    const differs = fieldThatDiffers(line);
    if (differs !== undefined) fault(`${place}: the field ${differs} is not what was hashed`);

    const before = ends.get(line.chain);
    if (before && line.sequence <= before.sequence)
      fault(`${place}: it stands behind entry ${before.sequence} of its chain`);
    else if (line.sequence === (before?.sequence ?? 0) + 1) {
      links += 1;
      if (line.previous_hash !== (before?.hash ?? "")) fault(`${place}: it does not continue the entry before it`);
    } else if (complete)
      fault(`${place}: ${before ? `the entries after ${before.sequence} are` : "what came before it is"} missing`);
    else gaps += 1;
    ends.set(line.chain, { sequence: line.sequence, hash: line.hash });

    const point = anchored.get(line.chain)?.get(line.sequence);
    if (point) {
      compared.add(point);
      if (point.hash !== line.hash)
        fault(`${place}: it, or one before it, was rewritten after anchor ${point.anchor} of ${point.at}`);
    }
  }

  if (manifest && entries !== manifest.entries)
    fault(`the manifest speaks of ${manifest.entries} entries, the file has ${entries}`);
  let notInExport = 0;
  for (const chain of anchored.values())
    for (const point of chain.values()) {
      if (compared.has(point)) continue;
      // An anchor that is younger than the export speaks of entries that could not be in it.
      if (complete && Date.parse(point.databaseAt) < Date.parse(manifest.exported_at)) {
        const reaches = ends.get(point.chain)?.sequence ?? 0;
        fault(
          reaches === 0
            ? `chain ${point.chain}: it is gone; anchor ${point.anchor} of ${point.at} knows it up to entry ${point.sequence}`
            : `chain ${point.chain}: it ends at entry ${reaches}; anchor ${point.anchor} of ${point.at} knows entry ${point.sequence}`,
        );
      } else notInExport += 1;
    }
  return { entries, chains: ends.size, links, gaps, anchored: compared.size, notInExport, faults, faultCount };
}
