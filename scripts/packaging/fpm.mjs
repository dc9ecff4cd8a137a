#!/usr/bin/env node
/**
 * Stands in for fpm, which electron-builder would fetch from GitHub: understands exactly the arguments that
 * electron-builder gives it for a .deb, and builds that with the system's dpkg-deb. Anything else is refused, not guessed.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { buildDeb } from "./deb-archive.mjs";

/** Options that take one value. */
const single = new Set([
  "-s",
  "-t",
  "--architecture",
  "--after-install",
  "--after-remove",
  "--before-install",
  "--before-remove",
  "--description",
  "--version",
  "--package",
  "--name",
  "--maintainer",
  "--vendor",
  "--url",
  "--category",
  "--deb-priority",
  "--deb-compression",
  "--license",
  "--log",
]);
const repeated = new Set(["-d", "--deb-recommends"]);
const flags = new Set(["--force", "--debug"]);

/** electron-builder's words for what dpkg-deb calls otherwise. @type {Record<string, string>} */
const compressions = { xz: "xz", gz: "gzip" };

/** @param {readonly string[]} args */
export function parseArguments(args) {
  /** @type {Record<string, string>} */
  const options = {};
  /** @type {Record<string, string[]>} */
  const lists = { "-d": [], "--deb-recommends": [] };
  /** @type {{ from: string, to: string }[]} */
  const files = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (flags.has(word)) continue;
    if (single.has(word) || repeated.has(word)) {
      const value = args[at + 1];
      if (value === undefined) throw new Error(`${word} has no value.`);
      if (repeated.has(word)) lists[word]?.push(value);
      else options[word] = value;
      at += 1;
      continue;
    }
    const cut = word.indexOf("=");
    if (word.startsWith("-") || cut < 1 || word[cut + 1] !== "/") throw new Error(`${word} is not understood.`);
    files.push({ from: word.slice(0, cut), to: word.slice(cut + 1) });
  }
  return { options, lists, files };
}

/** @param {readonly string[]} args @returns {import("./deb-archive.mjs").DebPackage & { compression: string }} */
export function debOf(args) {
  const { options, lists, files } = parseArguments(args);
  const need = (/** @type {string} */ name) => {
    const value = options[name];
    if (value === undefined) throw new Error(`${name} is missing.`);
    return value;
  };
  if (need("-s") !== "dir" || need("-t") !== "deb") throw new Error("only a .deb from folders can be built.");
  const scripts = {
    preinst: options["--before-install"],
    postinst: options["--after-install"],
    prerm: options["--before-remove"],
    postrm: options["--after-remove"],
  };
  // electron-builder puts the synopsis first and the description after it, on one further line.
  const [synopsis = "", ...longer] = need("--description").split("\n");
  const rest = longer.map((line) => ` ${line.trim() || "."}`);
  const url = options["--url"] ?? "";
  return {
    file: resolve(need("--package")),
    name: need("--name"),
    version: need("--version"),
    architecture: need("--architecture"),
    maintainer: need("--maintainer"),
    description: [synopsis.trim() || need("--name"), ...rest].join("\n"),
    section: options["--category"] ?? "misc",
    priority: options["--deb-priority"] ?? "optional",
    // The configuration has to name some address; one that can never exist is not passed on.
    homepage: url.includes(".invalid") ? "" : url,
    depends: lists["-d"] ?? [],
    recommends: lists["--deb-recommends"] ?? [],
    scripts: Object.fromEntries(
      Object.entries(scripts).flatMap(([name, file]) => (file === undefined ? [] : [[name, resolve(file)]])),
    ),
    files,
    compression: compressions[options["--deb-compression"] ?? "xz"] ?? "xz",
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { compression, ...deb } = debOf(process.argv.slice(2));
    buildDeb(deb, { compression, ...(compression === "gzip" ? { level: 1 } : {}) });
  } catch (error) {
    process.stderr.write(`fpm stand-in: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
