import { existsSync } from "node:fs";
import { release } from "node:os";
import { resolve } from "node:path";
import { systemClock as clock } from "../../clock";
import { writeDiagnosticBundle } from "../../health/bundle/write-bundle";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";
import { openWorkstationDesk } from "./workstation-desk";

export const registerDiagnostics: RegisterCommand = (program, context) => {
  program
    .command("diagnostics <file>")
    .description(
      "writes a zip for support: health, configuration, versions and filtered logs, without patient data, secrets or names",
    )
    .action(async (file: string) => {
      const target = resolve(context.environment["INIT_CWD"] ?? ".", file);
      if (existsSync(target)) throw new CommandRefused(`There is a file ${target} already. Nothing was written.`);
      const desk = openWorkstationDesk(context, program.opts<{ home?: string }>().home);
      try {
        if (!existsSync(desk.home)) throw new CommandRefused(`There is no home folder ${desk.home}.`);
        const written = await writeDiagnosticBundle(target, {
          report: await desk.health.read(),
          configuration: desk.configuration.items(),
          versions: {
            lamplight: context.version,
            node: process.versions.node,
            openssl: process.versions.openssl,
            platform: process.platform,
            arch: process.arch,
            system: release(),
          },
          home: desk.home,
          clock,
          hidden: desk.hidden,
        });
        context.terminal.say(`Wrote ${written.entries.length} files into ${target} (${written.bytes} bytes).`);
      } finally {
        await desk.close();
      }
    });
};
