import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

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
