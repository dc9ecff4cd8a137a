import { hkdfSync } from "node:crypto";
import { hashRaw } from "@node-rs/argon2";

/** The library's number for Argon2id; its own name is a const enum, which single-file compilers cannot read. */
export const ARGON2ID = 2;

/** Argon2id parameters as PostgreSQL keeps them beside each credential (RFC 9106). */
export interface HashingParameters {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** Keys derived from one password, each 32 bytes and for one purpose. Only `auth` ever leaves this process. */
export interface PasswordKeys {
  readonly auth: Buffer;
  readonly offline: Buffer;
  readonly drafts: Buffer;
  readonly accountKeys: Buffer;
  /** How to derive them again from the same password; no secret. */
  readonly derivedBy: SaltedHashing;
}

export type SaltedHashing = HashingParameters & { readonly salt: Buffer };

const labels = { auth: "auth", offline: "offline", drafts: "drafts", accountKeys: "account-keys" } as const;

/** Argon2id over the password, 32 bytes; runs off the main thread. The caller zeroes it. */
export async function masterOfPassword(password: string, parameters: SaltedHashing): Promise<Buffer> {
  return hashRaw(password.normalize("NFKC"), {
    algorithm: ARGON2ID,
    salt: parameters.salt,
    memoryCost: parameters.memoryKib,
    timeCost: parameters.iterations,
    parallelism: parameters.parallelism,
    outputLen: 32,
  });
}

/** HKDF-SHA-256 (RFC 5869) over what Argon2id made, with one label a purpose. */
export function keysOfMaster(master: Buffer, parameters: SaltedHashing): PasswordKeys {
  const derive = (label: string) => Buffer.from(hkdfSync("sha256", master, Buffer.alloc(0), `lamplight|${label}`, 32));
  return {
    auth: derive(labels.auth),
    offline: derive(labels.offline),
    drafts: derive(labels.drafts),
    accountKeys: derive(labels.accountKeys),
    derivedBy: parameters,
  };
}

/** The keys of a password. */
export async function derivePasswordKeys(password: string, parameters: SaltedHashing): Promise<PasswordKeys> {
  const master = await masterOfPassword(password, parameters);
  try {
    return keysOfMaster(master, parameters);
  } finally {
    master.fill(0);
  }
}

export function forgetKeys(keys: PasswordKeys): void {
  for (const key of [keys.auth, keys.offline, keys.drafts, keys.accountKeys]) key.fill(0);
}

/** Keys of one's own, for work that goes on while their holder may zero them. The caller forgets them. */
export function copyOfKeys({ auth, offline, drafts, accountKeys, derivedBy }: PasswordKeys): PasswordKeys {
  return {
    auth: Buffer.from(auth),
    offline: Buffer.from(offline),
    drafts: Buffer.from(drafts),
    accountKeys: Buffer.from(accountKeys),
    derivedBy,
  };
}
