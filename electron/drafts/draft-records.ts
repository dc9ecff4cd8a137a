import { z } from "zod";
import type { Query } from "../database/query";

const rowSchema = z.object({
  key: z.string(),
  sealed: z.instanceof(Buffer).nullable(),
  // bigint travels as text.
  revision: z.coerce.number().int(),
  expires_at: z.coerce.date(),
});
const keptSchema = z.object({
  kept_revision: z.coerce.number().int(),
  kept_until: z.coerce.date(),
  taken: z.boolean(),
});

/** A draft as PostgreSQL keeps it; without bytes when it was shredded. */
export interface DraftRow {
  readonly draftKey: string;
  readonly sealed: Buffer | null;
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export async function readDraftRows(query: Query, token: string): Promise<DraftRow[]> {
  const rows = z
    .array(rowSchema)
    .parse(await query("SELECT key, sealed, revision, expires_at FROM api.drafts($1)", [token]));
  return rows.map((row) => ({
    draftKey: row.key,
    sealed: row.sealed,
    revision: row.revision,
    expiresAt: row.expires_at.getTime(),
  }));
}

/**
 * `base` is the revision that this one grew from, 0 for none. `taken` is false when another than that is kept, a later one is
 * kept, or it was shredded later.
 */
export async function keepDraftRow(
  query: Query,
  token: string,
  row: { readonly draftKey: string; readonly sealed: Buffer; readonly revision: number; readonly base: number },
): Promise<{ taken: boolean; expiresAt: number }> {
  const [kept] = z
    .array(keptSchema)
    .min(1)
    .parse(
      await query("SELECT * FROM api.keep_draft($1, $2, $3, $4, $5)", [
        token,
        row.draftKey,
        row.sealed,
        row.revision,
        row.base,
      ]),
    );
  return { taken: kept?.taken === true, expiresAt: kept?.kept_until.getTime() ?? 0 };
}

export async function shredDraftRows(
  query: Query,
  token: string,
  draftKeys: readonly string[],
  revision: number,
): Promise<void> {
  await query("SELECT api.shred_drafts($1, $2, $3)", [token, draftKeys, revision]);
}
