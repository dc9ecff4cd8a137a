/** The installed `lamplight-admin`: bundled to one file by scripts/packaging/admin.vite.config.ts; its data lies beside it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runAdmin } from "../electron/command-line/admin/lamplight-admin";
import { systemTerminal } from "../electron/command-line/admin/terminal";

const beside = (...parts: string[]) => join(import.meta.dirname, ...parts);
const { version } = JSON.parse(readFileSync(beside("package.json"), "utf8")) as { version: string };

void runAdmin(process.argv.slice(2), {
  terminal: systemTerminal(),
  environment: process.env,
  migrations: beside("resources", "database", "migrations"),
  demoFolder: beside("resources", "demo-hospital"),
  packaged: true,
  version,
}).then((code) => {
  process.exitCode = code;
});
