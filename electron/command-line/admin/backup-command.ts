import { existsSync } from "node:fs";
import { backUp } from "../../backup/back-up";
import { verifyBackup } from "../../backup/verified-backup";
import { connectForCopy } from "../../database/copy";
import { askBackupKey, megabytes, PASSPHRASE_VARIABLE, pathOf, progressLine, rowsInWords } from "./backup-key";
import { defaultHome, openOffice } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";

interface Options {
  readonly keyFile?: string;
  readonly force?: boolean;
  readonly verify?: boolean;
}

export const registerBackup: RegisterCommand = (program, context) => {
  program
    .command("backup <file>")
    .description(
      `writes an encrypted backup of the hospital; the passphrase is read from ${PASSPHRASE_VARIABLE}, or asked. An interrupted one is continued by the same command.`,
    )
    .option("--key-file <file>", "a file of 32 random bytes instead of a passphrase, readable by its owner alone")
    .option("--force", "replaces a file that stands there")
    .option("--verify", "reads the backup back afterwards, every byte")
    .action(async (file: string, options: Options) => {
      const { home } = program.opts<{ home?: string }>();
      const central = home === undefined && context.environment["LAMPLIGHT_OWNER_URL"];
      const folder = home === undefined ? defaultHome(context.environment) : pathOf(context, home);
      // Opening a home that is not there would make one.
      if (!central && !existsSync(folder)) throw new CommandRefused(`There is no home folder ${folder}.`);
      const path = pathOf(context, file);
      const key = await askBackupKey(context, { keyFile: options.keyFile, isNew: true });
      const began = performance.now();
      const onProgress = progressLine(context);
      const office = await openOffice(context, { home, asItIs: true });
      try {
        const connection = await connectForCopy(office.settings);
        try {
          const done = await backUp({
            connection,
            path,
            key,
            program: context.version,
            force: options.force ?? false,
            onProgress,
          });
          context.terminal.progress(null);
          const seconds = ((performance.now() - began) / 1000).toFixed(1);
          const continued = done.takenOver > 0 ? ` (${done.takenOver} tables of an interrupted run taken over)` : "";
          context.terminal.say(
            `Backed up ${rowsInWords(done.rows)} of ${done.tables} tables${continued}, ${megabytes(done.bytes)}, as ${megabytes(done.size)} in ${seconds} s: ${path}`,
          );
        } finally {
          await connection.end().catch(() => undefined);
        }
      } finally {
        await office.close();
      }
      if (!options.verify) return;
      const backup = await verifyBackup(path, key, onProgress);
      await backup.close();
      context.terminal.progress(null);
      context.terminal.say("Read back: every byte is as it was written.");
    });
};
