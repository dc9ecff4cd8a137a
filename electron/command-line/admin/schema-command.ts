import { compareSchema, prepareSchema } from "../../administration/schema";
import { atTheDesk } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

export const registerSchema: RegisterCommand = (program, context) => {
  const { terminal, migrations } = context;
  program
    .command("schema")
    .description("creates the database's schema, or brings it to this version")
    .option("--check", "changes nothing; ends with 1 unless the schema is that of this version")
    .option("--json", "answers as JSON")
    .action(async (options: { check?: boolean; json?: boolean }) => {
      await atTheDesk(
        program,
        context,
        async ({ owner }) => {
          if (!options.check) {
            const applied = await prepareSchema(owner, migrations);
            if (options.json) terminal.say(JSON.stringify({ applied }));
            else terminal.say(whatWasApplied(applied));
            return;
          }
          const found = await compareSchema(owner, migrations);
          const fits = found.pending.length === 0 && found.unknown.length === 0;
          if (options.json) terminal.say(JSON.stringify({ ...found, upToDate: fits }));
          else if (fits) terminal.say(`The schema is up to date: ${found.version}.`);
          if (found.unknown.length > 0)
            throw new CommandRefused(
              `The database is newer than this version: it has ${found.unknown.at(-1)}. Update Lamplight.`,
            );
          if (found.version === null) throw new CommandRefused("The database was never prepared.");
          if (!fits)
            throw new CommandRefused(
              `The schema is older than this version: ${found.pending.length} migrations are to be applied, the first ${found.pending[0]}.`,
            );
        },
        { asItIs: true, begins: !options.check },
      );
    });
};

export function whatWasApplied(applied: readonly string[]): string {
  return applied.length === 0
    ? "The schema was up to date."
    : `Applied ${applied.length} migrations, the last ${applied.at(-1)}.`;
}
