import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { applyWards } from "../../administration/wards";
import { MOST_FAULTS, readWardsCsv, wardColumns } from "../../administration/wards-csv";
import { atTheDesk } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

interface Options {
  readonly removeMissing?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const registerWards: RegisterCommand = (program, context) => {
  const { terminal, environment } = context;
  program
    .command("wards <file>")
    .description(`sets up wards and beds from a CSV file with the columns ${wardColumns.join(", ")}`)
    .option("--remove-missing", "also removes beds that the file does not name, unless a patient is in one")
    .option("--dry-run", "says what would change, and changes nothing")
    .option("--json", "answers as JSON")
    .action(async (file: string, options: Options) => {
      const bytes = await readFile(resolve(environment["INIT_CWD"] ?? ".", file)).catch(() => {
        throw new CommandRefused(`${file} cannot be read.`);
      });
      const plan = readWardsCsv(bytes);
      if ("faults" in plan) {
        if (options.json) terminal.say(JSON.stringify({ faults: plan.faults }));
        else
          for (const { line, column, message } of plan.faults)
            terminal.complain(`line ${line}${column === null ? "" : `, column ${column}`}: ${message}`);
        throw new CommandRefused(
          `${plan.faults.length === 1 ? "1 fault" : `${plan.faults.length}${plan.faults.length === MOST_FAULTS ? " or more" : ""} faults`} in ${file}. Nothing was changed.`,
        );
      }
      const dryRun = options.dryRun ?? false;
      const changes = await atTheDesk(
        program,
        context,
        ({ owner }) => applyWards(owner, plan, { removeMissing: options.removeMissing ?? false, dryRun }),
        { begins: !dryRun },
      );
      if (options.json) return terminal.say(JSON.stringify({ ...changes, dryRun }));
      const { wardsAdded, wardsChanged, bedsAdded, bedsRemoved } = changes;
      const parts = [
        `${wardsAdded} wards added`,
        `${wardsChanged} changed`,
        `${bedsAdded} beds added`,
        `${bedsRemoved} removed`,
      ];
      terminal.say(`${dryRun ? "Nothing was changed; it would be: " : ""}${parts.join(", ")}.`);
    });
};
