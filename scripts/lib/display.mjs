import { spawn } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { isRoot, Refusal, say } from "./project.mjs";
import { findProgram } from "./system.mjs";

/** @typedef {{ env: Record<string, string>, stop: () => void }} Display */

const size = "1366x768x24";

/**
 * The screen to draw on: the one that is there, else a virtual one that lives as long as we do. It picks a free
 * number itself, and runs under the account that will draw on it, which is the only one it lets in.
 * @param {{ uid: number, gid: number } | null} [account]
 * @returns {Promise<Display>}
 */
export async function ensureDisplay(account = null) {
  if (process.platform !== "linux" || process.env.DISPLAY) return { env: {}, stop: () => undefined };
  const program = findProgram("Xvfb");
  if (!program) throw new Refusal("there is no display (DISPLAY is not set) and no Xvfb to make one.");
  if (isRoot) {
    mkdirSync("/tmp/.X11-unix", { recursive: true });
    chmodSync("/tmp/.X11-unix", 0o1777);
  }
  // Without -s 0 its screen saver comes on after ten minutes without real keys, and the app locks with the screen.
  const args = ["-displayfd", "3", "-screen", "0", size, "-s", "0", "-nolisten", "tcp", "-noreset"];
  const server = spawn(program, args, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    cwd: "/",
    detached: true,
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });
  const stop = () => void server.kill("SIGTERM");
  const number = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Refusal("the virtual display did not start.")), 15_000);
    let said = "";
    server.stdio[3]?.on("data", (chunk) => {
      said += chunk;
      if (!said.includes("\n")) return;
      clearTimeout(late);
      resolve(said.trim());
    });
    server.on("error", reject);
    server.on("exit", () => reject(new Refusal("the virtual display ended at once.")));
  });
  server.unref();
  process.on("exit", stop);
  say(`no display here: the app draws on a virtual screen :${number} (Xvfb, ${size}).`);
  return { env: { DISPLAY: `:${number}` }, stop };
}
