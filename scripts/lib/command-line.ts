import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BadEnvironment, type Config, readConfig } from "../../electron/config";
import { SchemaRefused } from "../../electron/database/migrate";
import { Refusal } from "../../shared/failure";

const resources = join(fileURLToPath(new URL("../..", import.meta.url)), "resources");
export const migrationsFolder = join(resources, "database", "migrations");
export const demoFolder = join(resources, "demo-hospital");

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One plain line for what went wrong: a refusal's own words, never a stack and never a driver's text. */
export function inWords(error: unknown): string {
  if (error instanceof Refusal) return error.failure.message;
  if (error instanceof BadEnvironment || error instanceof SchemaRefused) return error.message;
  const code = typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : "";
  return `Something went wrong that we did not foresee${code}.`;
}

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
  const given = process.env["LAMPLIGHT_PASSWORD"];
  if (given) return given;
  if (!process.stdin.isTTY) {
    complain("Set LAMPLIGHT_PASSWORD, or run this on a terminal to be asked.");
    process.exit(2);
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true });
  // Readline would echo what is typed; swallowing its output is its own documented way to ask silently.
  const silent = lines as unknown as { _writeToOutput: (text: string) => void };
  process.stdout.write(`Password of ${username}: `);
  silent._writeToOutput = () => undefined;
  return new Promise((resolve) =>
    lines.question("", (answer) => {
      lines.close();
      process.stdout.write("\n");
      resolve(answer);
    }),
  );
}
