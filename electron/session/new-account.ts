import { createHash, randomBytes } from "node:crypto";
import { newSealingKey, type SealingKey } from "../sealing/seal";
import { sealKeyFor } from "../sealing/sealed-keys";
import { derivePasswordKeys, forgetKeys, type HashingParameters, type PasswordKeys } from "./password-keys";

const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

/** Rows of private.credential and private.sealed_key as JSON for PostgreSQL. */
export interface AccountRows {
  readonly credential: Record<string, unknown>[];
  readonly sealed_key: Record<string, unknown>[];
}

export interface NewAccount {
  readonly staffId: string;
  readonly password: string;
  readonly hashing: HashingParameters;
  /** The hospital's field key, for a role that may see some identity data. */
  readonly fieldKey: SealingKey | undefined;
}

/** What lets a person sign in: a salt, the proof's hash, a personal key of their own, and the field key where they hold it. */
export async function newAccountRows({ staffId, password, hashing, fieldKey }: NewAccount): Promise<AccountRows> {
  return accountRows(staffId, await derivePasswordKeys(password, { salt: randomBytes(16), ...hashing }), fieldKey);
}

/** The same by the keys of the password, which are forgotten here. */
export function accountRows(staffId: string, keys: PasswordKeys, fieldKey: SealingKey | undefined): AccountRows {
  const { salt, memoryKib, iterations, parallelism } = keys.derivedBy;
  const personal = newSealingKey();
  const sealed = (purpose: "personal" | "fields", key: SealingKey) => ({
    staff_id: staffId,
    purpose,
    key_id: key.id,
    sealed: hex(sealKeyFor(keys.accountKeys, staffId, purpose, key)),
  });
  const verifier = hex(createHash("sha256").update(keys.auth).digest());
  const rows: AccountRows = {
    credential: [{ staff_id: staffId, salt: hex(salt), memory_kib: memoryKib, iterations, parallelism, verifier }],
    sealed_key: [sealed("personal", personal), ...(fieldKey ? [sealed("fields", fieldKey)] : [])],
  };
  forgetKeys(keys);
  personal.key.fill(0);
  return rows;
}
