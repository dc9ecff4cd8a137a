import pg from "pg";

export interface Host {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

export interface ConnectionSettings extends Host {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?: { readonly ca?: string; readonly rejectUnauthorized: true } | undefined;
  /** Further servers of the same database, e.g. a standby: asked in this order when those before are no primary. */
  readonly alternatives?: readonly Host[] | undefined;
}

const DATE = 1082;
const TIMESTAMPTZ = 1184;
const INT8 = 20;
const textParsers: Readonly<Record<number, (value: string) => unknown>> = {
  // A calendar day is text: as a Date it would be a moment, and shift with the time zone.
  [DATE]: (value) => value,
  [TIMESTAMPTZ]: (value) => new Date(value).toISOString(),
  [INT8]: (value) => Number(value),
};
const types = {
  getTypeParser: (id: number, format?: "text" | "binary") =>
    (format === "binary" ? undefined : textParsers[id]) ?? pg.types.getTypeParser(id, format as "text"),
} as pg.CustomTypesConfig;

export function hostsOf(settings: ConnectionSettings): readonly Host[] {
  return [{ host: settings.host, port: settings.port }, ...(settings.alternatives ?? [])];
}

/** What the driver needs for one of the servers. No named statements and no session state: PgBouncer may stand between. */
export function clientConfig(settings: ConnectionSettings, { host, port }: Host): pg.ClientConfig {
  return {
    host,
    port,
    user: settings.user,
    // As a function: for an empty text the driver would take PGPASSWORD or ~/.pgpass, which belong to another address.
    password: () => settings.password,
    database: settings.database,
    types,
    application_name: "lamplight",
    // A server whose machine is gone says nothing: without this a connection to it would seem alive for hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // What comes over a socket has not left this machine, and PostgreSQL encrypts no socket.
    // Said either way, since the driver would ask PGSSLMODE where nothing is.
    ssl: settings.ssl && !host.startsWith("/") ? settings.ssl : false,
  };
}
