import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { Refusal } from "../../../shared/failure";
import { systemClock as clock } from "../../clock";
import type { CentralDatabase } from "../../config";
import { type Configuration, createConfiguration } from "../../configuration/configuration";
import { serverAccount } from "../../database/embedded/account";
import { readNote } from "../../database/embedded/places";
import {
  type EmbeddedServer,
  EmbeddedServerTrouble,
  ownerConnection,
  startEmbeddedServer,
} from "../../database/embedded-server";
import { type ConnectionSettings, type Database, openDatabase } from "../../database/pool";
import { WORKSTATION_LOGIN } from "../../database/workstation-login";
import { createHealth, type Health } from "../../health/health";
import { readUpdatesConfiguration } from "../../updates/configuration";
import { createUpdates } from "../../updates/updates";
import { type AdminContext, defaultHome, ownersAddress } from "./office";

/** What the app on this machine sees, without the app: its configuration and its database as the workstation's login. */
export interface WorkstationDesk {
  readonly home: string;
  readonly configuration: Configuration;
  readonly health: Health;
  /** Names and secrets of this workstation, for what must not say them. */
  readonly hidden: readonly string[];
  close(): Promise<void>;
}

/** The feed and the model's list of models alone are asked with it. */
export const reach: typeof globalThis.fetch = globalThis.fetch;

export function homeOf(context: AdminContext, home: string | undefined): string {
  return home === undefined ? defaultHome(context.environment) : resolve(context.environment["INIT_CWD"] ?? ".", home);
}

/** What this workstation is told to do. A home folder that is not there is not made: then nobody chose anything here. */
export function configurationOf(context: AdminContext, home: string): Configuration {
  const empty = existsSync(home) ? undefined : mkdtempSync(join(tmpdir(), "lamplight-no-home-"));
  try {
    return createConfiguration({
      environment: context.environment,
      packaged: context.packaged ?? true,
      home: empty ?? home,
      // The desktop's key store opens for the app alone.
      secretBox: () => undefined,
    });
  } finally {
    if (empty !== undefined) rmSync(empty, { recursive: true, force: true });
  }
}

const loginSchema = z.object({ password: z.string().min(1) });

/** Joins the database of a home folder, or starts it where this account may; changes nothing in it. */
async function joinEmbedded(home: string): Promise<{ settings: ConnectionSettings; server: EmbeddedServer | null }> {
  const note = readNote(home);
  const cluster = note?.dataDirectory ?? join(home, "postgres", "cluster");
  const loginFile = join(home, "workstation-login.json");
  if (!existsSync(cluster)) throw new Refusal("DATABASE_UNAVAILABLE", "There is no database in this home folder yet.");
  if (!existsSync(loginFile))
    throw new Refusal("DATABASE_UNAVAILABLE", "Lamplight has not been opened with this home folder's database yet.");
  const { password } = loginSchema.parse(JSON.parse(readFileSync(loginFile, "utf8")));
  const login = { user: WORKSTATION_LOGIN, password };
  // Started by another account than the one it belongs to, its files would change hands.
  const account = serverAccount();
  if (account === null || account.uid === statSync(cluster).uid) {
    const server = await startEmbeddedServer({ home }).catch((error: unknown) => {
      throw error instanceof EmbeddedServerTrouble ? new Refusal("DATABASE_UNAVAILABLE", error.message) : error;
    });
    return { settings: { ...ownerConnection(server), ...login }, server };
  }
  if (!note) throw new Refusal("DATABASE_UNAVAILABLE", "This machine's own database runs while Lamplight is open.");
  return { settings: { host: note.socketFolder, port: note.port, database: "lamplight", ...login }, server: null };
}

/** On IT's own machine no workstation is set up: then the server that the other commands work on is the one to look at. */
function ownersServer(context: AdminContext, homeGiven: string | undefined): CentralDatabase | undefined {
  const url = context.environment["LAMPLIGHT_OWNER_URL"];
  return homeGiven === undefined && url ? ownersAddress(url, context.environment) : undefined;
}

export function openWorkstationDesk(context: AdminContext, homeGiven: string | undefined): WorkstationDesk {
  const home = homeOf(context, homeGiven);
  const configuration = configurationOf(context, home);
  const central = configuration.central() ?? ownersServer(context, homeGiven);
  const { model } = configuration;
  let joined: Promise<{ database: Database; server: EmbeddedServer | null }> | undefined;
  const joinDatabase = async () => {
    if (central) return { database: openDatabase(central), server: null };
    const { settings, server } = await joinEmbedded(home);
    return { database: openDatabase(settings), server };
  };
  const statement: Database["statement"] = async (text, values) => {
    joined ??= joinDatabase();
    return (await joined).database.statement(text, values);
  };
  const updates = createUpdates({
    config: readUpdatesConfiguration(configuration.updates),
    home,
    fetch: reach,
    platform: process.platform,
    arch: process.arch,
    version: context.version,
    clock,
    onChange: () => undefined,
  });
  const health: Health = {
    read: async () => {
      await updates.remember();
      return createHealth({
        version: context.version,
        clock,
        // Nobody's log is ours to write: the reference stands beside the kind of error on standard error.
        log: {
          unexpected: (where, error) => {
            const reference = randomBytes(4).toString("hex");
            const code = typeof error === "object" && error !== null && "code" in error ? ` ${String(error.code)}` : "";
            context.terminal.complain(`${reference} ${where}: ${error instanceof Error ? error.name : "error"}${code}`);
            return reference;
          },
        },
        database: { kind: central ? "central" : "embedded", encrypted: central?.ssl ? true : null, statement },
        migrations: context.migrations,
        home: existsSync(home) ? home : "/",
        cluster: central ? null : (readNote(home)?.dataDirectory ?? null),
        model,
        fetch: reach,
        updates: () => updates.view(),
      }).read();
    },
  };
  const hosts = central ? [central.host, ...(central.alternatives ?? []).map(({ host }) => host)] : [];
  const addresses = [model?.baseUrl, configuration.updates.feed].flatMap((url) => (url ? [new URL(url).hostname] : []));
  return {
    home,
    configuration,
    health,
    hidden: [central?.password, central?.user, model?.apiKey, ...hosts, ...addresses].filter(
      (word): word is string => word !== undefined && !["", "localhost", "none", WORKSTATION_LOGIN].includes(word),
    ),
    close: async () => {
      const { database, server } = (await joined?.catch(() => undefined)) ?? {};
      await database?.close().catch(() => undefined);
      await server?.stop();
    },
  };
}
