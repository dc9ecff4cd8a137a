import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the app keeps its state when LAMPLIGHT_HOME does not say: the platform's user-data folder, as Electron chooses it. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment["LAMPLIGHT_HOME"]) return resolve(environment["LAMPLIGHT_HOME"]);
  // Started by root the app runs under an account of its own, with the state in that account's folder.
  if (process.getuid?.() === 0 && existsSync("/var/lib/lamplight/home")) return "/var/lib/lamplight/home";
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Lamplight");
  if (process.platform === "win32")
    return join(environment["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Lamplight");
  return join(environment["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "Lamplight");
}
