import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { inProject, Refusal } from "../lib/project.mjs";

export const usage = `usage: npm run package -- [--test-build [--version X.Y.Z]] [--dir] [--output FOLDER]
  --test-build      a package that says everywhere that it is one; needed with a runtime that is not the release's
  --version X.Y.Z   another version than package.json's, to try upgrades; for test builds only
  --dir             only the unpacked folder, no installer
  --output FOLDER   where the results go (release/)`;

/**
 * @typedef {{ testBuild: boolean, dirOnly: boolean, version: string, output: string }} PackageOptions
 */

/**
 * @param {string[]} words
 * @param {string} ownVersion of package.json
 * @returns {PackageOptions | null} null: help was asked for
 */
export function readOptions(words, ownVersion) {
  /** @type {ReturnType<typeof parse>} */
  let values;
  try {
    values = parse(words);
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  if (values.help) return null;
  const testBuild = values["test-build"] ?? false;
  if (values.version !== undefined && !testBuild) {
    throw new Refusal("--version is for test builds: a release has the version that package.json names.");
  }
  const plain = values.version ?? ownVersion;
  if (!/^\d+\.\d+\.\d+$/.test(plain)) throw new Refusal(`${plain} is not a version of the form X.Y.Z.`);
  return {
    testBuild,
    dirOnly: values.dir ?? false,
    // Sorts below the release of the same number, on Debian (~test) and in the app: the release replaces it.
    version: testBuild ? `${plain}-test` : plain,
    output: values.output ? resolve(process.env.INIT_CWD ?? ".", values.output) : inProject("release"),
  };
}

/** @param {string[]} words */
const parse = (words) =>
  parseArgs({
    args: words,
    options: {
      "test-build": { type: "boolean" },
      dir: { type: "boolean" },
      version: { type: "string" },
      output: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
