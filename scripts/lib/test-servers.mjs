/** What the tests of a hospital's own server need beside the app: Debian's PostgreSQL and PgBouncer, and strace. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRoot, run, say } from "./project.mjs";
import { findProgram } from "./system.mjs";

/** Names, for the tests of the project `central`, the file that leads to the server they share. */
export const noteVariable = "LAMPLIGHT_TEST_CENTRAL";

/** The release that Debian 12 has, another than the embedded one. */
export const major = 15;
export const binaries = `/usr/lib/postgresql/${major}/bin`;
export const pgbouncerProgram = "/usr/sbin/pgbouncer";

/** Why this machine cannot run a hospital's own server; null where it can. @returns {string | null} */
export function whyNotHere() {
  if (process.platform !== "linux") return "Debian's servers run on Linux";
  if (!existsSync(join(binaries, "initdb"))) return `PostgreSQL ${major} is not installed (postgresql-${major})`;
  if (!existsSync(pgbouncerProgram)) return "PgBouncer is not installed (pgbouncer)";
  if (process.getuid?.() === 0 && spawnSync("id", ["postgres"]).status !== 0) return "there is no account postgres";
  return null;
}

const debianPackages = [`postgresql-${major}`, "pgbouncer", "strace"];

/**
 * Installs them where that is possible; elsewhere the tests that need them are skipped and say why.
 */
export function ensureTestServers() {
  if (process.platform !== "linux" || !isRoot || !findProgram("apt-get")) return;
  if (whyNotHere() === null && findProgram("strace")) return;
  say(`installing servers for the tests: apt-get install ${debianPackages.join(" ")}`);
  const quiet = {
    stdio: /** @type {const} */ ("ignore"),
    // As in single-user mode: the packages bring servers of their own, which are to stay down.
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
  };
  const install = () => run("apt-get", ["install", "-y", "--no-install-recommends", ...debianPackages], quiet) === 0;
  if (!install() && run("apt-get", ["update"], quiet) === 0) install();
  const still = whyNotHere();
  if (still !== null) say(`${still}: the tests of a hospital's own server are skipped.`);
}
