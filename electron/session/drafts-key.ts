import { z } from "zod";
import type { Query } from "../database/pool";
import { newSealingKey, type SealingKey } from "../sealing/seal";
import { openSealedKey, sealKeyFor } from "../sealing/sealed-keys";

const keptSchema = z.object({ kept_id: z.string(), kept: z.instanceof(Buffer) });

/**
 * The key that seals a person's drafts, the same on every workstation. Made at the first sign-in; of two workstations that
 * make one at the same moment, both take the one that PostgreSQL kept. `under` is the HKDF `drafts` key of the password.
 */
export async function openDraftsKey(
  query: Query,
  token: string,
  staffId: string,
  under: Buffer,
  sealed: { readonly keyId: string; readonly sealed: Buffer } | undefined,
): Promise<SealingKey> {
  if (sealed) return openSealedKey(under, staffId, "drafts", sealed.keyId, sealed.sealed);
  const made = newSealingKey();
  const own = sealKeyFor(under, staffId, "drafts", made);
  const rows = await query("SELECT * FROM api.keep_drafts_key($1, $2, $3)", [token, made.id, own]);
  const kept = keptSchema.parse(rows[0]);
  if (kept.kept_id === made.id && kept.kept.equals(own)) return made;
  made.key.fill(0);
  return openSealedKey(under, staffId, "drafts", kept.kept_id, kept.kept);
}
