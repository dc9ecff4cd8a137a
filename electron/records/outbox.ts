import type { ReplayReason } from "../../shared/clinical/refused-observation";
import { Refusal } from "../../shared/failure";
import type { AuthenticatedEntry } from "../../shared/offline/outbox-entry";
import type { Database } from "../database/pool";

/** What PostgreSQL issued to a session so that it can vouch for what is typed while the network is away. */
export interface OutboxKey {
  readonly id: string;
  /** 32 bytes for HMAC-SHA-256. Secret, and good until `notAfter`. */
  readonly key: Buffer;
  /** What every entry must carry, spelt as the database knows it. */
  readonly staff: string;
  readonly session: string;
  readonly workstation: string;
  /** An entry may have been measured and saved between these two moments, on the database's clock. */
  readonly issuedAt: string;
  readonly notAfter: string;
}

export interface ReplayAnswer {
  readonly outcome: "stored" | "already" | "refused";
  /** Why it was refused. With `bad-mac` the database kept nothing; with any other reason it keeps the entry. */
  readonly reason: ReplayReason | null;
}

/** The key of this session; the same one as long as it is valid. Throws RBAC_DENIED for who may not record vital signs. */
export async function issueOutboxKey(database: Database, token: string): Promise<OutboxKey> {
  const [row] = await database.statement("SELECT * FROM api.outbox_key($1)", [token]);
  if (row?.["outcome"] !== "granted") throw new Refusal("RBAC_DENIED");
  return {
    id: String(row["id"]),
    key: row["key"] as Buffer,
    staff: String(row["staff_id"]),
    session: String(row["session_id"]),
    workstation: String(row["workstation"]),
    issuedAt: String(row["issued_at"]),
    notAfter: String(row["not_after"]),
  };
}

/** Hands one waiting entry to the database, which needs nobody signed in for it. May be repeated at will. */
export async function replayObservation(database: Database, entry: AuthenticatedEntry): Promise<ReplayAnswer> {
  const [row] = await database.statement("SELECT * FROM api.replay_observation($1, $2, $3)", [
    entry.keyId,
    entry.payload,
    entry.mac,
  ]);
  return {
    outcome: row?.["outcome"] as ReplayAnswer["outcome"],
    reason: (row?.["reason"] ?? null) as ReplayReason | null,
  };
}
