import type { Query, Row } from "../database/pool";
import { identityAssociation, sealedIdentityFields } from "../sealing/identity-association";
import { open, type SealingKey } from "../sealing/seal";

export async function readIdentity(query: Query): Promise<Row | undefined> {
  const [row] = await query("SELECT * FROM api.patient_identity");
  return row;
}

/** Opens the sealed fields of a row with the person's field key. Throws when a field does not open: never a wrong value. */
export function openIdentity(row: Row, key: SealingKey | undefined): Row {
  const opened: Row = { ...row };
  for (const field of sealedIdentityFields) {
    const sealed = row[field];
    if (!(sealed instanceof Buffer)) continue;
    if (!key) throw new Error("no key to open identity data");
    opened[field] = open(key, sealed, identityAssociation(String(row["patient_id"]), field));
  }
  return opened;
}
