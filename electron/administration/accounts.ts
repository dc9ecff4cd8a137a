import { z } from "zod";
import { may } from "../../shared/access/role-permissions";
import { type Role, roleSchema } from "../../shared/access/roles";
import { newSealingKey, type SealingKey } from "../sealing/seal";
import { sealKeyFor } from "../sealing/sealed-keys";
import { newTemporaryPassword } from "../session/given-account";
import { newCredential } from "../session/password-change";
import { forgetKeys } from "../session/password-keys";
import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";
import type { KeyHolder } from "./rotate-field-key";

interface Person {
  readonly staffId: string;
  readonly role: Role;
}

type OwnersQuery = Owner["query"];

/** Holds the person's row until the end of the transaction, as every act on an account does. */
async function hold(query: OwnersQuery, username: string): Promise<Person> {
  const { rows } = await query("SELECT id, role FROM hospital.staff WHERE username = lower($1) FOR NO KEY UPDATE", [
    username,
  ]);
  if (!rows[0]) throw new AdministrationRefused("There is nobody with this user name.");
  return { staffId: String(rows[0]["id"]), role: roleSchema.parse(rows[0]["role"]) };
}

const endSessions = (query: OwnersQuery, staffId: string, reason: string) =>
  query("SELECT private.end_sessions($1, NULL, NULL, 'administrator', NULL, $2)", [staffId, reason]);

/** Takes somebody's second factor away, and ends their sessions: for an only Admin whose device is lost. */
export async function resetSecondFactor(owner: Owner, username: string): Promise<void> {
  await inOwnersTransaction(owner, async (query) => {
    const { staffId } = await hold(query, username);
    const { rows } = await query("SELECT private.has_second_factor($1) AS has", [staffId]);
    if (rows[0]?.["has"] !== true) throw new AdministrationRefused("This person has no second factor.");
    await endSessions(query, staffId, "second factor reset");
    await query("SELECT private.forget_second_factor($1)", [staffId]);
    await recordAct(query, "SECOND_FACTOR_CHANGED", { of: staffId, step: "reset" });
  });
}

/** Opens an account that was disabled, and ends the lock that wrong passwords brought. */
export async function enableAccount(owner: Owner, username: string): Promise<void> {
  await inOwnersTransaction(owner, async (query) => {
    const { staffId } = await hold(query, username);
    await query("UPDATE hospital.staff SET disabled_at = NULL WHERE id = $1", [staffId]);
    await query("DELETE FROM private.sign_in_counter WHERE username = lower($1)", [username]);
    await recordAct(query, "ACCOUNT_CHANGED", { of: staffId, change: "enabled" });
  });
}

const hashingSchema = z.object({ memory_kib: z.int(), iterations: z.int(), parallelism: z.int() });
const hex = (base64: string) => `\\x${Buffer.from(base64, "base64").toString("hex")}`;

/** Whether a role holds the hospital's field key, so that somebody who holds it must seal it for a new password. */
export const holdsFieldKey = (role: Role) => may(role, "identity.read") || may(role, "insurance.read");

export async function roleOf(owner: Owner, username: string): Promise<Role> {
  return inOwnersTransaction(owner, async (query) => (await hold(query, username)).role);
}

/**
 * A temporary password for somebody who lost theirs. What their personal and drafts keys sealed stays sealed. A role that sees
 * identity data needs `holder`, whose field keys are sealed for the new password: nobody else can.
 */
export async function resetPassword(
  owner: Owner,
  username: string,
  holder: KeyHolder | undefined,
): Promise<{ temporaryPassword: string }> {
  return inOwnersTransaction(owner, async (query) => {
    const { staffId, role } = await hold(query, username);
    const fieldKeys = holdsFieldKey(role) ? await keysOf(query, holder) : [];
    const { rows } = await query("SELECT memory_kib, iterations, parallelism FROM private.installation");
    const found = hashingSchema.parse(rows[0]);
    const temporaryPassword = newTemporaryPassword();
    const { credential, keys } = await newCredential(temporaryPassword, {
      memoryKib: found.memory_kib,
      iterations: found.iterations,
      parallelism: found.parallelism,
    });
    const personal = newSealingKey();
    const sealed = (purpose: "personal" | "fields", key: SealingKey) => ({
      purpose,
      key_id: key.id,
      sealed: hex(sealKeyFor(keys.accountKeys, staffId, purpose, key).toString("base64")),
    });
    const kept = [sealed("personal", personal), ...fieldKeys.map((key) => sealed("fields", key))];
    forgetKeys(keys);
    personal.key.fill(0);
    await endSessions(query, staffId, "password reset");
    await query("DELETE FROM private.sealed_key WHERE staff_id = $1", [staffId]);
    await query(
      `INSERT INTO private.sealed_key (staff_id, purpose, key_id, sealed)
       SELECT $1, r.purpose, r.key_id, r.sealed FROM jsonb_to_recordset($2::jsonb) AS r (purpose text, key_id text, sealed bytea)`,
      [staffId, JSON.stringify(kept)],
    );
    await query("SELECT private.store_credential($1, $2, true)", [staffId, JSON.stringify(credential)]);
    await query("DELETE FROM private.sign_in_counter WHERE username = lower($1)", [username]);
    await recordAct(query, "ACCOUNT_CHANGED", { of: staffId, change: "password reset" }, holder);
    return { temporaryPassword };
  });
}

/** Every field key that is in use, from who holds it. */
async function keysOf(query: OwnersQuery, holder: KeyHolder | undefined): Promise<SealingKey[]> {
  if (!holder)
    throw new AdministrationRefused(
      "This role sees identity data: name somebody who holds the field key with --holder. Without one it cannot be given to anybody.",
    );
  const { rows } = await query("SELECT key_id FROM private.sealed_key WHERE staff_id = $1 AND purpose = 'fields'", [
    holder.staffId,
  ]);
  return rows.map((row) => {
    const key = holder.fieldKeys.get(String(row["key_id"]));
    if (!key) throw new AdministrationRefused("The field key changed meanwhile. Nothing was changed; try again.");
    return key;
  });
}
