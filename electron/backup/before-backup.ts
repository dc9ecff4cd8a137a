import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { OwnerQuery } from "../database/pool";
import { BackupRefused } from "./refused";

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Before the whole database is counted for a file that cannot be written. */
export async function refuseFolder(folder: string): Promise<void> {
  await access(folder, constants.W_OK).catch(() => {
    throw new BackupRefused(
      `There is no folder ${folder}, or this account may not write into it. Nothing was written.`,
    );
  });
}

/** Throws where there is nothing to back up, or nothing that a backup could hold. */
export async function refuseEmpty(query: OwnerQuery): Promise<void> {
  const known = await query("SELECT to_regclass('private.installation') IS NOT NULL AS known");
  const nothing = new BackupRefused("There is no hospital in this database: nothing to back up.");
  if (known.rows[0]?.["known"] !== true) throw nothing;
  const { rows } = await query("SELECT current_setting('server_encoding') AS encoding");
  if (rows[0]?.["encoding"] !== "UTF8") throw new BackupRefused("The database is not encoded in UTF-8.");
}
