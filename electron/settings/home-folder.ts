import { accessSync, constants, mkdirSync } from "node:fs";

/** Makes the folder of all local state where it is missing; false when it cannot be made, read or written. */
export function isUsableHome(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
