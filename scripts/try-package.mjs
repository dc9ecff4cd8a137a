/**
 * `npm run try:package -- [--deb PATH] [--older PATH] [--output FOLDER] [--yes]`: installs the package on this machine,
 * uses it as a person does with keyboard and mouse on virtual screens, upgrades it, and purges it. Root, Debian.
 */
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./lib/prepare.mjs";
import { ask, inProject, isRoot, Refusal, run, runScript, say } from "./lib/project.mjs";
import { ensureScreenPrograms, missingScreenPackages } from "./lib/screen-programs.mjs";
import { findProgram } from "./lib/system.mjs";

const from = process.env.INIT_CWD ?? process.cwd();

/** @param {string[]} words */
function readOptions(words) {
  try {
    return parseArgs({
      args: words,
      options: {
        deb: { type: "string" },
        older: { type: "string" },
        output: { type: "string" },
        yes: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new Refusal(
      `${error instanceof Error ? error.message : String(error)}\n` +
        "usage: npm run try:package -- [--deb PATH] [--older PATH] [--output FOLDER] [--yes]",
    );
  }
}

/** @param {string | undefined} given */
function findDeb(given) {
  if (given) {
    const path = resolve(from, given);
    if (!existsSync(path)) throw new Refusal(`there is no package ${path}.`);
    return path;
  }
  const folder = inProject("release");
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => /^lamplight_.*\.deb$/.test(name)) : [];
  const [one, ...others] = found;
  if (!one)
    throw new Refusal("there is no release/lamplight_*.deb: run npm run package first, or name one with --deb.");
  if (others.length > 0)
    throw new Refusal(`there are several packages in release (${found.join(", ")}): name one with --deb.`);
  return inProject("release", one);
}

await runScript(async () => {
  const options = readOptions(process.argv.slice(2));
  if (process.platform !== "linux" || !findProgram("apt-get"))
    throw new Refusal("the trial of the installed app needs Debian or Ubuntu.");
  if (!isRoot) throw new Refusal("the trial installs a package and makes users: run it as root.");
  const deb = findDeb(options.deb);
  const older = options.older ? findDeb(options.older) : "";
  const installed = existsSync("/opt/Lamplight") || (ask("dpkg-query", ["--show", "lamplight"]) ?? "") !== "";
  if (installed && !options.yes)
    throw new Refusal(
      "Lamplight is installed on this machine already. The trial would replace it and purge it in the end, with its managed " +
        "configuration; add --yes to let it.",
    );
  say(`installs ${deb}, uses it as three new users, and purges it: on this machine, really.`);
  if (older) say(`begins with the older ${older}.`);
  await prepare({ quiet: true, build: false });
  ensureScreenPrograms();
  const lacking = missingScreenPackages();
  if (lacking.length > 0) throw new Refusal(`these packages could not be installed: ${lacking.join(", ")}.`);
  if (installed && ask("apt-get", ["purge", "-y", "lamplight"]) === null)
    throw new Refusal("what is installed could not be purged.");
  const output = options.output ? resolve(from, options.output) : inProject("release", "trial");
  const words = ["node_modules/tsx/dist/cli.mjs", "tests/installed/try-package.ts", deb, older, output];
  return run(process.execPath, words);
});
