import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { OwnerQuery } from "./pool";
import { scramVerifier } from "./scram-verifier";

const fileSchema = z.object({ password: z.string().min(32) });

export const WORKSTATION_LOGIN = "lamplight_app";

/**
 * The embedded database's password for the workstation's login: made once, in a file of mode 0600 of the home folder. It
 * opens a login that reads nothing without a person's session.
 */
export async function workstationPassword(home: string): Promise<string> {
  const file = join(home, "workstation-login.json");
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, "utf8"))).password;
  } catch {
    const password = randomBytes(32).toString("base64url");
    await mkdir(home, { recursive: true });
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, JSON.stringify({ password }), { mode: 0o600 });
    await chmod(temporary, 0o600);
    await rename(temporary, file);
    return password;
  }
}

/**
 * Sets the login's password for every workstation. PostgreSQL gets what proves the password, never the password itself. Every
 * role may change its own password and settings, so settings that somebody left on the shared login go with the old password.
 */
export async function setWorkstationPassword(query: OwnerQuery, password: string): Promise<void> {
  // Base64 and a few signs: nothing in it can end the literal.
  await query(`ALTER ROLE ${WORKSTATION_LOGIN} PASSWORD '${scramVerifier(password)}'`);
  const { rows } = await query(
    `SELECT d.datname FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
      WHERE r.rolname = $1 AND (s.setdatabase = 0 OR d.datname = current_database())`,
    [WORKSTATION_LOGIN],
  );
  for (const { datname } of rows)
    await query(
      typeof datname === "string"
        ? `ALTER ROLE ${WORKSTATION_LOGIN} IN DATABASE "${datname.replaceAll('"', '""')}" RESET ALL`
        : `ALTER ROLE ${WORKSTATION_LOGIN} RESET ALL`,
    );
}

/** Asks whether the login is one that would walk round row policies: an owner, a superuser, a member of either's role. */
export const strangeLogin = `SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
  OR coalesce((SELECT bool_or(pg_has_role(current_user, o.oid, 'MEMBER')) FROM pg_roles o WHERE o.rolname IN ('lamplight_owner', 'lamplight_reader')), false)
  AS strange FROM pg_roles r WHERE r.rolname = current_user`;
