import { existsSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { systemClock as clock } from "../../clock";
import { migrationNames, numberOf } from "../../database/migrate";
import { readUpdatesConfiguration, type UpdatesConfiguration } from "../../updates/configuration";
import { askFeed, installedVersion, installUpdate, ROOT_FOLDER } from "../../updates/install";
import { FEED_FILE, releaseSchema } from "../../updates/release";
import { readReleaseFolder } from "../../updates/release-folder";
import { signRelease } from "../../updates/signature";
import { newSigningKey, readSigningKey } from "../../updates/signing-key";
import { UpdateRefused, UpdateUnreachable } from "../../updates/trouble";
import type { AdminContext } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";
import { configurationOf, homeOf, reach } from "./workstation-desk";

/** A refusal of the feed is an answer, not a fault of ours. */
async function asAnswer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UpdateRefused || error instanceof UpdateUnreachable) throw new CommandRefused(error.message);
    throw error;
  }
}

function configuredFeed(context: AdminContext, home: string): UpdatesConfiguration {
  const config = readUpdatesConfiguration(configurationOf(context, home).updates);
  if (!config)
    throw new CommandRefused(
      "Updates are off: the managed file does not set updates.enabled. No connection was opened.",
    );
  return config;
}

async function check(context: AdminContext, home: string): Promise<void> {
  const asked = { config: configuredFeed(context, home), fetch: reach, folder: join(home, "updates"), clock };
  const installed = process.platform === "linux" ? await installedVersion("lamplight") : null;
  const version = installed ?? context.version;
  const machine = process.platform === "win32" ? "nsis" : process.platform === "darwin" ? "dmg" : "deb";
  const { release, file } = await askFeed(
    { ...asked, version, arch: process.arch },
    { platform: process.platform, kind: machine },
  );
  if (!file) return context.terminal.say(`${version} is the newest version.`);
  context.terminal.say(`The feed offers ${release.version} of ${release.released}; installed is ${version}.`);
  if (release.notes) context.terminal.say(release.notes);
}

async function install(context: AdminContext, home: string): Promise<void> {
  if (process.platform !== "linux")
    throw new CommandRefused("Only Debian packages are installed from here. Use your own tools for this system.");
  if (process.getuid?.() !== 0)
    throw new CommandRefused("Installing needs root: sudo lamplight-admin update --install");
  const config = configuredFeed(context, home);
  const version = await installedVersion("lamplight");
  if (version === null) throw new CommandRefused("Lamplight is not installed here as a Debian package.");
  const onStep = (words: string) => context.terminal.complain(words);
  const asked = { config, fetch: reach, folder: ROOT_FOLDER, clock, version, arch: process.arch, onStep };
  const installed = await installUpdate(asked);
  context.terminal.say(
    installed === null
      ? `${version} is the newest version. Nothing was installed.`
      : `Version ${installed} is installed. Where Lamplight is open, it starts when nobody is signed in.`,
  );
}

interface SignOptions {
  readonly key: string;
  readonly notes: string;
  readonly release?: string;
  readonly channel: string;
  readonly days: string;
}

async function sign(context: AdminContext, folder: string, options: SignOptions): Promise<void> {
  const version = options.release ?? context.version;
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new CommandRefused("--days must be between 1 and 400.");
  const privateKey = await readSigningKey(resolve(context.environment["INIT_CWD"] ?? ".", options.key));
  const newest = (await migrationNames(context.migrations)).at(-1);
  const schema = newest === undefined ? "" : numberOf(newest);
  const now = clock.now();
  const release = releaseSchema.safeParse({
    version,
    channel: options.channel,
    released: now.toISOString().slice(0, 10),
    expires: new Date(now.getTime() + days * 86_400_000).toISOString(),
    notes: options.notes,
    // The database is migrated first, the workstations follow.
    minimum_schema: schema,
    newest_schema: schema,
    files: await readReleaseFolder(folder, version),
  });
  if (!release.success) {
    const issue = release.error.issues[0];
    throw new CommandRefused(`The release cannot be signed: ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const target = join(folder, FEED_FILE);
  const handle = await open(`${target}.new`, "w", 0o644);
  await handle.writeFile(`${await signRelease(release.data, privateKey)}\n`);
  await handle.sync();
  await handle.close();
  await rename(`${target}.new`, target);
  const names = release.data.files.map(({ file }) => file).join(", ");
  context.terminal.say(`Signed ${version} (${names}) until ${release.data.expires.slice(0, 10)}: ${target}`);
}

export const registerUpdate: RegisterCommand = (program, context) => {
  const update = program
    .command("update")
    .description("asks the hospital's feed for a newer version, where IT turned updates on")
    .option("--check", "says what the feed offers; the default")
    .option("--install", "verifies, downloads and installs it (root, Debian packages)")
    .action(async (options: { check?: boolean; install?: boolean }) => {
      const home = homeOf(context, program.opts<{ home?: string }>().home);
      await asAnswer(() => (options.install ? install(context, home) : check(context, home)));
    });
  update
    .command("sign <folder>")
    .description(`writes ${FEED_FILE} for a folder of packages, signed: the folder is then a feed`)
    .requiredOption("--key <file>", "the private key, readable by its owner alone")
    .requiredOption("--notes <text>", "what is new, for IT")
    // `--version` belongs to the program itself.
    .option("--release <version>", "the version of the packages; this program's own where nothing is said")
    .option("--channel <word>", "who is meant: workstations follow one channel", "stable")
    .option("--days <number>", "days until the feed must be signed again", "90")
    .action(async (folder: string, options: SignOptions) => {
      const path = resolve(context.environment["INIT_CWD"] ?? ".", folder);
      if (!existsSync(path)) throw new CommandRefused(`There is no folder ${path}.`);
      await asAnswer(() => sign(context, path, options));
    });
  update
    .command("new-key <file>")
    .description("makes a pair of keys for signing feeds: the private one in the file, the public one in file.pub")
    .action(async (file: string) => {
      const path = resolve(context.environment["INIT_CWD"] ?? ".", file);
      const made = await asAnswer(() => newSigningKey(path));
      context.terminal.say(`Keep ${path} away from every workstation and server. Its id is ${made.kid}.`);
      context.terminal.say(`For the part updates of the managed file (as PEM also in ${path}.pub):`);
      context.terminal.say(`"publicKey": ${JSON.stringify(made.publicKey.trim())}`);
    });
};
