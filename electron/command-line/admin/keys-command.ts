import type { Command } from "commander";
import { rotateContextKey } from "../../administration/context-key";
import { type KeyStatus, keyStatus } from "../../administration/key-status";
import { listed, retireFieldKey } from "../../administration/retire-field-key";
import { rotateFieldKey } from "../../administration/rotate-field-key";
import { type LoginOptions, renewLogin } from "./login-command";
import { type AdminContext, atTheDesk } from "./office";
import { proveAtTerminal } from "./prove-at-terminal";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

function statusLines({ workstationLogin, contextKey, fieldKey, personalKeys }: KeyStatus): string[] {
  const since = (moment: string | null, unknown: string) => (moment === null ? unknown : `since ${moment}`);
  const lines = [
    `Workstation login: password ${workstationLogin.renewedAt === null ? "never renewed by this command" : `renewed ${workstationLogin.renewedAt}`}.`,
    `Context key ${contextKey.id}: ${since(contextKey.since, "as old as the installation")}.`,
    fieldKey.id === null
      ? "Field key: none, no hospital is set up."
      : `Field key ${fieldKey.id}: ${since(fieldKey.since, "age not known")}, held by ${fieldKey.holders.length} people.`,
  ];
  if (fieldKey.rotation) {
    const { from, rowsLeft, waitingFor } = fieldKey.rotation;
    const left = rowsLeft > 0 ? `${rowsLeft} rows are still to be sealed anew` : "every row is sealed with the new key";
    const waiting =
      waitingFor.length > 0 ? `waiting for ${listed(waitingFor)} to sign in` : "everybody has the new key";
    lines.push(`The old field key ${from} is not retired: ${left}; ${waiting}.`);
  }
  return [...lines, `Personal keys: ${personalKeys}.`];
}

function registerRotate(program: Command, keys: Command, context: AdminContext): void {
  const { terminal } = context;
  const rotate = keys.command("rotate").description("replaces a key: login, context or fields");
  rotate
    .command("login")
    .description("a new password for the login of all workstations; the same as `login`")
    .option("--out <file>", "writes the new password to a file that only you can read, instead of showing it")
    .action((options: LoginOptions) => atTheDesk(program, context, (office) => renewLogin(office, context, options)));
  rotate
    .command("context")
    .description("a new key for the database's signatures of requests; nobody is signed out")
    .action(() =>
      atTheDesk(program, context, async ({ owner }) => {
        const id = await rotateContextKey(owner);
        terminal.say(`The database signs with the new context key ${id}. Requests that were open are asked again.`);
      }),
    );
  rotate
    .command("fields")
    .description("a new field key, and every sealed field sealed anew with it; continues one that was interrupted")
    .requiredOption("--user <name>", "somebody who holds the field key; the password is LAMPLIGHT_PASSWORD, or asked")
    .option("--json", "answers as JSON")
    .action(async (options: { user: string; json?: boolean }) => {
      const done = await atTheDesk(program, context, (office) =>
        proveAtTerminal(context, office, options.user, (holder) =>
          rotateFieldKey(office.owner, holder, (rows, of) => terminal.progress(`Sealed anew: ${rows} of ${of} rows`)),
        ),
      );
      if (options.json) terminal.say(JSON.stringify(done));
      else
        terminal.say(
          `${done.resumed ? "Continued" : "Done"}: ${done.rows} rows sealed with the new field key ${done.to}, ${done.verified} rows read again. ` +
            `Everybody who holds ${done.from} gets the new one at the next sign-in; then \`lamplight-admin keys retire\`.`,
        );
      if (done.unreadable > 0)
        throw new CommandRefused(
          `${done.unreadable} rows have a field that no key opens. They stay as they are, and the old key stays with them.`,
        );
    });
}

export const registerKeys: RegisterCommand = (program, context) => {
  const { terminal } = context;
  const keys = program.command("keys").description("shows and replaces keys");
  keys
    .command("status")
    .description("says how old each key is, and how far a rotation has come")
    .option("--json", "answers as JSON")
    .action(async (options: { json?: boolean }) => {
      const status = await atTheDesk(program, context, ({ owner }) => keyStatus(owner));
      if (options.json) terminal.say(JSON.stringify(status));
      else for (const line of statusLines(status)) terminal.say(line);
    });
  registerRotate(program, keys, context);
  keys
    .command("retire")
    .description("ends the rotation of the field key: the old one is given to nobody any more")
    .option("--force", "also where somebody has not signed in since; they lose the field key")
    .option("--json", "answers as JSON")
    .action(async (options: { force?: boolean; json?: boolean }) => {
      const done = await atTheDesk(program, context, ({ owner }) =>
        retireFieldKey(owner, { force: options.force ?? false }),
      );
      if (options.json) return terminal.say(JSON.stringify(done));
      const lost =
        done.without.length === 0
          ? ""
          : ` ${done.without.length} people hold no field key any more and need an administrator to give it to them: ${listed(done.without)}.`;
      terminal.say(
        `The field key ${done.retired} is retired, ${done.current} is the only one. ${done.sessionsEnded} older sessions were ended.${lost}`,
      );
    });
};
