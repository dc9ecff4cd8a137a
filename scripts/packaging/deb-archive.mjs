import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * @typedef {object} DebPackage
 * @property {string} file where the archive goes
 * @property {string} name
 * @property {string} version
 * @property {string} architecture
 * @property {string} maintainer
 * @property {string} description the first line short, the others longer, each begun with a space
 * @property {string} [section]
 * @property {string} [priority]
 * @property {string} [homepage]
 * @property {string[]} depends
 * @property {string[]} [recommends]
 * @property {Record<string, string>} scripts maintainer scripts: name to file
 * @property {{ from: string, to: string }[]} files a file or folder to its absolute place; a folder that ends in `/` is its content
 */

/** Gives every entry the mode that an installed file should have, whatever this machine's umask is; answers the bytes. @param {string} path @returns {number} */
function tidy(path) {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return 0;
  if (found.isDirectory()) {
    chmodSync(path, 0o755);
    return readdirSync(path).reduce((sum, name) => sum + tidy(join(path, name)), 4096);
  }
  chmodSync(path, found.mode & 0o111 ? 0o755 : 0o644);
  return found.size;
}

/** The same content gives the same archive when SOURCE_DATE_EPOCH is set. @param {string} path @param {Date} when */
function setTimes(path, when) {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  if (found.isDirectory()) for (const name of readdirSync(path)) setTimes(join(path, name), when);
  utimesSync(path, when, when);
}

/** Copies one file or folder; links stay links. @param {string} from @param {string} to */
function place(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const found = lstatSync(from.replace(/\/$/, ""));
  if (found.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (found.isDirectory()) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  else {
    copyFileSync(from, to);
    chmodSync(to, statSync(from).mode);
  }
}

/** The text of DEBIAN/control. @param {DebPackage} deb @param {number} bytes of the installed files */
export function controlText(deb, bytes) {
  const fields = {
    Package: deb.name,
    Version: deb.version,
    Architecture: deb.architecture,
    Maintainer: deb.maintainer,
    "Installed-Size": String(Math.ceil(bytes / 1024)),
    Depends: deb.depends.join(", "),
    Recommends: (deb.recommends ?? []).join(", "),
    Section: deb.section ?? "misc",
    Priority: deb.priority ?? "optional",
    Homepage: deb.homepage ?? "",
    Description: deb.description,
  };
  for (const [name, value] of Object.entries(fields)) {
    if (name !== "Description" && /[\r\n]/.test(value)) throw new Error(`${name} holds a line break.`);
  }
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}

/**
 * Builds a Debian package with dpkg-deb. Every file belongs to root.
 * @param {DebPackage} deb
 * @param {{ compression?: string, level?: number }} [options]
 */
export function buildDeb(deb, { compression = "xz", level } = {}) {
  const root = mkdtempSync(join(tmpdir(), "lamplight-deb-"));
  try {
    for (const { from, to } of deb.files) place(from, join(root, to));
    const bytes = tidy(root);
    const control = join(root, "DEBIAN");
    mkdirSync(control, { mode: 0o755 });
    writeFileSync(join(control, "control"), controlText(deb, bytes), { mode: 0o644 });
    for (const [name, file] of Object.entries(deb.scripts)) {
      copyFileSync(file, join(control, name));
      chmodSync(join(control, name), 0o755);
    }
    const epoch = process.env.SOURCE_DATE_EPOCH;
    if (epoch) setTimes(root, new Date(Number(epoch) * 1000));
    mkdirSync(dirname(deb.file), { recursive: true });
    const squeeze = [`-Z${compression}`, ...(level === undefined ? [] : [`-z${level}`])];
    const done = spawnSync("dpkg-deb", ["--root-owner-group", ...squeeze, "--build", root, deb.file], {
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`dpkg-deb failed: ${done.error?.message ?? done.stderr.trim()}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
