import type { Owner } from "./owner";
import { AdministrationRefused } from "./refused";

/** A field key on its way out, and the one that replaces it. */
export interface OpenRotation {
  readonly from: string;
  readonly to: string;
  readonly begunAt: string;
}

/** The rotation that was begun and not ended by retiring the old key; one at a time. */
export async function openRotation(query: Owner["query"]): Promise<OpenRotation | null> {
  const { rows } = await query("SELECT key_id, sealed_under, created_at FROM private.key_link ORDER BY created_at");
  const row = rows[0];
  if (!row) return null;
  return { from: String(row["sealed_under"]), to: String(row["key_id"]), begunAt: String(row["created_at"]) };
}

/** The user names of those who hold one field key and not the other, without disabled accounts. */
export async function holdersWithout(query: Owner["query"], { from, to }: OpenRotation): Promise<string[]> {
  const { rows } = await query(
    `SELECT s.username FROM private.sealed_key k JOIN hospital.staff s ON s.id = k.staff_id
      WHERE k.purpose = 'fields' AND k.key_id = $1 AND s.disabled_at IS NULL AND NOT EXISTS (
        SELECT FROM private.sealed_key n WHERE n.staff_id = k.staff_id AND n.purpose = 'fields' AND n.key_id = $2)
      ORDER BY s.username`,
    [from, to],
  );
  return rows.map((row) => String(row["username"]));
}

/** The user names of those who hold a field key themselves. */
export async function holdersOf(query: Owner["query"], keyId: string): Promise<string[]> {
  const { rows } = await query(
    `SELECT s.username FROM private.sealed_key k JOIN hospital.staff s ON s.id = k.staff_id
      WHERE k.purpose = 'fields' AND k.key_id = $1 AND s.disabled_at IS NULL ORDER BY s.username`,
    [keyId],
  );
  return rows.map((row) => String(row["username"]));
}

/** Any number, the same in every version: it keeps two rotations apart for as long as they run. */
const ROTATION_LOCK = 7_242_018;

/** Holds off every other rotation or retirement while `work` runs over several transactions. */
export async function alone<T>(owner: Owner, work: () => Promise<T>): Promise<T> {
  const { rows } = await owner.query("SELECT pg_try_advisory_lock($1) AS held", [ROTATION_LOCK]);
  if (rows[0]?.["held"] !== true)
    throw new AdministrationRefused("Somebody else is changing the field key at this moment.");
  try {
    return await work();
  } finally {
    await owner.query("SELECT pg_advisory_unlock($1)", [ROTATION_LOCK]).catch(() => undefined);
  }
}
