import { healthChecks } from "../../../shared/workstation/health";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";
import { openWorkstationDesk } from "./workstation-desk";

const words = { good: "good", warning: "warning", bad: "bad", "not-checked": "not checked" } as const;

export const registerHealth: RegisterCommand = (program, context) => {
  program
    .command("health")
    .description(
      "looks at database, schema, keys, clock, disk, model and updates as this workstation sees them, and changes nothing; exit code 0 when all is good, 1 when anything is not",
    )
    .option("--json", "the whole report with its figures, for a monitoring system")
    .action(async (options: { json?: boolean }) => {
      const desk = openWorkstationDesk(context, program.opts<{ home?: string }>().home);
      const report = await desk.health.read().finally(() => desk.close());
      if (options.json) context.terminal.say(JSON.stringify(report, null, 2));
      else
        for (const { name, state, message } of report.checks)
          context.terminal.say(`${healthChecks[name].padEnd(15)} ${words[state].padEnd(12)} ${message}`);
      if (report.state === "good") return;
      const count = (state: keyof typeof words) => report.checks.filter((check) => check.state === state).length;
      throw new CommandRefused(
        `Not all is good: ${count("bad")} bad, ${count("warning")} with a warning, ${count("not-checked")} not checked.`,
      );
    });
};
