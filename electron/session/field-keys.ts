import { z } from "zod";
import type { Query } from "../database/pool";
import { type KeyLink, KeyRing } from "../sealing/key-ring";
import type { SealingKey } from "../sealing/seal";
import { openSealedKey, sealKeyFor } from "../sealing/sealed-keys";
import { openDraftsKey } from "./drafts-key";
import type { PasswordKeys } from "./password-keys";

const rowSchema = z.object({
  purpose: z.enum(["fields", "personal", "drafts"]),
  key_id: z.string(),
  sealed: z.instanceof(Buffer),
});
const linkSchema = z.object({ key_id: z.string(), sealed_under: z.string(), sealed: z.instanceof(Buffer) });

/** What the keys of a person's password open. */
export interface HeldKeys {
  readonly fieldKeys: KeyRing | undefined;
  readonly personalKey: SealingKey | undefined;
  readonly draftsKey: SealingKey;
}

/** The links between field keys that PostgreSQL offers this person. */
export async function readKeyLinks(query: Query, token: string): Promise<KeyLink[]> {
  const rows = z.array(linkSchema).parse(await query("SELECT * FROM api.key_links($1)", [token]));
  return rows.map((row) => ({ keyId: row.key_id, sealedUnder: row.sealed_under, sealed: row.sealed }));
}

/**
 * Opens a person's sealed keys. While a field key is being replaced, the new one is opened by its link and kept sealed under
 * the person's own account key from then on; where keeping it fails, the next sign-in does it.
 */
export async function openHeldKeys(
  query: Query,
  token: string,
  staffId: string,
  { accountKeys: accountKey, drafts }: Pick<PasswordKeys, "accountKeys" | "drafts">,
): Promise<HeldKeys> {
  const rows = z.array(rowSchema).parse(await query("SELECT * FROM api.sealed_keys($1)", [token]));
  const openRow = (row: z.output<typeof rowSchema>) =>
    openSealedKey(accountKey, staffId, row.purpose, row.key_id, row.sealed);
  const personal = rows.find((row) => row.purpose === "personal");
  const personalKey = personal && openRow(personal);
  const kept = rows.find((row) => row.purpose === "drafts");
  const sealedDrafts = kept && { keyId: kept.key_id, sealed: kept.sealed };
  const draftsKey = await openDraftsKey(query, token, staffId, drafts, sealedDrafts);
  const fields = rows.filter((row) => row.purpose === "fields");
  if (fields.length === 0) return { fieldKeys: undefined, personalKey, draftsKey };

  const links = await readKeyLinks(query, token);
  const offered = new Set(links.map((link) => link.keyId));
  const keys = fields.flatMap((row) => {
    try {
      return [openRow(row)];
    } catch (error) {
      // A damaged copy of a key that a link still gives is replaced; any other would be lost unseen.
      if (offered.has(row.key_id)) return [];
      throw error;
    }
  });
  const fieldKeys = new KeyRing(keys);
  for (const key of followed(fieldKeys, links))
    await query("SELECT api.keep_sealed_key($1, 'fields', $2, $3)", [
      token,
      key.id,
      sealKeyFor(accountKey, staffId, "fields", key),
    ]).catch(() => undefined);
  return { fieldKeys, personalKey, draftsKey };
}

/** A damaged link must not keep anybody from signing in: what it would have opened stays closed, and says so when it is met. */
function followed(ring: KeyRing, links: readonly KeyLink[]): SealingKey[] {
  try {
    return ring.follow(links);
  } catch {
    return [];
  }
}
