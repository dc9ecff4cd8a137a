import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { newLoginPassword, renewWorkstationsLogin } from "../../administration/workstations-login";
import { WORKSTATION_LOGIN } from "../../database/workstation-login";
import { type AdminContext, atTheDesk, type Office } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

export interface LoginOptions {
  readonly out?: string;
}

export const registerLogin: RegisterCommand = (program, context) => {
  program
    .command("login")
    .description(
      `gives ${WORKSTATION_LOGIN}, the login of all workstations, a password: that of LAMPLIGHT_PASSWORD, or a new one, shown once`,
    )
    .option("--out <file>", "writes the new password to a file that only you can read, instead of showing it")
    .action((options: LoginOptions) => atTheDesk(program, context, (office) => renewLogin(office, context, options)));
};

/** Also `keys rotate login`. */
export async function renewLogin(office: Office, context: AdminContext, options: LoginOptions): Promise<void> {
  const { terminal, environment } = context;
  if (office.kind === "embedded")
    throw new CommandRefused(
      "A machine's own database keeps the password of its login itself; there is nothing to do.",
    );
  const given = environment["LAMPLIGHT_PASSWORD"];
  const password = given || newLoginPassword();
  const file = options.out === undefined ? undefined : resolve(environment["INIT_CWD"] ?? ".", options.out);
  if (file !== undefined) await writeNewFile(file, `${password}\n`);
  try {
    await renewWorkstationsLogin(office.owner, password);
  } catch (error) {
    if (file !== undefined) await rm(file, { force: true });
    throw error;
  }
  terminal.say(
    `The login ${WORKSTATION_LOGIN} has a new password; workstations with the old one cannot connect from now on.`,
  );
  if (file !== undefined) terminal.say(`It is in ${file}.`);
  else if (!given) terminal.say(`The password, shown this once: ${password}`);
}

/** Before the change: a password that could not be written down afterwards would be lost. */
async function writeNewFile(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw new CommandRefused(exists ? `${file} is there already.` : `${file} cannot be written.`);
  }
}
