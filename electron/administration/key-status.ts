import { holdersOf, holdersWithout, openRotation } from "./key-links";
import { INSTALLATION_CHAIN, inOwnersTransaction, type Owner } from "./owner";
import { countOthers } from "./reseal";

/** Every key of an installation: since when, and how far a change of it has come. Moments as ISO 8601; null: not known. */
export interface KeyStatus {
  readonly workstationLogin: { readonly renewedAt: string | null };
  readonly contextKey: { readonly id: string; readonly since: string | null };
  readonly fieldKey: {
    /** Null: no hospital is set up. */
    readonly id: string | null;
    readonly since: string | null;
    readonly holders: readonly string[];
    readonly rotation: {
      readonly from: string;
      readonly begunAt: string;
      /** Rows that are still to be sealed anew. */
      readonly rowsLeft: number;
      /** Those who have not signed in since. */
      readonly waitingFor: readonly string[];
    } | null;
  };
  readonly personalKeys: number;
}

const moment = (value: unknown): string | null => (typeof value === "string" ? value : null);

export async function keyStatus(owner: Owner): Promise<KeyStatus> {
  return inOwnersTransaction(owner, async (query) => {
    const { rows } = await query(
      `SELECT i.context_key_id, i.context_key_created_at,
         (SELECT max(at) FROM private.audit_entry WHERE chain_id = $1 AND action = 'KEYS_ROTATED' AND detail ->> 'key' = 'workstation-login') AS login_at,
         (SELECT count(*) FROM private.sealed_key WHERE purpose = 'personal') AS personal
       FROM private.installation i`,
      [INSTALLATION_CHAIN],
    );
    const rotation = await openRotation(query);
    const { rows: held } = await query(
      `SELECT key_id, min(created_at) AS since FROM private.sealed_key WHERE purpose = 'fields' AND ($1::text IS NULL OR key_id = $1)
        GROUP BY key_id ORDER BY count(*) DESC LIMIT 1`,
      [rotation?.to ?? null],
    );
    const id = rotation?.to ?? moment(held[0]?.["key_id"]);
    return {
      workstationLogin: { renewedAt: moment(rows[0]?.["login_at"]) },
      contextKey: { id: String(rows[0]?.["context_key_id"]), since: moment(rows[0]?.["context_key_created_at"]) },
      fieldKey: {
        id,
        since: rotation?.begunAt ?? moment(held[0]?.["since"]),
        holders: id === null ? [] : await holdersOf(query, id),
        rotation: rotation && {
          from: rotation.from,
          begunAt: rotation.begunAt,
          rowsLeft: await countOthers(query, rotation.to),
          waitingFor: await holdersWithout(query, rotation),
        },
      },
      personalKeys: Number(rows[0]?.["personal"]),
    };
  });
}
