import type { Row } from "../database/pool";
import { identityAssociation } from "../sealing/identity-association";
import type { KeyRing } from "../sealing/key-ring";
import { type SealingKey, seal, sealedKeyId } from "../sealing/seal";
import { inOwnersTransaction, type Owner } from "./owner";
import { type SealedTable, sealedTables, sealedWithAnother } from "./sealed-tables";

/** Rows in one transaction. */
const BATCH = 500;
const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

export interface Resealed {
  /** Rows that are sealed with the new key now and were not before. */
  readonly rows: number;
  /** Rows with a field that none of the keys opens: damaged, or sealed with a key that this person does not hold. */
  readonly unreadable: number;
}

/** How many rows are not sealed with this key. */
export async function countOthers(query: Owner["query"], keyId: string): Promise<number> {
  let others = 0;
  for (const sealed of sealedTables) {
    const { rows } = await query(`SELECT count(*) AS n FROM ${sealed.table} WHERE ${sealedWithAnother(sealed)}`, [
      keyId,
    ]);
    others += Number(rows[0]?.["n"]);
  }
  return others;
}

/** The row sealed anew, each field opened again and compared before it is believed; null where a field does not open. */
function resealRow(sealed: SealedTable, row: Row, keys: KeyRing, key: SealingKey): Record<string, unknown> | null {
  const patient = String(row["patient_id"]);
  const anew: Record<string, unknown> = { patient_id: patient, [sealed.index.column]: null };
  for (const [column, field] of Object.entries(sealed.fields)) {
    const before = row[column];
    anew[column] = null;
    if (!(before instanceof Buffer)) continue;
    const associated = identityAssociation(patient, field);
    let plain: string;
    try {
      plain = keys.open(before, associated);
    } catch {
      return null;
    }
    const after = seal(key, plain, associated);
    if (keys.open(after, associated) !== plain) throw new Error("a field that was just sealed does not open");
    anew[column] = hex(after);
    if (column === sealed.index.of) anew[sealed.index.column] = hex(sealed.index.make(key, plain));
  }
  return anew;
}

async function resealTable(
  owner: Owner,
  sealed: SealedTable,
  keys: KeyRing,
  tell: (rows: number) => void,
): Promise<Resealed> {
  const key = keys.current;
  const columns = [...Object.keys(sealed.fields), sealed.index.column];
  let after: string | null = null;
  let rows = 0;
  let unreadable = 0;
  for (;;) {
    const last: string | null = after;
    const found: Row[] = await inOwnersTransaction(owner, async (query) => {
      const batch = await query(
        `SELECT patient_id, ${Object.keys(sealed.fields).join(", ")} FROM ${sealed.table}
          WHERE ($2::uuid IS NULL OR patient_id > $2) AND ${sealedWithAnother(sealed)}
          ORDER BY patient_id LIMIT ${BATCH} FOR NO KEY UPDATE`,
        [key.id, last],
      );
      const anew = batch.rows.map((row) => resealRow(sealed, row, keys, key));
      const taken = anew.filter((row) => row !== null);
      await query(
        `UPDATE ${sealed.table} t SET ${columns.map((column) => `${column} = r.${column}`).join(", ")}
           FROM jsonb_populate_recordset(NULL::${sealed.table}, $1::jsonb) r WHERE r.patient_id = t.patient_id`,
        [JSON.stringify(taken)],
      );
      rows += taken.length;
      unreadable += anew.length - taken.length;
      return batch.rows;
    });
    tell(rows);
    if (found.length < BATCH) return { rows, unreadable };
    after = String(found.at(-1)?.["patient_id"]);
  }
}

/**
 * Seals every row with the newest key, in batches that can be interrupted anywhere: what is done is in the rows themselves.
 * Passes over the tables until one finds nothing, because a workstation may still have written with the old key meanwhile.
 */
export async function resealAll(owner: Owner, keys: KeyRing, tell: (rows: number) => void): Promise<Resealed> {
  let rows = 0;
  for (;;) {
    let inPass = 0;
    let unreadable = 0;
    for (const sealed of sealedTables) {
      const done = await resealTable(owner, sealed, keys, (more) => tell(rows + inPass + more));
      inPass += done.rows;
      unreadable += done.unreadable;
    }
    rows += inPass;
    if (inPass === 0) return { rows, unreadable };
  }
}

/** Opens every sealed field with the newest key and makes every blind index again; answers how many rows do not agree. */
export async function verifySealed(owner: Owner, keys: KeyRing): Promise<{ rows: number; faults: number }> {
  const { id } = keys.current;
  let rows = 0;
  let faults = 0;
  for (const sealed of sealedTables) {
    const columns = [...Object.keys(sealed.fields), sealed.index.column].join(", ");
    for (let after: string | null = null; ; ) {
      const last: string | null = after;
      const found: Row[] = await inOwnersTransaction(
        owner,
        async (query) =>
          (
            await query(
              `SELECT patient_id, ${columns} FROM ${sealed.table} WHERE ($1::uuid IS NULL OR patient_id > $1) ORDER BY patient_id LIMIT ${BATCH}`,
              [last],
            )
          ).rows,
      );
      rows += found.length;
      faults += found.filter((row) => !agrees(sealed, row, keys, id)).length;
      if (found.length < BATCH) break;
      after = String(found.at(-1)?.["patient_id"]);
    }
  }
  return { rows, faults };
}

function agrees(sealed: SealedTable, row: Row, keys: KeyRing, keyId: string): boolean {
  try {
    for (const [column, field] of Object.entries(sealed.fields)) {
      const value = row[column];
      if (!(value instanceof Buffer)) continue;
      if (sealedKeyId(value) !== keyId) return false;
      const plain = keys.open(value, identityAssociation(String(row["patient_id"]), field));
      if (
        column === sealed.index.of &&
        !sealed.index.make(keys.current, plain).equals(row[sealed.index.column] as Buffer)
      )
        return false;
    }
    return true;
  } catch {
    return false;
  }
}
