import { hostname } from "node:os";
import type { AuditAction } from "../../shared/audit/actions";
import { sqlStateOf } from "../database/failure";
import type { OwnerQuery } from "../database/pool";
import { AdministrationRefused } from "./refused";

/** One connection of the owner of the schema; what is asked of it happens in order. */
export interface Owner {
  readonly query: OwnerQuery;
}

/** The chain of what happens without a session. */
export const INSTALLATION_CHAIN = "00000000-0000-0000-0000-000000000000";

/** How long an act waits for people at work before it gives up, for PostgreSQL. */
const LOCK_TIMEOUT = "20s";
const lockNotAvailable = "55P03";
const deadlock = "40P01";

/** One transaction with the rights of the schema's owner. Throws what `work` throws, with everything undone. */
export async function inOwnersTransaction<T>(owner: Owner, work: (query: OwnerQuery) => Promise<T>): Promise<T> {
  await owner.query("BEGIN");
  try {
    await owner.query("SET LOCAL ROLE lamplight_owner");
    await owner.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    const answer = await work(owner.query);
    await owner.query("COMMIT");
    return answer;
  } catch (error) {
    // Where the connection itself broke, the server rolls back; the first error is the one that tells why.
    await owner.query("ROLLBACK").catch(() => undefined);
    if ([lockNotAvailable, deadlock].includes(sqlStateOf(error) ?? ""))
      throw new AdministrationRefused("Somebody is working on what this would change. Nothing was changed; try again.");
    throw error;
  }
}

/** The person who proved who they are, where an act needs one. */
export interface Actor {
  readonly staffId: string;
  readonly role: string;
}

/** Appends to the installation's chain, inside the transaction of the act itself. Never a secret, never patient data. */
export async function recordAct(
  query: OwnerQuery,
  action: AuditAction,
  detail: Readonly<Record<string, unknown>>,
  actor?: Actor,
): Promise<void> {
  await query("SELECT private.append_audit($1, NULL, $2, $3, $4, NULL, 'granted', '{}', $5, $6)", [
    INSTALLATION_CHAIN,
    actor?.staffId ?? null,
    actor?.role ?? null,
    action,
    hostname(),
    JSON.stringify(detail),
  ]);
}
