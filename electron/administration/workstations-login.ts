import { randomBytes } from "node:crypto";
import { setWorkstationPassword, WORKSTATION_LOGIN } from "../database/workstation-login";
import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";

/** Nobody types it: as long as a generated one can be. */
const SHORTEST = 20;

/** 192 bits that every configuration file and URL can hold. */
export function newLoginPassword(): string {
  return randomBytes(24).toString("base64url");
}

export async function hasWorkstationsLogin(owner: Owner): Promise<boolean> {
  const { rows } = await owner.query("SELECT FROM pg_roles WHERE rolname = $1", [WORKSTATION_LOGIN]);
  return rows.length > 0;
}

/** Gives the login that all workstations share a new password. Those that still have the old one cannot connect any more. */
export async function renewWorkstationsLogin(owner: Owner, password: string): Promise<void> {
  if (password.length < SHORTEST || password.length > 200 || !/^[!-~]+$/u.test(password))
    throw new AdministrationRefused(
      `The login's password must have ${SHORTEST} to 200 letters, digits and signs of ASCII, without spaces.`,
    );
  if (!(await hasWorkstationsLogin(owner)))
    throw new AdministrationRefused("The database is not prepared yet. Run `lamplight-admin schema` first.");
  await inOwnersTransaction(owner, async (query) => {
    await recordAct(query, "KEYS_ROTATED", { key: "workstation-login" });
    // As whoever connected: the schema's owner may change no role.
    await query("RESET ROLE");
    await setWorkstationPassword(query, password);
  });
}
