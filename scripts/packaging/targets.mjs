import { findProgram } from "../lib/system.mjs";

/** @typedef {{ name: string, builds: boolean, why: string }} Target */

const fetched = "its tools are fetched from GitHub by electron-builder, which this script never lets it do";

/**
 * What this machine can build, and why not the rest. One of each platform's targets in electron-builder.yml.
 * @param {NodeJS.Platform} platform @param {string} arch @returns {Target[]}
 */
export function targetsOf(platform = process.platform, arch = process.arch) {
  const dpkg = platform === "linux" && findProgram("dpkg-deb") !== null;
  const onlyOn = (/** @type {string} */ system) => `is built on ${system}; configured and not tried`;
  return [
    {
      name: "deb",
      builds: dpkg && arch === "x64",
      why:
        platform !== "linux"
          ? onlyOn("Debian or Ubuntu")
          : arch !== "x64"
            ? "is built for x64 only, where it was tried"
            : dpkg
              ? "with this system's dpkg-deb"
              : "needs dpkg-deb, which this system lacks",
    },
    { name: "AppImage", builds: false, why: platform === "linux" ? fetched : onlyOn("Linux") },
    { name: "rpm", builds: false, why: platform === "linux" ? `needs fpm: ${fetched}` : onlyOn("Linux") },
    {
      name: "nsis",
      builds: false,
      why: platform === "win32" ? fetched : "the Windows installer is built on Windows; configured and not tried",
    },
    {
      name: "dmg",
      builds: false,
      why:
        platform === "darwin"
          ? "needs a signing identity; run electron-builder --mac by hand"
          : "the macOS image is built on macOS; configured and not tried",
    },
  ];
}
