import { refuseStrangeSchema, restoreBackup } from "../../backup/restore";
import { type VerifiedBackup, verifyBackup } from "../../backup/verified-backup";
import { connectForCopy } from "../../database/copy";
import { askBackupKey, megabytes, PASSPHRASE_VARIABLE, pathOf, progressLine, rowsInWords } from "./backup-key";
import { openOffice } from "./office";
import type { RegisterCommand } from "./register-command";

interface Options {
  readonly keyFile?: string;
  readonly checkOnly?: boolean;
}

function describe({ manifest, end, size }: VerifiedBackup): string {
  const rows = end.sections.reduce((sum, section) => sum + section.rows, 0);
  return `The backup is whole: ${manifest.demo ? "a demo hospital" : "a hospital"} of ${end.snapshotAt}, by Lamplight ${manifest.program}, schema ${manifest.migrations.at(-1)?.name ?? "unknown"}, ${rowsInWords(rows)} of ${end.sections.length} tables, ${megabytes(size)}.`;
}

export const registerRestore: RegisterCommand = (program, context) => {
  program
    .command("restore <file>")
    .description(
      `restores an encrypted backup into a database without a hospital; the passphrase is read from ${PASSPHRASE_VARIABLE}, or asked. The whole file is checked first, and an interruption changes nothing.`,
    )
    .option("--key-file <file>", "the key file that the backup was made with")
    .option("--check-only", "checks the file and says what it holds, without a database")
    .action(async (file: string, options: Options) => {
      const key = await askBackupKey(context, { keyFile: options.keyFile, isNew: false });
      const onProgress = progressLine(context);
      const backup = await verifyBackup(pathOf(context, file), key, onProgress);
      try {
        context.terminal.progress(null);
        context.terminal.say(describe(backup));
        await refuseStrangeSchema(backup.manifest, context.migrations);
        if (options.checkOnly) return;
        const began = performance.now();
        const office = await openOffice(context, {
          home: program.opts<{ home?: string }>().home,
          asItIs: true,
          begins: true,
        });
        try {
          const connection = await connectForCopy(office.settings);
          try {
            const done = await restoreBackup({
              backup,
              connection,
              migrations: context.migrations,
              program: context.version,
              onProgress,
            });
            context.terminal.progress(null);
            const seconds = ((performance.now() - began) / 1000).toFixed(1);
            const later = done.migrated.length > 0 ? `, ${done.migrated.length} later migrations run` : "";
            context.terminal.say(
              `Restored ${rowsInWords(done.rows)} of ${done.tables} tables, ${megabytes(done.bytes)}, in ${seconds} s; ${done.auditEntries ?? 0} audit entries verified, ${done.sessionsEnded} open sessions ended${later}.`,
            );
          } finally {
            await connection.end().catch(() => undefined);
          }
        } finally {
          await office.close();
        }
      } finally {
        await backup.close();
      }
    });
};
