import { accessSync, chmodSync, constants, mkdirSync, statSync } from "node:fs";

/**
 * Makes the folder of all local state where it is missing, for this account alone. Answers why it cannot be used, or
 * undefined. What two accounts of one machine share would be read and steered by both.
 */
export function troubleWithHome(folder: string): string | undefined {
  const another = "Choose another with LAMPLIGHT_HOME.";
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const account = process.getuid?.();
    // Windows keeps the folder of each account by its own lists; root starts the app in tests only.
    if (account === undefined || account === 0) return undefined;
    const status = statSync(folder);
    if (status.uid !== account) return `its folder ${folder} belongs to another account. ${another}`;
    if ((status.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return undefined;
  } catch {
    return `its folder ${folder} cannot be made or written. ${another}`;
  }
}
