import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { type AnchorKey, newAnchorKey, openAnchorKey } from "../../anchors/anchor-key";
import { CommandRefused } from "./terminal";

/** The signing key of anchors in a file of its own, made where there is none. Throws where others could read it. */
export function anchorKeyFile(path: string): { key: AnchorKey; isNew: boolean } {
  const pem = newAnchorKey();
  try {
    const made = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      writeSync(made, pem);
      fsyncSync(made);
    } finally {
      closeSync(made);
    }
    return { key: openAnchorKey(pem), isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const file = openSync(path, constants.O_RDONLY);
  try {
    const { mode, size } = fstatSync(file);
    // Windows keeps who may read a file elsewhere.
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw new CommandRefused(`The key file ${path} can be read by others. Make it yours alone: chmod 600.`);
    if (size > 10_000) throw new CommandRefused(`${path} holds no Ed25519 private key in PEM form.`);
    return { key: openAnchorKey(readFileSync(file, "utf8")), isNew: false };
  } catch (error) {
    if (error instanceof CommandRefused) throw error;
    throw new CommandRefused(`${path} holds no Ed25519 private key in PEM form.`);
  } finally {
    closeSync(file);
  }
}
