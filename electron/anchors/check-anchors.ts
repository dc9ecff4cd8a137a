import type { AnchoredPoint } from "../../shared/audit/anchor";
import { type AnchorFileFound, readAnchorFolder, readAnchorLines } from "./anchor-file";
import { type AnchorHistory, replayAnchors } from "./anchor-history";
import { KnownKeys } from "./anchor-key";
import type { ComparePoints, Disagreement } from "./port";

/** What the comparison of the audit with its anchors found, in words. */
export interface AnchorsVerdict {
  readonly state: "agree" | "differ" | "not-checked";
  readonly message: string;
  readonly anchors: number;
  readonly last_at: string | null;
  readonly faults: string[];
  readonly notices: string[];
}

export interface AnchorsQuestion {
  readonly folder: string;
  readonly installation: string;
  readonly compare: ComparePoints;
  /** Public keys in PEM form that somebody vouches for; without any, those beside the anchors are believed, and it is said. */
  readonly trusted?: readonly string[];
  /** What the database says of the last anchor that was written. */
  readonly noted?: { readonly number: number | null; readonly key: string | null };
  /** Nobody else's anchors belong into this folder, so that only others' means another database. */
  readonly exclusive?: boolean;
}

const FAULTS = 50;
const moment = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
const plural = (many: number, one: string) => `${many} ${many === 1 ? one : `${one}s`}`;

function notChecked(message: string, notices: string[] = []): AnchorsVerdict {
  return { state: "not-checked", message, anchors: 0, last_at: null, faults: [], notices };
}

/** One sentence a chain: where it first departs from what was anchored. */
export function disagreementWords(found: readonly Disagreement[], points: readonly AnchoredPoint[]): string[] {
  const anchored = new Map(points.map((point) => [`${point.chain} ${point.sequence}`, point]));
  const chains = new Map<string, Disagreement[]>();
  for (const one of found) chains.set(one.chain, [...(chains.get(one.chain) ?? []), one]);
  return [...chains.entries()].map(([chain, places]) => {
    const first = places.reduce((least, one) => (one.sequence < least.sequence ? one : least));
    const point = anchored.get(`${chain} ${first.sequence}`);
    const when = point ? `anchor ${point.anchor} of ${moment(point.at)}` : "an anchor";
    if (first.found === "chain-gone")
      return `chain ${chain}: it is gone; ${when} knows it up to entry ${Math.max(...places.map(({ sequence }) => sequence))}`;
    if (first.found === "entry-gone" && first.reaches < first.sequence)
      return `chain ${chain}: it ends at entry ${first.reaches}; ${when} knows it up to entry ${first.sequence}`;
    if (first.found === "entry-gone") return `chain ${chain}, entry ${first.sequence}: it is missing; ${when} knows it`;
    return `chain ${chain}, entry ${first.sequence}: it, or one before it, was rewritten after ${when}`;
  });
}

async function checkFile(
  file: AnchorFileFound,
  keys: KnownKeys,
  question: AnchorsQuestion,
): Promise<{ history: AnchorHistory; faults: string[] }> {
  const history = await replayAnchors(await readAnchorLines(file.path), keys);
  const faults = history.faults.map((fault) => `the file of the key ${file.key}: ${fault}`);
  if (history.installation !== null && history.installation !== question.installation)
    return { history, faults: [...faults, `the file of the key ${file.key}: it is of another installation`] };
  return { history, faults: [...faults, ...disagreementWords(await question.compare(history.points), history.points)] };
}

/** Reads every anchor of this installation in the folder and compares each point of each with the audit as it is now. */
export async function checkAnchors(question: AnchorsQuestion): Promise<AnchorsVerdict> {
  const { files, publicKeys } = await readAnchorFolder(question.folder);
  const own = files.filter(({ installation }) => installation === question.installation.slice(0, 8));
  if (own.length === 0) {
    if (files.length > 0 && question.exclusive)
      return {
        state: "differ",
        message: "The anchors kept here are of another database than this one: it was exchanged, or made anew.",
        anchors: 0,
        last_at: null,
        faults: [
          `the anchors here are of the installation ${files[0]?.installation}…, this database is ${question.installation}`,
        ],
        notices: [],
      };
    return notChecked("Not compared with anchors outside the database: none are kept here yet.");
  }
  const vouched = (question.trusted ?? []).length > 0;
  const keys = new KnownKeys(vouched ? (question.trusted ?? []) : publicKeys);
  const known = own.filter(({ key }) => keys.has(key));
  const notices = own
    .filter(({ key }) => !keys.has(key))
    .map(
      ({ key }) =>
        `the anchors of the key ${key} were not used: its public key is not ${vouched ? "among those given" : "beside them"}`,
    );
  if (known.length === 0)
    return notChecked("Not compared with the anchors: no public key is known that signed them.", notices);
  const faults: string[] = [];
  let anchors = 0;
  let lastAt: string | null = null;
  for (const file of known) {
    const { history, faults: found } = await checkFile(file, keys, question);
    faults.push(...found);
    anchors += history.count;
    if (history.last && (lastAt === null || history.last.at > lastAt)) lastAt = history.last.at;
    for (const restart of history.restarts)
      notices.push(`anchor ${restart.anchor} of ${moment(restart.at)} began anew: ${restart.reason}`);
    const noted = question.noted;
    if (noted?.key === file.key && noted.number !== null && noted.number > history.count)
      notices.push(
        `the database says that anchor ${noted.number} of the key ${file.key} was written; the file ends at ${history.count}: it was cut, or the entry is not true`,
      );
  }
  const told = faults.slice(0, FAULTS);
  const upTo = lastAt === null ? "" : ` up to ${moment(lastAt)}`;
  if (faults.length > 0)
    return {
      state: "differ",
      message: `The audit is not what was anchored: ${plural(faults.length, "fault")} against ${plural(anchors, "anchor")}${upTo}. Somebody changed it from outside the app, or an older state of the database was brought back.`,
      anchors,
      last_at: lastAt,
      faults: told,
      notices,
    };
  if (anchors === 0)
    return notChecked("Not compared with anchors outside the database: the first is not written yet.", notices);
  return {
    state: "agree",
    message: `Agrees with ${plural(anchors, "anchor")} kept outside the database${upTo}. What was written since rests on the chain alone.`,
    anchors,
    last_at: lastAt,
    faults: [],
    notices: vouched
      ? notices
      : [
          ...notices,
          `keys believed as they lie beside the anchors: ${known.map(({ key }) => key).join(", ")}; compare with what was noted elsewhere`,
        ],
  };
}
