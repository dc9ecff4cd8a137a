import { z } from "zod";
import { LOADING_LOCK } from "../demo-hospital/load-demo-hospital";
import { newSealingKey } from "../sealing/seal";
import { commonPasswords } from "../session/common-passwords";
import { newAccountRows } from "../session/new-account";
import type { HashingParameters } from "../session/password-keys";
import { faultOfNewPassword } from "../session/password-rules";
import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";

export interface FirstAdmin {
  readonly username: string;
  /** As it is shown everywhere: "Family, Given". */
  readonly name: string;
  readonly department: string;
  readonly password: string;
}

const usernameForm = /^[a-z0-9][a-z0-9._-]{2,39}$/u;
const hashingSchema = z.object({ memory_kib: z.int(), iterations: z.int(), parallelism: z.int() });

/** Refuses what would not do as an account, before anybody is asked for a password. */
export function checkPerson(person: Pick<FirstAdmin, "username" | "name" | "department">): void {
  if (!usernameForm.test(person.username))
    throw new AdministrationRefused(
      "A user name has 3 to 40 small letters, digits, dots, hyphens and underscores, and begins with a letter or digit.",
    );
  if (!/^[^,\p{Cc}]{1,60}, [^,\p{Cc}]{1,60}$/u.test(person.name))
    throw new AdministrationRefused('Give the name as "Family, Given".');
  if (!/^[^\p{Cc}]{1,80}$/u.test(person.department))
    throw new AdministrationRefused("A department has 1 to 80 characters.");
}

/** Refuses a hospital that has an Admin, or a field key that a new Admin would not hold. */
export async function requireNoAdmin(owner: Owner): Promise<void> {
  await inOwnersTransaction(owner, (query) => refuseWhereOneIs(query));
}

async function refuseWhereOneIs(query: Owner["query"]): Promise<void> {
  const { rows } = await query(
    `SELECT i.demo, EXISTS (SELECT FROM hospital.staff WHERE role = 'Admin' AND disabled_at IS NULL) AS has_admin,
       EXISTS (SELECT FROM private.sealed_key WHERE purpose = 'fields') AS has_field_key FROM private.installation i`,
  );
  if (rows[0]?.["has_admin"] === true)
    throw new AdministrationRefused(
      rows[0]["demo"] === true
        ? "This is the demo hospital; it has an Admin. `lamplight-admin demo remove` empties it."
        : "This hospital has an Admin already, who gives accounts to everybody else.",
    );
  // A second field key would leave what the first one sealed to nobody.
  if (rows[0]?.["has_field_key"] === true)
    throw new AdministrationRefused(
      "This hospital has a field key that a new Admin would not hold: somebody who holds it must give the account.",
    );
}

/** Ids of staff are in the audit for ever: none is given a second time, also not after a demo hospital was removed. */
const unusedId = `SELECT 'STF' || lpad((1 + coalesce(max(substr(used.id, 4)::int), 0))::text, 3, '0') AS id
  FROM (SELECT id FROM hospital.staff UNION SELECT DISTINCT staff_id FROM private.audit_entry) AS used (id)
 WHERE used.id ~ '^STF[0-9]{1,8}$'`;

/**
 * The account of the first Admin, with the hospital's first field key. From then on that person can sign in with the app and
 * is the only one who holds the key. Answers the staff id.
 */
export async function createFirstAdmin(owner: Owner, person: FirstAdmin): Promise<{ staffId: string }> {
  checkPerson(person);
  const { username, name, password } = person;
  const common = await commonPasswords();
  const fault = faultOfNewPassword(password, { username, name, secondFactor: false, common });
  if (fault) throw new AdministrationRefused(fault);
  return inOwnersTransaction(owner, async (query) => {
    await query("SELECT pg_advisory_xact_lock($1)", [LOADING_LOCK]);
    await refuseWhereOneIs(query);
    const staffId = String((await query(unusedId)).rows[0]?.["id"]);
    const { rows } = await query("SELECT memory_kib, iterations, parallelism FROM private.installation");
    const found = hashingSchema.parse(rows[0]);
    const hashing: HashingParameters = {
      memoryKib: found.memory_kib,
      iterations: found.iterations,
      parallelism: found.parallelism,
    };
    const taken = await query("SELECT FROM hospital.staff WHERE username = $1", [person.username]);
    if (taken.rows.length > 0) throw new AdministrationRefused("That user name is taken.");
    await query("INSERT INTO hospital.staff (id, username, name, role, department) VALUES ($1, $2, $3, 'Admin', $4)", [
      staffId,
      person.username,
      person.name,
      person.department,
    ]);
    const fieldKey = newSealingKey();
    const account = await newAccountRows({ staffId, password: person.password, hashing, fieldKey });
    fieldKey.key.fill(0);
    await query(
      `INSERT INTO private.credential (staff_id, salt, memory_kib, iterations, parallelism, verifier, changed_at)
       SELECT staff_id, salt, memory_kib, iterations, parallelism, verifier, clock_timestamp()
         FROM jsonb_populate_recordset(NULL::private.credential, $1::jsonb)`,
      [JSON.stringify(account.credential)],
    );
    await query(
      `INSERT INTO private.sealed_key (staff_id, purpose, key_id, sealed)
       SELECT staff_id, purpose, key_id, sealed FROM jsonb_populate_recordset(NULL::private.sealed_key, $1::jsonb)`,
      [JSON.stringify(account.sealed_key)],
    );
    await query("UPDATE private.installation SET loaded_at = coalesce(loaded_at, clock_timestamp())");
    await recordAct(query, "STAFF_ADDED", { staff: staffId, role: "Admin", first: true, fieldKey: fieldKey.id });
    return { staffId };
  });
}
