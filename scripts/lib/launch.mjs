import { spawn } from "node:child_process";
import { chooseAccount, environmentFor } from "./account.mjs";
import { ensureDisplay } from "./display.mjs";
import { isRoot, project } from "./project.mjs";

/**
 * Starts the built app and answers when it has ended. The signals that end us end it first.
 * @param {import("./runtime.mjs").Runtime} runtime
 * @param {string[]} args
 */
export async function runApp(runtime, args) {
  const account = chooseAccount(runtime);
  const display = await ensureDisplay(account);
  const env = { ...(account ? environmentFor(account) : process.env), ...display.env };
  delete env.ELECTRON_RUN_AS_NODE;
  // Chromium is silent about a missing bus and graphics card; what the app says is not affected.
  const flags = ["--log-level=3", ...(isRoot && !account ? ["--no-sandbox"] : [])];
  // Listening before there is anything to forward to: a signal that comes in between would end us alone.
  const forward = (/** @type {NodeJS.Signals} */ signal) => void app.kill(signal);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, forward);
  const app = spawn(runtime.binary, [...flags, project, ...args], {
    cwd: account ? project : process.cwd(),
    env,
    stdio: "inherit",
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });
  const code = await new Promise((resolve, reject) => {
    app.on("error", reject);
    app.on("exit", (status, signal) => resolve(status ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
  });
  display.stop();
  return Number(code);
}
