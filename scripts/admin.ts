import { runAdmin } from "../electron/command-line/admin/lamplight-admin";
import { systemTerminal } from "../electron/command-line/admin/terminal";
import { demoFolder, migrationsFolder } from "./lib/command-line";

/** `npm run --silent admin -- …`: the same commands as the installed `lamplight-admin`. */
process.exitCode = await runAdmin(process.argv.slice(2), {
  terminal: systemTerminal(),
  environment: process.env,
  migrations: migrationsFolder,
  demoFolder,
  packaged: false,
  version: process.env["npm_package_version"] ?? "unpackaged",
});
