import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type CentralDatabase, parseDatabaseUrl } from "../../config";
import { isBehindPooler } from "../../database/behind-pooler";
import { startEmbeddedDatabase } from "../../database/embedded-database";
import { ownerConnection, startEmbeddedServer } from "../../database/embedded-server";
import { type ConnectionSettings, connectOwner, type OwnerQuery } from "../../database/pool";
import { CommandRefused, type Terminal } from "./terminal";

/** What every command is given. */
export interface AdminContext {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the ordered `.sql` files. */
  readonly migrations: string;
  readonly demoFolder: string;
  readonly version: string;
  /** False only where it runs from a clone: there managed files need not be root's. */
  readonly packaged?: boolean;
}

/** The owner's desk: a connection that may change everything, to the central server or to this machine's own database. */
export interface Office {
  readonly kind: "central" | "embedded";
  readonly owner: { readonly query: OwnerQuery };
  /** To open further connections as the owner, e.g. for COPY. */
  readonly settings: ConnectionSettings;
  /** The home folder of an embedded database. */
  readonly home: string | undefined;
  close(): Promise<void>;
}

/** A home folder with a database of its own has it from the first start on. */
const FIRST_FILE = "embedded-server.password";

/** Where the app keeps its state when nobody says: the platform's user-data folder, as Electron chooses it. */
export function defaultHome(environment: AdminContext["environment"]): string {
  if (environment["LAMPLIGHT_HOME"]) return resolve(environment["LAMPLIGHT_HOME"]);
  // Started by root from a clone, the app runs under an account of its own, with the state in that account's folder.
  if (process.getuid?.() === 0 && existsSync("/var/lib/lamplight/home")) return "/var/lib/lamplight/home";
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Lamplight");
  if (process.platform === "win32")
    return join(environment["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Lamplight");
  return join(environment["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "Lamplight");
}

/** The central server as its owner. As for psql, a password need not stand in the address. Throws `BadEnvironment`. */
export function ownersAddress(url: string, environment: AdminContext["environment"]): CentralDatabase {
  const given = parseDatabaseUrl("LAMPLIGHT_OWNER_URL", url);
  return given.password === "" ? { ...given, password: environment["PGPASSWORD"] ?? "" } : given;
}

/**
 * Opens the owner's desk: `home` names an embedded database; else LAMPLIGHT_OWNER_URL names a central server's owner; else the
 * embedded database of the default home. `asItIs` leaves an embedded database at the schema that it has; `begins` makes one
 * where a home folder has none yet, for what sets up a hospital: anything else would answer for an empty one.
 */
export async function openOffice(
  context: AdminContext,
  options: { home?: string | undefined; asItIs?: boolean; begins?: boolean },
): Promise<Office> {
  const url = context.environment["LAMPLIGHT_OWNER_URL"];
  if (options.home === undefined && url) {
    const settings = ownersAddress(url, context.environment);
    if (await isBehindPooler(settings))
      throw new CommandRefused(
        "LAMPLIGHT_OWNER_URL leads to a connection pooler. The owner needs a connection of its own: name the PostgreSQL server itself.",
      );
    const owner = await connectOwner(settings);
    return { kind: "central", owner, settings, home: undefined, close: () => owner.end() };
  }
  const home = options.home
    ? resolve(context.environment["INIT_CWD"] ?? ".", options.home)
    : defaultHome(context.environment);
  if (options.home === undefined && !context.environment["LAMPLIGHT_HOME"] && !existsSync(join(home, FIRST_FILE)))
    throw new CommandRefused(
      `Name the central server's owner in LAMPLIGHT_OWNER_URL, or a machine's home folder with --home: ${home} holds no database.`,
    );
  if (!options.begins && !existsSync(join(home, FIRST_FILE)))
    throw new CommandRefused(`There is no database in ${home}. Nothing was made.`);
  const server = options.asItIs
    ? await startEmbeddedServer({ home })
    : (await startEmbeddedDatabase({ home, migrations: context.migrations })).server;
  const settings = ownerConnection(server);
  const owner = await connectOwner(settings);
  return {
    kind: "embedded",
    owner,
    settings,
    home,
    close: async () => {
      await owner.end();
      await server.stop();
    },
  };
}

/** Opens the desk that the program's options name, does something at it and closes it. */
export async function atTheDesk<T>(
  program: Command,
  context: AdminContext,
  work: (office: Office) => Promise<T>,
  options: { asItIs?: boolean; begins?: boolean } = {},
): Promise<T> {
  const office = await openOffice(context, { home: program.opts<{ home?: string }>().home, ...options });
  try {
    return await work(office);
  } finally {
    context.terminal.progress(null);
    await office.close();
  }
}
