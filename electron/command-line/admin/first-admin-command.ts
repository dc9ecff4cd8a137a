import { checkPerson, createFirstAdmin, requireNoAdmin } from "../../administration/first-admin";
import { atTheDesk } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

interface Options {
  readonly username: string;
  readonly name: string;
  readonly department: string;
}

export const registerFirstAdmin: RegisterCommand = (program, context) => {
  const { terminal } = context;
  program
    .command("first-admin")
    .description(
      "gives the first Admin of a hospital an account, and the hospital its field key; the password is LAMPLIGHT_PASSWORD, or asked twice",
    )
    .requiredOption("--username <name>", "the name to sign in with: small letters, digits, . _ -")
    .requiredOption("--name <name>", 'the person\'s name, "Family, Given"')
    .option("--department <department>", "the person's department", "Administration")
    .action(async (options: Options) => {
      checkPerson(options);
      await atTheDesk(
        program,
        context,
        async ({ owner }) => {
          await requireNoAdmin(owner);
          const password = await terminal.secret("LAMPLIGHT_PASSWORD", `New password of ${options.username}`);
          if ((await terminal.secret("LAMPLIGHT_PASSWORD", "The same again")) !== password)
            throw new CommandRefused("The two passwords differ. Nothing was changed.");
          const { staffId } = await createFirstAdmin(owner, { ...options, password });
          terminal.say(`${options.username} (${staffId}) is the first Admin and can sign in.`);
        },
        { begins: true },
      );
    });
};
