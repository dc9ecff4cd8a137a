import { enableAccount, holdsFieldKey, resetPassword, resetSecondFactor, roleOf } from "../../administration/accounts";
import { atTheDesk } from "./office";
import { proveAtTerminal } from "./prove-at-terminal";
import type { RegisterCommand } from "./register-command";

/** What an Admin does in the app, for where no Admin can sign in any more. */
export const registerPeople: RegisterCommand = (program, context) => {
  const { terminal } = context;
  const people = program
    .command("people")
    .description("opens accounts again where no Admin can: each act ends the person's sessions and is in the audit");
  people
    .command("reset-second-factor")
    .description("takes a second factor away whose device and recovery codes are lost")
    .requiredOption("--username <name>", "whose")
    .action(async ({ username }: { username: string }) => {
      await atTheDesk(program, context, ({ owner }) => resetSecondFactor(owner, username));
      terminal.say(`${username} signs in with the password alone, and can set up another second factor.`);
    });
  people
    .command("reset-password")
    .description("gives a temporary password, shown once; the person's chats stay sealed under the one that is lost")
    .requiredOption("--username <name>", "whose")
    .option(
      "--holder <name>",
      "somebody who holds the field key, where the role sees identity data; asked for their password",
    )
    .action(async ({ username, holder }: { username: string; holder?: string }) => {
      const { temporaryPassword } = await atTheDesk(program, context, async (office) => {
        const { owner } = office;
        if (holder === undefined || !holdsFieldKey(await roleOf(owner, username)))
          return resetPassword(owner, username, undefined);
        return proveAtTerminal(context, office, holder, (proved) => resetPassword(owner, username, proved));
      });
      terminal.say(`Temporary password of ${username}: ${temporaryPassword}`);
      terminal.complain(
        "It is shown this once. With it the person chooses a password of their own at the first sign-in.",
      );
    });
  people
    .command("enable")
    .description("opens a disabled account, and ends the lock that wrong passwords brought")
    .requiredOption("--username <name>", "whose")
    .action(async ({ username }: { username: string }) => {
      await atTheDesk(program, context, ({ owner }) => enableAccount(owner, username));
      terminal.say(`${username} can sign in.`);
    });
};
