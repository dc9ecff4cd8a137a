import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import type { AnchoredPoint } from "../../../shared/audit/anchor";
import { readAnchorFolder, readAnchorLines } from "../../anchors/anchor-file";
import { replayAnchors } from "../../anchors/anchor-history";
import { KnownKeys } from "../../anchors/anchor-key";
import { type ExportManifest, exportManifestSchema, manifestName } from "../../audit/export-manifest";
import { type ExportVerdict, verifyExport } from "../../audit/verify-export";
import { CommandRefused } from "./terminal";

export interface VerifyExportOptions {
  readonly file: string;
  /** A folder of anchors, or one file of them. */
  readonly anchors?: string | undefined;
  /** Files with public keys in PEM form that somebody vouches for. */
  readonly publicKeys: readonly string[];
}

export interface ExportJudged extends ExportVerdict {
  readonly complete: boolean;
  readonly anchors: number;
  readonly notices: readonly string[];
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function manifestOf(file: string): Promise<{ manifest?: ExportManifest; faults: string[]; notices: string[] }> {
  const path = manifestName(file);
  if (!existsSync(path))
    return { faults: [], notices: ["there is no manifest beside it: what is not in the file cannot be judged"] };
  let manifest: ExportManifest;
  try {
    manifest = exportManifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new CommandRefused(`${path} cannot be understood.`);
  }
  if (manifest.format !== "json-lines")
    throw new CommandRefused(
      `${file} is an export for people (${manifest.format}). What was hashed is in the form JSON Lines alone.`,
    );
  const faults = (await sha256Of(file)) === manifest.sha256 ? [] : ["the file's SHA-256 is not that of its manifest"];
  const notices = manifest.complete ? [] : ["the export was filtered: entries that are not in it cannot be judged"];
  return { manifest, faults, notices };
}

async function pointsOf(options: VerifyExportOptions, installation: string | undefined) {
  const none = { points: [] as AnchoredPoint[], anchors: 0, faults: [] as string[], notices: [] as string[] };
  const place = options.anchors;
  if (place === undefined) return { ...none, notices: ["it was not compared with anchors: none were given"] };
  if (!existsSync(place)) throw new CommandRefused(`There is nothing at ${place}.`);
  const isFolder = statSync(place).isDirectory();
  const folder = isFolder ? await readAnchorFolder(place) : { files: [{ path: place }], publicKeys: [] };
  const given = options.publicKeys.map((path) => readFileSync(path, "utf8"));
  if (given.length === 0 && folder.publicKeys.length === 0)
    throw new CommandRefused("Name the public key that signed the anchors with --public-key.");
  const keys = new KnownKeys(given.length > 0 ? given : folder.publicKeys);
  const found = { ...none };
  if (given.length === 0)
    found.notices.push(
      `public keys believed as they lie beside the anchors: ${keys.ids.join(", ")}; compare them with what was noted elsewhere`,
    );
  for (const { path } of folder.files) {
    const history = await replayAnchors(await readAnchorLines(path), keys);
    const name = path.split(/[\\/]/u).at(-1);
    if (installation !== undefined && history.installation !== null && history.installation !== installation) {
      found.notices.push(`${name}: of another installation, not used`);
      continue;
    }
    found.faults.push(...history.faults.map((fault) => `${name}: ${fault}`));
    for (const restart of history.restarts)
      found.notices.push(`${name}: anchor ${restart.anchor} began anew: ${restart.reason}`);
    found.anchors += history.count;
    found.points.push(...history.points);
  }
  if (found.anchors === 0 && found.faults.length === 0)
    found.faults.push(`no anchor of this installation was found at ${place}`);
  return found;
}

/** Judges an export with nothing but files. */
export async function judgeExport(options: VerifyExportOptions): Promise<ExportJudged> {
  if (!existsSync(options.file)) throw new CommandRefused(`There is nothing at ${options.file}.`);
  const about = await manifestOf(options.file);
  const anchored = await pointsOf(options, about.manifest?.installation);
  const lines = createInterface({ input: createReadStream(options.file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  const verdict = await verifyExport({ lines, manifest: about.manifest, points: anchored.points });
  const before = [...about.faults, ...anchored.faults];
  return {
    ...verdict,
    faults: [...before, ...verdict.faults],
    faultCount: before.length + verdict.faultCount,
    complete: about.manifest?.complete ?? false,
    anchors: anchored.anchors,
    notices: [...about.notices, ...anchored.notices],
  };
}
