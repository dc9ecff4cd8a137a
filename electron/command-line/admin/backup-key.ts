import { resolve } from "node:path";
import type { Progress } from "../../backup/contents";
import type { BackupKey } from "../../backup/header";
import { readKeyFile } from "../../backup/key-file";
import type { AdminContext } from "./office";
import { CommandRefused } from "./terminal";

export const PASSPHRASE_VARIABLE = "LAMPLIGHT_BACKUP_PASSPHRASE";
const SHORTEST = 12;

/** A path as the person typed it, from where they stand. */
export const pathOf = (context: AdminContext, file: string) => resolve(context.environment["INIT_CWD"] ?? ".", file);

/** The key file where one is named, else the passphrase; a new one is asked twice. */
export async function askBackupKey(
  context: AdminContext,
  options: { keyFile?: string | undefined; isNew: boolean },
): Promise<BackupKey> {
  if (options.keyFile !== undefined) return readKeyFile(pathOf(context, options.keyFile));
  const passphrase = await context.terminal.secret(PASSPHRASE_VARIABLE, "Passphrase of the backup");
  if (options.isNew && passphrase.length < SHORTEST)
    throw new CommandRefused(`The passphrase must have at least ${SHORTEST} characters.`);
  if (options.isNew && !context.environment[PASSPHRASE_VARIABLE]) {
    const again = await context.terminal.secret(PASSPHRASE_VARIABLE, "The same once more");
    if (again !== passphrase) throw new CommandRefused("The two passphrases are not the same.");
  }
  return { kind: "passphrase", passphrase };
}

const whole = new Intl.NumberFormat("en");
export const rowsInWords = (rows: number) => `${whole.format(rows)} ${rows === 1 ? "row" : "rows"}`;
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const doing: Readonly<Record<Progress["phase"], string>> = {
  counting: "Counting",
  writing: "Writing",
  checking: "Checking",
  preparing: "Preparing the database",
  loading: "Loading",
  comparing: "Comparing",
};

/** Shows at most ten lines a second: drawing costs more than the work that it tells of. */
export function progressLine(context: AdminContext): (progress: Progress) => void {
  let last = 0;
  return ({ phase, done, of, unit, bytes, table }) => {
    const now = performance.now();
    if (now - last < 100 && done < of) return;
    last = now;
    const percent = of === 0 ? 100 : Math.floor((100 * done) / of);
    const amount =
      unit === "bytes"
        ? `${megabytes(done)} of ${megabytes(of)}`
        : `${whole.format(done)} of ${whole.format(of)} ${unit}${bytes === undefined ? "" : `, ${megabytes(bytes)}`}`;
    context.terminal.progress(`${doing[phase]}: ${percent} %, ${amount}${table === undefined ? "" : `, ${table}`}`);
  };
}
