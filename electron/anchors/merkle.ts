import { createHash } from "node:crypto";
import type { AnchoredHead } from "../../shared/audit/anchor";

/** So many hashes between two breaths: a large hospital has hundreds of thousands of chains, and the window works on. */
const BREATH = 4000;
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** RFC 6962, section 2.1: a leaf and a node can never be taken for one another. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
const sha256 = (...parts: readonly (Buffer | string)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The bytes of a leaf name what they are about, so that a signature over another list can never stand for this one. */
export function leafHash([chain, sequence, hash]: AnchoredHead): Buffer {
  return sha256(LEAF, `lamplight-audit-head\n${chain}\n${sequence}\n${hash}`);
}

/**
 * The Merkle tree hash over the heads in order of their ids, as hexadecimal. Each level joins neighbours and hands on an odd one,
 * which is the tree of RFC 6962 (its split at the largest power of two) built from below.
 */
export async function merkleRoot(heads: Iterable<AnchoredHead>): Promise<string> {
  const sorted = [...heads].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (sorted.length === 0) return sha256().toString("hex");
  let done = 0;
  let level: Buffer[] = [];
  for (const head of sorted) {
    level.push(leafHash(head));
    done += 1;
    if (done % BREATH === 0) await breathe();
  }
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const left = level[at] as Buffer;
      const right = level[at + 1];
      above.push(right === undefined ? left : sha256(NODE, left, right));
      done += 1;
      if (done % BREATH === 0) await breathe();
    }
    level = above;
  }
  return (level[0] as Buffer).toString("hex");
}
