import { randomInt } from "node:crypto";
import { z } from "zod";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { Refusal } from "../../shared/failure";
import type { Query } from "../database/query";
import type { KeyRing } from "../sealing/key-ring";
import { newSealingKey } from "../sealing/seal";
import { sealKeyFor } from "../sealing/sealed-keys";
import { hashingOfNewPasswords } from "./attempt";
import { type NewCredential, newCredential } from "./password-change";
import { forgetKeys } from "./password-keys";

/** Letters and digits that are not mistaken for one another when they are read out. */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four groups of five, some 99 random bits. Its person must replace it with their first sign-in. */
export function newTemporaryPassword(): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: 4 }, group).join("-");
}

/** A data key sealed for somebody else, as PostgreSQL takes it. */
export interface GivenKey {
  readonly purpose: "personal" | "fields";
  readonly key_id: string;
  readonly sealed: string;
}

export interface GivenAccount {
  readonly temporaryPassword: string;
  readonly credential: NewCredential;
  readonly keys: GivenKey[];
}

const heldSchema = z.array(z.object({ purpose: z.string(), key_id: z.string() }));

/**
 * An account that an Admin gives: a temporary password, a personal key of its own, and, where the role may see some identity
 * data, every field key that the Admin holds, sealed under what that password derives. Nobody but this process saw it.
 */
export async function giveAccount(
  query: Query,
  admin: { readonly token: string; readonly fieldKeys: KeyRing | undefined },
  person: { readonly staffId: string; readonly role: Role },
): Promise<GivenAccount> {
  const temporaryPassword = newTemporaryPassword();
  const { credential, keys } = await newCredential(temporaryPassword, await hashingOfNewPasswords(query));
  try {
    const personal = newSealingKey();
    const given: GivenKey[] = [
      {
        purpose: "personal",
        key_id: personal.id,
        sealed: sealKeyFor(keys.accountKeys, person.staffId, "personal", personal).toString("base64"),
      },
    ];
    personal.key.fill(0);
    if (may(person.role, "identity.read") || may(person.role, "insurance.read")) {
      const held = heldSchema.parse(await query("SELECT purpose, key_id FROM api.sealed_keys($1)", [admin.token]));
      for (const { key_id } of held.filter(({ purpose }) => purpose === "fields")) {
        const key = admin.fieldKeys?.get(key_id);
        // Opened by a badge: identity data is sealed until the password is typed.
        if (!key) throw new Refusal("BADGE_NOT_ENOUGH");
        const sealed = sealKeyFor(keys.accountKeys, person.staffId, "fields", key);
        given.push({ purpose: "fields", key_id, sealed: sealed.toString("base64") });
      }
    }
    return { temporaryPassword, credential, keys: given };
  } finally {
    forgetKeys(keys);
  }
}
