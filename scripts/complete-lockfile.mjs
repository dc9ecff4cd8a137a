/**
 * Adds the optional platform packages that `npm install` left out of package-lock.json.
 *
 * A registry that mirrors only some platforms makes npm drop the other platforms' optional packages from the lockfile,
 * and `npm ci` then refuses the lockfile everywhere. Each left-out package is pinned exactly by its parent, so its
 * entry can be written from what is known: version, system, processor. Run it after every `npm install`:
 * `node scripts/complete-lockfile.mjs`. It prints what it added and changes nothing when the lockfile is complete.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const lockfile = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(lockfile, "utf8"));
const packages = lock.packages;

const systems = ["linux", "darwin", "win32", "android", "freebsd", "openbsd", "netbsd", "sunos", "aix", "openharmony"];
const processors = ["arm64", "x64", "ia32", "arm", "ppc64", "riscv64", "s390x", "loong64", "mips64el"];

/**
 * Whether Node would find `name` when required from the package installed at `from`.
 * @param {string} from @param {string} name
 */
function found(from, name) {
  for (let folder = from; ; ) {
    const key = `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (packages[key]) return true;
    if (!folder) return false;
    const end = folder.lastIndexOf("node_modules/");
    folder = end <= 0 ? "" : folder.slice(0, end - 1);
  }
}

let added = 0;
for (const [key, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (found(key, name)) continue;
    const words = name.slice(name.lastIndexOf("/") + 1).split("-");
    const system = systems.find((word) => words.includes(word));
    const processor = processors.find((word) => words.includes(word));
    if (!system || !/^\d+\.\d+\.\d+[\w.-]*$/.test(range)) {
      console.error(`cannot complete ${name}@${range}, wanted by ${key}`);
      process.exitCode = 1;
      continue;
    }
    const cLibrary = words.some((word) => word.startsWith("musl")) ? ["musl"] : undefined;
    packages[`node_modules/${name}`] = {
      version: range,
      cpu: [processor ?? "any"],
      ...(entry.dev ? { dev: true } : {}),
      ...(cLibrary && system === "linux" ? { libc: cLibrary } : {}),
      optional: true,
      os: [system],
    };
    console.log(`added ${name}@${range}`);
    added += 1;
  }
}
if (added > 0) {
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(lockfile, `${JSON.stringify(lock, null, 2)}\n`);
}
