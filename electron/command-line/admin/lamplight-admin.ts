import { Command } from "commander";
import { trustSystemAuthorities } from "../../configuration/system-authorities";
import { registerAudit } from "./audit-command";
import { registerBackup } from "./backup-command";
import { registerDemo } from "./demo-command";
import { registerDiagnostics } from "./diagnostics-command";
import { registerFirstAdmin } from "./first-admin-command";
import { registerHealth } from "./health-command";
import { registerKeys } from "./keys-command";
import { registerLogin } from "./login-command";
import type { AdminContext } from "./office";
import { registerPeople } from "./people-command";
import type { RegisterCommand } from "./register-command";
import { registerRestore } from "./restore-command";
import { registerRetention } from "./retention-command";
import { registerSchema } from "./schema-command";
import { inWords } from "./terminal";
import { registerUpdate } from "./update-command";
import { registerWards } from "./wards-command";

/** Every command, in the order of the help. */
const commands: readonly RegisterCommand[] = [
  registerSchema,
  registerLogin,
  registerFirstAdmin,
  registerPeople,
  registerWards,
  registerDemo,
  registerKeys,
  registerAudit,
  registerRetention,
  registerBackup,
  registerRestore,
  registerHealth,
  registerDiagnostics,
  registerUpdate,
];

/**
 * `lamplight-admin`: what IT does as the owner of the database. Answers the exit code: 0 done, 1 refused or failed, 2 not
 * understood. Every command says in one line what it did.
 */
export async function runAdmin(words: readonly string[], context: AdminContext): Promise<number> {
  trustSystemAuthorities();
  const program = new Command("lamplight-admin")
    .description(
      "Administers Lamplight's database: the central server named by LAMPLIGHT_OWNER_URL, or a machine's own.",
    )
    .version(context.version)
    .option("--home <folder>", "the home folder of a machine with its own database")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.say(text.trimEnd()),
      writeErr: (text) => context.terminal.complain(text.trimEnd()),
    });
  for (const register of commands) register(program, context);
  try {
    await program.parseAsync([...words], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (typeof error === "object" && error !== null && "exitCode" in error) return error.exitCode === 0 ? 0 : 2;
    context.terminal.progress(null);
    context.terminal.complain(inWords(error));
    return 1;
  }
}
