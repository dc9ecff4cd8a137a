import { hostname } from "node:os";
import type { OwnerQuery } from "../database/pool";
import { OWNER_ROLE } from "./catalog";

const INSTALLATION_CHAIN = "00000000-0000-0000-0000-000000000000";

/** Appends to the installation's chain, within the transaction that is open. */
export async function appendNote(query: OwnerQuery, action: "BACKUP" | "RESTORE", detail: object): Promise<void> {
  await query(`SET LOCAL ROLE ${OWNER_ROLE}`);
  // A schema that an older version made does not know the word yet.
  await query("INSERT INTO private.audit_action VALUES ($1) ON CONFLICT DO NOTHING", [action]);
  await query("SELECT private.append_audit($1, NULL, NULL, NULL, $2, NULL, 'granted', '{}', $3, $4)", [
    INSTALLATION_CHAIN,
    action,
    hostname(),
    JSON.stringify(detail),
  ]);
}

/** The same in a transaction of its own: afterwards it is written, whatever happens next. */
export async function noteAlone(query: OwnerQuery, action: "BACKUP" | "RESTORE", detail: object): Promise<void> {
  await query("BEGIN");
  try {
    await appendNote(query, action, detail);
    await query("COMMIT");
  } catch (error) {
    await query("ROLLBACK");
    throw error;
  }
}
