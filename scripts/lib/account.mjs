import { chownSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ask, inProject, isRoot, Refusal, say } from "./project.mjs";

/**
 * Chromium's sandbox needs an ordinary account, and so does PostgreSQL: as root the app is started as the system
 * account `lamplight`, where that account can read the project's folder and write the app's home.
 * @typedef {{ uid: number, gid: number, env: Record<string, string> }} Account
 */
const accountName = "lamplight";
const accountFolder = "/var/lib/lamplight";
const defaultHome = `${accountFolder}/home`;

function ids() {
  const uid = ask("id", ["-u", accountName]);
  const gid = ask("id", ["-g", accountName]);
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

export function ensureAccount() {
  if (!isRoot || process.platform !== "linux") return null;
  const known = ids();
  if (known) return known;
  const options = ["--system", "--user-group", "--home-dir", accountFolder, "--shell", "/usr/sbin/nologin"];
  ask("useradd", [...options, accountName]);
  return ids();
}

/** @param {string[]} test @param {{ uid: number, gid: number }} who */
const can = (test, who) => ask("test", test, { uid: who.uid, gid: who.gid, cwd: "/" }) !== null;

/** @param {string} folder @param {{ uid: number, gid: number }} who */
function prepareHome(folder, who) {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const empty = readdirSync(folder).length === 0;
    if (empty && statSync(folder).uid !== who.uid) chownSync(folder, who.uid, who.gid);
  } catch {
    throw new Refusal(`the folder ${folder} cannot be made or written. Choose another with LAMPLIGHT_HOME.`);
  }
  return can(["-w", folder], who) && can(["-x", folder], who);
}

/**
 * The account to start the app as, and what to add to its environment; null: as ourselves.
 * @param {import("./runtime.mjs").Runtime} runtime
 * @returns {Account | null}
 */
export function chooseAccount(runtime) {
  if (!isRoot || process.platform !== "linux") return null;
  const who = ensureAccount();
  const asRoot = (/** @type {string} */ why) => {
    say(`${why}: the app runs as root, so Chromium's sandbox is off (--no-sandbox).`);
    return null;
  };
  if (!who) return asRoot("there is no ordinary account and none could be made");
  mkdirSync(accountFolder, { recursive: true, mode: 0o755 });
  if (statSync(accountFolder).uid !== who.uid) chownSync(accountFolder, who.uid, who.gid);
  const needed = [inProject("package.json"), inProject("out", "main", "main.cjs"), inProject("resources")];
  const readable = needed.every((path) => !existsSync(path) || can(["-r", path], who));
  if (!readable || !can(["-x", runtime.binary], who)) {
    return asRoot(`the account ${accountName} cannot read this folder`);
  }
  const home = resolve(process.env.LAMPLIGHT_HOME || defaultHome);
  if (!prepareHome(home, who)) return asRoot(`the account ${accountName} cannot write to ${home}`);
  if (!sandboxWorks(who)) return asRoot("this system gives ordinary accounts no user namespaces");
  say(`starts the app as the account ${accountName}, its data in ${home}.`);
  return { ...who, env: { HOME: accountFolder, USER: accountName, LOGNAME: accountName, LAMPLIGHT_HOME: home } };
}

/** @param {{ uid: number, gid: number }} who */
function sandboxWorks(who) {
  return ask("unshare", ["--user", "true"], { uid: who.uid, gid: who.gid, cwd: "/" }) !== null;
}

/** The environment for another account: ours without what belongs to our own. @param {Account} account */
export function environmentFor(account) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(XDG_|SUDO_|MAIL$|DBUS_SESSION|npm_)/.test(name)) delete env[name];
  }
  return { ...env, ...account.env };
}
