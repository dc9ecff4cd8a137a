import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, without a slash at its end. */
export const project = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** @param {...string} parts */
export const inProject = (...parts) => join(project, ...parts);

export const isRoot = process.getuid?.() === 0;

/** Big downloads are kept here, outside node_modules, which `npm ci` empties. Readable by every account when root. */
export const cacheFolder = isRoot
  ? "/var/cache/lamplight"
  : join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "lamplight");

/** @param {string} line */
export function say(line) {
  process.stdout.write(`lamplight: ${line}\n`);
}

/** Ends the script with one clear line. */
export class Refusal extends Error {}

/** @param {() => Promise<number | void>} main */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`lamplight: ${error.message}\n`);
    process.exitCode = 1;
  }
}

/**
 * Runs a program to its end with its output shown.
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
export function run(program, args, options = {}) {
  return spawnSync(program, args, { cwd: project, stdio: "inherit", ...options }).status ?? 1;
}

/**
 * Runs a program to its end and answers what it printed, or null when it failed.
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
export function ask(program, args, options = {}) {
  const answer = spawnSync(program, args, { cwd: project, stdio: ["ignore", "pipe", "ignore"], ...options });
  return answer.status === 0 ? String(answer.stdout ?? "") : null;
}

/** The Node that came with the project (24) where there is one for this platform: some tools need 22 or later. */
export function toolNode() {
  const own = inProject("node_modules", ".bin", "node");
  return process.platform !== "win32" && existsSync(own) ? own : process.execPath;
}

/** npm as a program and leading arguments, also when this script was not started by npm. */
export function npm() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) return { program: process.execPath, args: [cli] };
  return { program: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

/**
 * The program file of a tool of this project, to be run by `toolNode()`.
 * @param {string} name
 * @param {string} file
 */
export const tool = (name, file) => inProject("node_modules", name, file);
