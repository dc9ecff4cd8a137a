import { randomUUID } from "node:crypto";
import { z } from "zod";
import { may } from "../../shared/access/role-permissions";
import { momentSchema } from "../../shared/clinical/identifiers";
import type { Person } from "../../shared/session/session-state";
import type { Database } from "../database/pool";
import { issueOutboxKey } from "../records/outbox";
import { newSealingKey, type SealingKey } from "../sealing/seal";
import type { HashingParameters } from "../session/password-keys";
import type { OfflineAccess } from "./offline-access";
import { type BlobContent, forgetContent } from "./offline-blob";
import type { SteadyClock } from "./steady-clock";
import type { UsageLog } from "./usage-log";

/** A password was right just now, by the database's word. */
export interface OnlineProof {
  readonly token: string;
  readonly sessionId: string;
  readonly person: Person;
  readonly startedAt: string;
  readonly expiresAt: string;
  readonly draftsKey: SealingKey;
  /** The HKDF `offline` key of that password and how it was derived. The caller zeroes it. */
  readonly offlineKey: Buffer;
  readonly hashing: HashingParameters & { readonly salt: Buffer };
}

const grantSchema = z.object({
  usage_key: z.instanceof(Buffer),
  granted_at: momentSchema,
  not_after: momentSchema,
  policy: z.int(),
});
export interface GrantOptions {
  readonly database: Database;
  readonly access: OfflineAccess;
  readonly usage: UsageLog;
  readonly clock: SteadyClock;
  /** This installation's id. */
  readonly workstation: string;
}

async function outboxKeyFor(database: Database, proof: OnlineProof): Promise<BlobContent["outboxKey"]> {
  if (!may(proof.person.role, "vital-signs.record")) return null;
  const { id, key, workstation, issuedAt, notAfter } = await issueOutboxKey(database, proof.token);
  return { id, key, workstation, issuedAt, notAfter };
}

/**
 * Lets the database grant twelve hours, and seals what is needed for them under the password. What the same password sealed
 * before stays readable. Answers what was sealed; the caller zeroes it. Throws what the database or the disk throws.
 */
export async function grantOffline(
  options: GrantOptions,
  proof: OnlineProof,
): Promise<{ content: BlobContent; until: number }> {
  const { database, access, usage, clock, workstation } = options;
  const { person, offlineKey } = proof;
  const grant = randomUUID();
  const [row] = await database.statement("SELECT * FROM api.grant_offline($1, $2, $3)", [
    proof.token,
    grant,
    workstation,
  ]);
  const granted = grantSchema.parse(row);
  const outboxKey = await outboxKeyFor(database, proof);
  await clock.believe(Date.parse(granted.granted_at));
  const before = await access.contentUnder(person.username, offlineKey);
  const dataKey = before ? { id: before.dataKey.id, key: Buffer.from(before.dataKey.key) } : newSealingKey();
  if (before) forgetContent(before);
  const content: BlobContent = {
    person,
    sessionId: proof.sessionId,
    startedAt: proof.startedAt,
    expiresAt: proof.expiresAt,
    dataKey,
    draftsKey: { id: proof.draftsKey.id, key: Buffer.from(proof.draftsKey.key) },
    outboxKey,
    usage: { grant, key: granted.usage_key },
  };
  const until = Date.parse(granted.not_after);
  const { salt, ...hashing } = proof.hashing;
  const head = {
    v: 1,
    staffId: person.staffId,
    workstation,
    notAfter: until,
    policy: granted.policy,
    hashing: { salt: salt.toString("base64"), ...hashing },
  } as const;
  await access.keep(person.username, offlineKey, head, content);
  await usage.prepareLockedOut(content.usage, access.folderOf(person.username));
  return { content, until };
}
