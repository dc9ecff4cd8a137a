import { z } from "zod";
import { roleSchema } from "../../shared/access/roles";
import { momentSchema } from "../../shared/clinical/identifiers";
import { Refusal } from "../../shared/failure";
import type { Person } from "../../shared/session/session-state";
import type { Database, Row } from "../database/pool";
import type { KeyRing } from "../sealing/key-ring";
import type { SealingKey } from "../sealing/seal";
import { openHeldKeys } from "./field-keys";
import { derivePasswordKeys, forgetKeys, type PasswordKeys } from "./password-keys";

/** Where somebody signs in; told to the audit with every session. */
export interface Workstation {
  readonly name: string;
  readonly address: string;
  readonly appVersion: string;
}

/** What a successful sign-in gives. Stays in the main process; the token is opaque and worthless after a lock. */
export interface Credentials {
  readonly token: string;
  readonly sessionId: string;
  readonly person: Person;
  readonly startedAt: string;
  readonly expiresAt: string;
  /** Open identity data of patients; absent for roles that may see none. */
  readonly fieldKeys: KeyRing | undefined;
  /** Opens this person's own chats. */
  readonly personalKey: SealingKey | undefined;
}

const parametersSchema = z.object({
  salt: z.instanceof(Buffer),
  memory_kib: z.int(),
  iterations: z.int(),
  parallelism: z.int(),
});
const answerSchema = z.object({
  token: z.string(),
  session_id: z.uuid(),
  staff_id: z.string(),
  username: z.string(),
  name: z.string(),
  role: roleSchema,
  department: z.string(),
  started_at: momentSchema,
  expires_at: momentSchema,
});

async function derive(database: Database, username: string, password: string): Promise<PasswordKeys> {
  const rows = await database.statement("SELECT * FROM api.login_parameters($1)", [username]);
  const found = parametersSchema.parse(rows[0]);
  return derivePasswordKeys(password, {
    salt: found.salt,
    memoryKib: found.memory_kib,
    iterations: found.iterations,
    parallelism: found.parallelism,
  });
}

function judge(row: Row | undefined): z.output<typeof answerSchema> {
  if (row?.["outcome"] === "locked") throw new Refusal("ACCOUNT_LOCKED");
  if (row?.["outcome"] !== "granted") throw new Refusal("SIGN_IN_FAILED");
  return answerSchema.parse(row);
}

/**
 * Signs in by two transactions: the first commits the attempt as a failed one, the second judges exactly that attempt.
 * `renews` continues the locked session of the same person. Throws `Refusal` SIGN_IN_FAILED or ACCOUNT_LOCKED.
 */
export async function proveIdentity(
  database: Database,
  workstation: Workstation,
  username: string,
  password: string,
  renews?: string,
): Promise<Credentials> {
  const keys = await derive(database, username, password);
  try {
    const begun = await database.statement("SELECT api.begin_sign_in($1, $2, $3, $4, $5) AS attempt", [
      username,
      keys.auth,
      workstation.name,
      workstation.address,
      workstation.appVersion,
    ]);
    const finished = await database.statement("SELECT * FROM api.finish_sign_in($1, NULL, $2)", [
      begun[0]?.["attempt"],
      renews ?? null,
    ]);
    const answer = judge(finished[0]);
    const held = await openHeldKeys(database.statement, answer.token, answer.staff_id, keys.accountKeys);
    return {
      token: answer.token,
      sessionId: answer.session_id,
      person: {
        staffId: answer.staff_id,
        username: answer.username,
        name: answer.name,
        role: answer.role,
        department: answer.department,
      },
      startedAt: answer.started_at,
      expiresAt: answer.expires_at,
      ...held,
    };
  } finally {
    forgetKeys(keys);
  }
}
