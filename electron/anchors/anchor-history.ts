import { createHash } from "node:crypto";
import {
  type AnchoredHead,
  type AnchoredPoint,
  type AnchorStatement,
  anchorLineSchema,
  anchorStatementSchema,
} from "../../shared/audit/anchor";
import type { KnownKeys } from "./anchor-key";
import { merkleRoot } from "./merkle";

export const statementHash = (statement: string) => createHash("sha256").update(statement, "utf8").digest("hex");

export interface Restart {
  readonly anchor: number;
  readonly at: string;
  readonly reason: string;
}

export interface LastAnchor {
  readonly number: number;
  readonly at: string;
  /** On the database's clock. */
  readonly databaseAt: string;
  readonly hash: string;
  readonly root: string;
}

/** What the anchors of one file say together, once each line was checked. */
export interface AnchorHistory {
  readonly installation: string | null;
  readonly key: string | null;
  readonly last: LastAnchor | null;
  readonly count: number;
  /** The end of every chain as the last anchor knows it. */
  readonly heads: ReadonlyMap<string, AnchoredHead>;
  /** Every end that an anchor says, since the last restart: what the audit must still agree with. */
  readonly points: readonly AnchoredPoint[];
  readonly restarts: readonly Restart[];
  /** In words: where the file itself is not what was written. Nothing behind a fault is believed. */
  readonly faults: readonly string[];
}

function readLine(line: string): { statement: AnchorStatement; text: string; signature: string } | undefined {
  try {
    const { statement, signature } = anchorLineSchema.parse(JSON.parse(line));
    return { statement: anchorStatementSchema.parse(JSON.parse(statement)), text: statement, signature };
  } catch {
    return undefined;
  }
}

/**
 * Replays a file of anchors: every signature, every link to the anchor before, numbers without a gap, chains that only
 * grow, and the root of the last. Stops at the first line that does not hold.
 */
export async function replayAnchors(lines: Iterable<string>, keys: KnownKeys): Promise<AnchorHistory> {
  const heads = new Map<string, AnchoredHead>();
  let points: AnchoredPoint[] = [];
  const restarts: Restart[] = [];
  const faults: string[] = [];
  let last: AnchorHistory["last"] = null;
  let installation: string | null = null;
  let key: string | null = null;

  const faultOf = (number: number, line: ReturnType<typeof readLine>): string | undefined => {
    const place = `anchor ${number}`;
    if (!line) return `${place}: the line cannot be read`;
    const { statement, text, signature } = line;
    if (!keys.has(statement.key))
      return `${place}: signed by the key ${statement.key}, whose public key is not known here`;
    if (!keys.holds(statement.key, text, signature)) return `${place}: the signature does not hold`;
    if (key !== null && statement.key !== key) return `${place}: signed by another key than the anchors before it`;
    if (statement.number !== number)
      return `${place}: it bears the number ${statement.number}; anchors are missing or out of order`;
    if (statement.previous !== (last?.hash ?? null)) return `${place}: it does not continue the anchor before it`;
    if (installation !== null && statement.installation !== installation)
      return `${place}: it is of another installation`;
    if (statement.restart === undefined)
      for (const [chain, sequence] of statement.heads)
        if (sequence <= (heads.get(chain)?.[1] ?? 0)) return `${place}: it sets the chain ${chain} back`;
    return undefined;
  };

  let number = 0;
  for (const line of lines) {
    if (line === "") continue;
    number += 1;
    const read = readLine(line);
    const fault = faultOf(number, read);
    if (fault !== undefined || !read) {
      faults.push(fault ?? `anchor ${number}: the line cannot be read`);
      break;
    }
    const { statement, text } = read;
    if (statement.restart !== undefined) {
      heads.clear();
      points = [];
      restarts.push({ anchor: number, at: statement.at, reason: statement.restart });
    }
    for (const head of statement.heads) {
      heads.set(head[0], head);
      points.push({
        chain: head[0],
        sequence: head[1],
        hash: head[2],
        anchor: number,
        at: statement.at,
        databaseAt: statement.database_at,
      });
    }
    ({ installation, key } = statement);
    last = {
      number,
      at: statement.at,
      databaseAt: statement.database_at,
      hash: statementHash(text),
      root: statement.root,
    };
    if (statement.chains !== heads.size) {
      faults.push(`anchor ${number}: it speaks of ${statement.chains} chains, the anchors up to it of ${heads.size}`);
      break;
    }
  }
  // The signatures fix every list of heads; the root is what may have been noted elsewhere, so it must be theirs.
  if (faults.length === 0 && last !== null && (await merkleRoot(heads.values())) !== last.root)
    faults.push(`anchor ${last.number}: its root is not that of the chains it is about`);
  return { installation, key, last, count: last?.number ?? 0, heads, points, restarts, faults };
}
