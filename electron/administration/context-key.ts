import { inOwnersTransaction, type Owner, recordAct } from "./owner";

/**
 * Gives the database a new key for signing contexts; answers its id. Requests that are open at this moment read nothing any
 * more and are asked again; nobody is signed out.
 */
export async function rotateContextKey(owner: Owner): Promise<string> {
  return inOwnersTransaction(owner, async (query) => {
    const { rows } = await query("SELECT private.rotate_context_key() AS id");
    const id = String(rows[0]?.["id"]);
    await recordAct(query, "KEYS_ROTATED", { key: "context", id });
    return id;
  });
}
