import type { AnchoredHead, AnchorStatement } from "../../shared/audit/anchor";
import type { Clock } from "../clock";
import { anchorFileName, appendAnchorLine, keepPublicKey, readAnchorFolder, readAnchorLines } from "./anchor-file";
import { type AnchorHistory, replayAnchors, statementHash } from "./anchor-history";
import { type AnchorKey, KnownKeys } from "./anchor-key";
import { merkleRoot } from "./merkle";
import type { AnchoringPort, AnchoringTurn } from "./port";

/** Every anchor is written from what changed since the one before; so often the whole list is compared. Milliseconds. */
const WHOLE_LIST = 24 * 3_600_000;
/** An entry may be committed later than its own time says, by a transaction that took long. Milliseconds. */
const MARGIN = 10 * 60_000;

/** The audit is not what an earlier anchor says: a sentence for IT. Nothing is signed over that. */
export class AnchorConflict extends Error {}

export interface AnchoringOptions {
  readonly folder: string;
  readonly key: AnchorKey;
  readonly port: AnchoringPort;
  readonly clock: Clock;
}

export interface AnchorWritten {
  readonly number: number;
  readonly root: string;
  readonly chains: number;
  /** Chains that changed since the anchor before. */
  readonly changed: number;
  readonly file: string;
}

interface Kept {
  readonly file: string;
  readonly heads: Map<string, AnchoredHead>;
  last: AnchorHistory["last"];
  wholeAt: number;
}

/** Writes anchors into one folder with one key. What the file says is read once and kept; one run at a time. */
export class Anchoring {
  #kept: Kept | undefined;

  constructor(private readonly options: AnchoringOptions) {}

  /** Writes the next anchor if it is this one's turn. Throws `AnchorConflict` where the audit went back or was rewritten. */
  async write(options: { restart?: string } = {}): Promise<AnchorWritten | undefined> {
    const turn = await this.options.port.begin();
    if (!turn) return undefined;
    try {
      return await this.#writeAt(turn, options.restart);
    } catch (error) {
      // What lies in the file decides, not what we meant to write there.
      this.#kept = undefined;
      throw error;
    }
  }

  async #writeAt(turn: AnchoringTurn, restart: string | undefined): Promise<AnchorWritten> {
    const { folder, key, clock } = this.options;
    const kept = await this.#open(turn.installation);
    const now = clock.now();
    const whole = restart !== undefined || kept.last === null || Math.abs(now.getTime() - kept.wholeAt) >= WHOLE_LIST;
    const since = whole || kept.last === null ? null : new Date(Date.parse(kept.last.databaseAt) - MARGIN);
    const found = await turn.heads(since);
    const databaseAt = (await turn.now()).toISOString();
    const changed = restart === undefined ? changedHeads(kept.heads, found, since === null) : found;
    const heads = new Map(restart === undefined ? kept.heads : []);
    for (const head of changed) heads.set(head[0], head);
    const root = await merkleRoot(heads.values());
    const statement: AnchorStatement = {
      kind: "lamplight-audit-anchor",
      version: 1,
      installation: turn.installation,
      number: (kept.last?.number ?? 0) + 1,
      at: now.toISOString(),
      database_at: databaseAt,
      key: key.id,
      previous: kept.last?.hash ?? null,
      root,
      chains: heads.size,
      heads: changed,
      ...(restart === undefined ? {} : { restart }),
    };
    const text = JSON.stringify(statement);
    await keepPublicKey(folder, key);
    await appendAnchorLine(folder, kept.file, JSON.stringify({ statement: text, signature: key.sign(text) }));
    const { number } = statement;
    kept.heads.clear();
    for (const [chain, head] of heads) kept.heads.set(chain, head);
    kept.last = { number, at: statement.at, databaseAt, hash: statementHash(text), root };
    if (whole) kept.wholeAt = now.getTime();
    await turn.record({ number, root, statement: kept.last.hash, key: key.id, chains: heads.size });
    return { number, root, chains: heads.size, changed: changed.length, file: kept.file };
  }

  async #open(installation: string): Promise<Kept> {
    const { folder, key } = this.options;
    const file = anchorFileName(installation, key.id);
    if (this.#kept?.file === file) return this.#kept;
    const found = (await readAnchorFolder(folder)).files.find(({ path }) => path.endsWith(file));
    const history = await replayAnchors(found ? await readAnchorLines(found.path) : [], new KnownKeys([key.publicKey]));
    if (history.faults.length > 0)
      throw new AnchorConflict(
        `The anchors in ${file} are not what was written: ${history.faults[0]}. Nothing was added to them.`,
      );
    this.#kept = { file, heads: new Map(history.heads), last: history.last, wholeAt: 0 };
    return this.#kept;
  }
}

/** The heads that an anchor does not know yet. Throws where one went back, changed in its place, or is gone. */
function changedHeads(
  known: ReadonlyMap<string, AnchoredHead>,
  found: readonly AnchoredHead[],
  whole: boolean,
): AnchoredHead[] {
  const changed = found.filter(([chain, sequence, hash]) => {
    const before = known.get(chain);
    if (!before) return true;
    if (sequence < before[1])
      throw new AnchorConflict(
        `The chain ${chain} ends at entry ${sequence}, and entry ${before[1]} was anchored already.`,
      );
    if (sequence === before[1] && hash !== before[2])
      throw new AnchorConflict(`Entry ${sequence} of the chain ${chain} is not the one that was anchored.`);
    return sequence > before[1];
  });
  if (whole) {
    const here = new Set(found.map(([chain]) => chain));
    for (const chain of known.keys())
      if (!here.has(chain)) throw new AnchorConflict(`The chain ${chain} is gone, and it was anchored already.`);
  }
  return changed;
}
