import { type DemoContent, demoContent, removeDemo } from "../../administration/remove-demo";
import { systemClock } from "../../clock";
import { demoLoadedWords } from "../../demo-hospital/accounts";
import { loadDemoHospital } from "../../demo-hospital/load-demo-hospital";
import { atTheDesk } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

/** The same as for everybody else's account. */
const hashing = { memoryKib: 65_536, iterations: 3, parallelism: 1 };

function inNumbers({ patients, patientsEntered, staff, chats, sessions }: DemoContent): string {
  return `${patients} patients (${patientsEntered} of them entered here), ${staff} staff, ${chats} chats, ${sessions} open sessions`;
}

export const registerDemo: RegisterCommand = (program, context) => {
  const { terminal, demoFolder } = context;
  const demo = program.command("demo").description("loads or removes the invented demo hospital");
  demo
    .command("load")
    .description("loads the demo hospital into a database without a hospital")
    .action(() =>
      atTheDesk(
        program,
        context,
        async ({ owner }) => {
          const onProgress = (done: number, of: number) => terminal.progress(`Loading ${done} of ${of}`);
          const { loaded } = await loadDemoHospital({
            owner,
            clock: systemClock,
            folder: demoFolder,
            hashing,
            onProgress,
          });
          terminal.progress(null);
          if (!loaded) throw new CommandRefused("A hospital is there already; the demo was not loaded.");
          terminal.say(await demoLoadedWords(demoFolder));
        },
        { begins: true },
      ),
    );
  demo
    .command("remove")
    .description("empties a database that holds the demo hospital; the audit stays")
    .option("--yes", "does it; without this the command only says what would go")
    .action((options: { yes?: boolean }) =>
      atTheDesk(program, context, async ({ owner }) => {
        if (!options.yes)
          throw new CommandRefused(
            `This would remove ${inNumbers(await demoContent(owner, demoFolder))}. Add --yes to do it.`,
          );
        const removed = await removeDemo(owner, demoFolder);
        terminal.say(`Removed the demo hospital: ${inNumbers(removed)}. The audit stays and tells of it.`);
      }),
    );
};
