import { existsSync } from "node:fs";
import { ask, isRoot, Refusal, run, say } from "./project.mjs";

/** What a headless Debian or Ubuntu machine needs to run Electron with a display of its own. */
const debianPackages = [
  "xvfb",
  "xauth",
  "libgtk-3-0",
  "libgbm1",
  "libasound2",
  "libnss3",
  "libatk-bridge2.0-0",
  "libcups2",
  "libdrm2",
  "libxkbcommon0",
  "libxss1",
];

/** Newer releases renamed some of them for 64-bit time. @param {string} name */
const newerName = (name) => `${name}t64`;

/** @param {import("./runtime.mjs").Runtime} runtime */
function missing(runtime) {
  const listing = ask("ldd", [runtime.binary]) ?? "";
  const libraries = [...listing.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  const display = !process.env.DISPLAY && !findProgram("Xvfb") ? ["Xvfb"] : [];
  return [...libraries, ...display];
}

/** @param {string} name */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/bin", "/usr/sbin", "/bin", "/sbin"];
  return folders.map((folder) => `${folder}/${name}`).find((path) => path.startsWith("/") && existsSync(path)) ?? null;
}

function install() {
  const quiet = { stdio: /** @type {const} */ ("ignore"), env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const tryInstall = () => {
    const names = debianPackages.map((name) => {
      const known = (ask("apt-cache", ["show", newerName(name)]) ?? "") !== "";
      return known ? newerName(name) : name;
    });
    return run("apt-get", ["install", "-y", "--no-install-recommends", ...names], quiet) === 0;
  };
  return tryInstall() || (run("apt-get", ["update"], quiet) === 0 && tryInstall());
}

/** Looks first, so that a complete machine does nothing. @param {import("./runtime.mjs").Runtime} runtime */
export function ensureSystemLibraries(runtime) {
  if (process.platform !== "linux") return;
  const lacking = missing(runtime);
  if (lacking.length === 0) return;
  const command = `apt-get install -y ${debianPackages.join(" ")}`;
  if (!findProgram("apt-get")) {
    throw new Refusal(`this system lacks ${lacking.join(", ")}. Install what provides them, then try again.`);
  }
  if (!isRoot) throw new Refusal(`this system lacks ${lacking.join(", ")}. Run: sudo ${command}`);
  say(`installing system libraries (${lacking.join(", ")} missing): ${command}`);
  install();
  const still = missing(runtime);
  if (still.length > 0) throw new Refusal(`still missing: ${still.join(", ")}. Run: apt-get update && ${command}`);
}
