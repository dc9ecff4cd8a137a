import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inProject, Refusal } from "../lib/project.mjs";
import { billOfMaterials } from "./bill-of-materials.mjs";
import { noticesText } from "./notices.mjs";
import { adminParts, workstationParts } from "./parts.mjs";

export const generatedFolder = inProject("release", "generated");

/** What an Electron is made of. @param {string} binary @returns {Record<string, string>} */
function versionsOf(binary) {
  const asked = spawnSync(binary, ["-p", "JSON.stringify(process.versions)"], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    encoding: "utf8",
  });
  if (asked.status !== 0) throw new Refusal("the Electron runtime does not say its versions.");
  // Started as Node it leaves out Chromium; the name that it gives to web servers has it.
  const chrome = /Chrome\/(\d+(?:\.\d+){3}) Electron/.exec(readFileSync(binary, "latin1"))?.[1];
  return { ...JSON.parse(asked.stdout), ...(chrome ? { chrome } : {}) };
}

/** Debian's copyright file. @param {string} product @param {string} where */
const copyrightText = (product, where) =>
  [
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
    `Upstream-Name: ${product}`,
    `Comment: The parts of other authors, with their licences: ${where}`,
    "",
    "Files: *",
    "Copyright: the Lamplight authors",
    "License: Apache-2.0",
    " On Debian systems, the text of the licence is in /usr/share/common-licenses/Apache-2.0.",
    "",
  ].join("\n");

/**
 * Writes the notices and bills of materials that the packages carry.
 * @param {{ version: string, electron: import("../lib/runtime.mjs").Runtime }} about
 */
export function writeGenerated({ version, electron }) {
  mkdirSync(generatedFolder, { recursive: true });
  const write = (/** @type {string} */ name, /** @type {string} */ text) =>
    writeFileSync(join(generatedFolder, name), text);
  const workstation = workstationParts({ folder: electron.folder, versions: versionsOf(electron.binary) });
  write("THIRD-PARTY-NOTICES.txt", noticesText("Lamplight", workstation));
  write("sbom.cdx.json", billOfMaterials("lamplight", version, workstation));
  write("copyright", copyrightText("Lamplight", "/opt/Lamplight/THIRD-PARTY-NOTICES.txt"));
  const admin = adminParts();
  write("admin-THIRD-PARTY-NOTICES.txt", noticesText("lamplight-admin", admin));
  write("admin-sbom.cdx.json", billOfMaterials("lamplight-admin", version, admin));
  write("admin-copyright", copyrightText("lamplight-admin", "/opt/lamplight-admin/THIRD-PARTY-NOTICES.txt"));
  write("LICENSE.txt", readFileSync(inProject("LICENSE"), "utf8"));
}
