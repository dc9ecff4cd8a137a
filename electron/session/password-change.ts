import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { Refusal } from "../../shared/failure";
import type { Database } from "../database/pool";
import { openSealedKey, sealKeyFor } from "../sealing/sealed-keys";
import { beginAttempt, hashingOfNewPasswords, type Workstation } from "./attempt";
import { derivePasswordKeys, forgetKeys, type HashingParameters, type PasswordKeys } from "./password-keys";

const keptSchema = z.array(
  z.object({ purpose: z.enum(["fields", "personal", "drafts"]), key_id: z.string(), sealed: z.instanceof(Buffer) }),
);

/** A password as PostgreSQL keeps it: what derives the proof, and the proof's hash. */
export interface NewCredential {
  readonly salt: string;
  readonly memory_kib: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly verifier: string;
}

/** A new salt and what the password derives with it. The caller forgets the keys. */
export async function newCredential(
  password: string,
  hashing: HashingParameters,
): Promise<{ credential: NewCredential; keys: PasswordKeys }> {
  const salt = randomBytes(16);
  const keys = await derivePasswordKeys(password, { salt, ...hashing });
  const verifier = createHash("sha256").update(keys.auth).digest();
  return {
    credential: {
      salt: salt.toString("base64"),
      memory_kib: hashing.memoryKib,
      iterations: hashing.iterations,
      parallelism: hashing.parallelism,
      verifier: verifier.toString("base64"),
    },
    keys,
  };
}

/** Every key under the new password. None where one does not open: then the password was wrong, and PostgreSQL says and counts it. */
function sealAnew(kept: z.output<typeof keptSchema>, staffId: string, before: PasswordKeys, after: PasswordKeys) {
  try {
    return kept.map((row) => {
      const label = row.purpose === "drafts" ? "drafts" : "accountKeys";
      const key = openSealedKey(before[label], staffId, row.purpose, row.key_id, row.sealed);
      const sealed = sealKeyFor(after[label], staffId, row.purpose, key);
      key.key.fill(0);
      return { purpose: row.purpose, key_id: row.key_id, sealed: sealed.toString("base64") };
    });
  } catch {
    return [];
  }
}

export interface PasswordChange {
  readonly token: string;
  readonly staffId: string;
  readonly username: string;
  /** Of the password of before. */
  readonly before: PasswordKeys;
  readonly next: string;
}

/**
 * Replaces the own password and seals every data key anew under it, in one transaction. Answers the new password's keys,
 * which the caller forgets. Throws `Refusal` SIGN_IN_FAILED or ACCOUNT_LOCKED where the password of before is wrong.
 */
export async function changeOwnPassword(
  database: Database,
  workstation: Workstation,
  { token, staffId, username, before, next }: PasswordChange,
): Promise<PasswordKeys> {
  const { credential, keys } = await newCredential(next, await hashingOfNewPasswords(database.statement));
  try {
    const attempt = await beginAttempt(database, workstation, username, before.auth);
    const kept = keptSchema.parse(await database.statement("SELECT * FROM api.sealed_keys($1)", [token]));
    const sealedAnew = sealAnew(kept, staffId, before, keys);
    const [row] = await database.statement("SELECT api.change_password($1, $2, $3, $4) AS outcome", [
      token,
      attempt,
      JSON.stringify(credential),
      JSON.stringify(sealedAnew),
    ]);
    if (row?.["outcome"] === "locked") throw new Refusal("ACCOUNT_LOCKED");
    if (row?.["outcome"] !== "changed") throw new Refusal("SIGN_IN_FAILED", "The password of before is wrong.");
    return keys;
  } catch (error) {
    forgetKeys(keys);
    throw error;
  }
}
