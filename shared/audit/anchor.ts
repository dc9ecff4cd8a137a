import { z } from "zod";
import { momentSchema, uuidSchema } from "../clinical/identifiers";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

/** The end of one chain when an anchor was written: its id, the number of its last entry, and that entry's hash. */
export const anchoredHeadSchema = z.tuple([uuidSchema, z.int().min(1), sha256]);
export type AnchoredHead = z.infer<typeof anchoredHeadSchema>;

/**
 * What an anchor says. `heads` are the chains that changed since the anchor before it (all of them in the first, and after a
 * restart); `root` is the Merkle root over all heads, sorted by id, so that one short text fixes the whole audit.
 */
export const anchorStatementSchema = z.strictObject({
  kind: z.literal("lamplight-audit-anchor"),
  version: z.literal(1),
  installation: uuidSchema,
  /** From 1, without a gap, in each file. */
  number: z.int().min(1),
  /** On the clock of the machine that wrote it. */
  at: momentSchema,
  /** On the database's clock, after the heads were read: nothing that is anchored here is younger. */
  database_at: momentSchema,
  /** The first 16 hexadecimal digits of the SHA-256 of the public key's DER form. */
  key: z.string().regex(/^[0-9a-f]{16}$/u),
  /** SHA-256 of the statement before it in the file; null in the first. */
  previous: sha256.nullable(),
  root: sha256,
  /** How many heads the root is over. */
  chains: z.int().min(0),
  heads: z.array(anchoredHeadSchema),
  /** Why the count begins anew, e.g. after a backup was restored: a person's own words. */
  restart: z.string().min(3).max(200).optional(),
});
export type AnchorStatement = z.infer<typeof anchorStatementSchema>;

/** One line of an anchor file. The statement is a text, so that exactly what was signed is what is kept. */
export const anchorLineSchema = z.strictObject({ statement: z.string(), signature: z.base64() });

/** A head with the anchor that says it. */
export interface AnchoredPoint {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
  readonly anchor: number;
  readonly at: string;
  /** On the database's clock. */
  readonly databaseAt: string;
}
