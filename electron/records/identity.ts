import type { Query, Row } from "../database/pool";
import { identityAssociation, sealedIdentityFields } from "../sealing/identity-association";
import type { KeyRing } from "../sealing/key-ring";
import { sealedKeyId } from "../sealing/seal";

export async function readIdentity(query: Query): Promise<Row | undefined> {
  const [row] = await query("SELECT * FROM api.patient_identity");
  return row;
}

/** The ids of the keys that the sealed fields of a row were made with. */
export function keyIdsOf(row: Row): string[] {
  const ids = sealedIdentityFields.flatMap((field) => {
    const sealed = row[field];
    return sealed instanceof Buffer ? [sealedKeyId(sealed)] : [];
  });
  return [...new Set(ids)];
}

/** Opens the sealed fields of a row with the person's field keys. Throws when a field does not open: never a wrong value. */
export function openIdentity(row: Row, keys: KeyRing | undefined): Row {
  const opened: Row = { ...row };
  for (const field of sealedIdentityFields) {
    const sealed = row[field];
    if (!(sealed instanceof Buffer)) continue;
    if (!keys) throw new Error("no key to open identity data");
    opened[field] = keys.open(sealed, identityAssociation(String(row["patient_id"]), field));
  }
  return opened;
}
