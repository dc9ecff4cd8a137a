import { spawn } from "node:child_process";
import { lstat, mkdir } from "node:fs/promises";
import semver from "semver";
import type { Clock } from "../clock";
import type { UpdatesConfiguration } from "./configuration";
import { download, isThere } from "./download";
import { type FeedLimits, type Fetch, readFeed, usualLimits } from "./feed";
import { judgeRelease, type Standing } from "./judge";
import { higher, readMemory, writeMemory } from "./memory";
import type { Release, ReleaseFile } from "./release";
import { verifyRelease } from "./signature";
import { UpdateRefused } from "./trouble";

/** Root's own folder: what an ordinary account downloaded is never installed. */
export const ROOT_FOLDER = "/var/cache/lamplight/updates";

export interface Offer {
  readonly release: Release;
  /** Null: the feed offers the version that is installed. */
  readonly file: ReleaseFile | null;
}

export interface FeedAsked {
  readonly config: UpdatesConfiguration;
  readonly fetch: Fetch;
  /** Where `state.json` is. */
  readonly folder: string;
  readonly clock: Clock;
  readonly version: string;
  readonly arch: string;
  readonly limits?: FeedLimits;
}

/** Asks the feed and judges it; keeps and changes nothing. Throws `UpdateRefused` or `UpdateUnreachable`. */
export async function askFeed(asked: FeedAsked, machine: Pick<Standing, "platform" | "kind">): Promise<Offer> {
  const { config, fetch, folder, clock, limits = usualLimits } = asked;
  const release = await verifyRelease(await readFeed(fetch, config.feed, limits), config.publicKey);
  const file = judgeRelease(release, {
    ...machine,
    version: asked.version,
    arch: asked.arch,
    channel: config.channel,
    highest: (await readMemory(folder)).highest,
    now: clock.now(),
    schema: null,
  });
  return { release, file };
}

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** One program with its words, no shell between. `shown`: its output goes to whoever runs us. */
function runProgram(words: readonly string[], shown: boolean): Promise<Outcome> {
  const [program = "", ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      shell: false,
      stdio: ["ignore", shown ? 2 : "pipe", shown ? 2 : "ignore"],
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        DEBIAN_FRONTEND: "noninteractive",
        LC_ALL: "C.UTF-8",
      },
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      if (output.length < 10_000) output += chunk.toString("utf8");
    });
    child.once("error", () => resolve({ code: null, output }));
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** Debian's `1.0.0~beta.1` as the version that it is. */
const asVersion = (debian: string): string | null => semver.valid(debian.trim().replaceAll("~", "-"));

/** The version of an installed package as dpkg knows it; null where it is not installed. */
export async function installedVersion(packageName: string): Promise<string | null> {
  const asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}", packageName];
  const { code, output } = await runProgram(asked, false);
  const [status, version = ""] = output.split(" ");
  return code === 0 && status === "installed" ? asVersion(version) : null;
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0)
    throw new UpdateRefused(`${folder} belongs to somebody else or others may write there: nothing is installed.`);
}

const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** What the package says of itself must be what the feed said: a package signed by mistake is caught here. */
async function readPackage(path: string, file: ReleaseFile, version: string, packageName: string): Promise<void> {
  const fields = ["Package", "Version", "Architecture"];
  const { code, output } = await runProgram(["dpkg-deb", "--field", path, ...fields], false);
  const said = new Map(output.split("\n").map((line) => line.split(": ", 2) as [string, string]));
  const fits =
    code === 0 &&
    said.get("Package") === packageName &&
    asVersion(said.get("Version") ?? "") === version &&
    [processors[file.arch], "all"].includes(said.get("Architecture"));
  if (!fits)
    throw new UpdateRefused(`The package does not call itself ${packageName} ${version}: nothing is installed.`);
}

export interface InstallOptions extends FeedAsked {
  readonly packageName?: string;
  /** The program that installs, with the words before `install`. */
  readonly installer?: readonly string[];
  readonly onStep?: (words: string) => void;
}

/**
 * Installs the feed's version as root: asks, verifies and downloads for itself into a folder that only root writes, then
 * gives the file to apt. `version` is what dpkg says is installed. Answers the version installed now, or null when the feed
 * offers none that is newer. Throws `UpdateRefused` or `UpdateUnreachable`; then nothing was changed unless apt says so.
 */
export async function installUpdate(options: InstallOptions): Promise<string | null> {
  const { config, fetch, folder, limits = usualLimits, packageName = "lamplight" } = options;
  await prepareFolder(folder);
  const { release, file } = await askFeed(options, { platform: "linux", kind: "deb" });
  const memory = await readMemory(folder);
  await writeMemory(folder, {
    highest: higher(memory.highest, release.version),
    checkedAt: options.clock.now().toISOString(),
  });
  if (!file) return null;
  options.onStep?.(`Downloading ${release.version}.`);
  const path = await download(fetch, { feed: config.feed, file, folder }, limits);
  if (!(await isThere(path, file))) throw new UpdateRefused("The downloaded file has changed: nothing is installed.");
  await readPackage(path, file, release.version, packageName);
  options.onStep?.(`Verified. Installing ${release.version}.`);
  const { code } = await runProgram([...(options.installer ?? ["apt-get"]), "install", "-y", path], true);
  if (code !== 0)
    throw new UpdateRefused(`apt-get did not install ${release.version} (exit code ${code}). Its own words say why.`);
  return release.version;
}
