import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inWords, systemTerminal } from "../../electron/command-line/admin/terminal";
import { type Config, readConfig } from "../../electron/config";

export { defaultHome as homeFolder } from "../../electron/command-line/admin/office";
export { inWords } from "../../electron/command-line/admin/terminal";

const resources = join(fileURLToPath(new URL("../..", import.meta.url)), "resources");
export const migrationsFolder = join(resources, "database", "migrations");
export const demoFolder = join(resources, "demo-hospital");

const terminal = systemTerminal();
export const { say, complain } = terminal;

/** Ends the process with one line when the environment cannot be used. */
export function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    complain(inWords(error));
    process.exit(2);
  }
}

/** The password from LAMPLIGHT_PASSWORD, or asked on the terminal without showing it. */
export async function passwordOf(username: string): Promise<string> {
  try {
    return await terminal.secret("LAMPLIGHT_PASSWORD", `Password of ${username}`);
  } catch (error) {
    complain(inWords(error));
    process.exit(2);
  }
}
