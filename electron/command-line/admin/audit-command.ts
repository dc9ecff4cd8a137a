import { verifyWholeAudit } from "../../administration/verify-audit";
import { atTheDesk } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

export const registerAudit: RegisterCommand = (program, context) => {
  const { terminal } = context;
  program
    .command("audit")
    .description("checks the audit")
    .command("verify")
    .description("computes every hash of every chain again; ends with 1 if one does not agree")
    .option("--json", "answers as JSON")
    .action(async (options: { json?: boolean }) => {
      const verdict = await atTheDesk(program, context, ({ owner }) => verifyWholeAudit(owner));
      const { chains, entries, faults } = verdict;
      if (options.json) terminal.say(JSON.stringify(verdict));
      else {
        for (const fault of faults) terminal.complain(fault);
        if (faults.length === 0) terminal.say(`The audit is whole: ${entries} entries in ${chains} chains, no fault.`);
      }
      if (faults.length > 0)
        throw new CommandRefused(
          `The audit was changed: ${faults.length}${faults.length === 50 ? " or more" : ""} faults in ${entries} entries of ${chains} chains.`,
        );
    });
};
