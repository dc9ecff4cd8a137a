import { isIPv4 } from "node:net";
import { z } from "zod";

/** A value of the environment that cannot be used. The message names the variable and never repeats a secret. */
export class BadEnvironment extends Error {}

const port = z.coerce.number().int().min(1).max(65_535);
const idleSeconds = z.coerce.number().int().min(3).max(900);
const sslModes = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

export interface CentralDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: { readonly rejectUnauthorized: true } | undefined;
}

export interface Config {
  readonly home: string | undefined;
  readonly central: CentralDatabase | undefined;
  readonly loadDemo: boolean;
  readonly idleSeconds: number;
  readonly openai:
    | { readonly apiKey: string; readonly baseUrl: string | undefined; readonly model: string }
    | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

function whole(
  environment: Environment,
  name: string,
  schema: z.ZodNumber | z.ZodCoercedNumber,
  fallback: number,
  range: string,
): number {
  const given = environment[name];
  if (given === undefined || given === "") return fallback;
  const parsed = /^\d+$/u.test(given) ? schema.safeParse(given) : undefined;
  if (!parsed?.success) throw new BadEnvironment(`${name} must be a whole number ${range}.`);
  return parsed.data;
}

/** Loopback addresses and sockets stay on this machine; everything else must prove itself by a certificate. */
export function staysOnThisMachine(host: string): boolean {
  // `127.example.org` is a name like any other: only a whole address counts.
  return (
    host.startsWith("/") ||
    ["localhost", "::1", "[::1]"].includes(host.toLowerCase()) ||
    (isIPv4(host) && host.startsWith("127."))
  );
}

/** `named` says whose value `mode` is: a variable, or a part of one. */
function secured(host: string, mode: string | undefined, named: string): CentralDatabase["ssl"] {
  if (mode !== undefined && !(sslModes as readonly string[]).includes(mode))
    throw new BadEnvironment(`${named} must be one of ${sslModes.join(", ")}.`);
  if (staysOnThisMachine(host))
    return mode === "verify-full" || mode === "verify-ca" || mode === "require"
      ? { rejectUnauthorized: true }
      : undefined;
  if (mode !== undefined && mode !== "verify-full")
    throw new BadEnvironment(`${named} must be verify-full for a database on another machine.`);
  return { rejectUnauthorized: true };
}

const noHost = "no-host.invalid";

/** Reads a PostgreSQL URL; `variable` names it in the error. `sslMode` counts where the URL has no `sslmode` of its own. */
export function parseDatabaseUrl(variable: string, text: string, sslMode?: string): CentralDatabase {
  const unreadable = () =>
    new BadEnvironment(`${variable} is not a URL such as postgresql://user:password@host:5432/database.`);
  let url: URL;
  try {
    // PostgreSQL's own form for a socket, `user:password@/database?host=/folder`, has no host where a URL wants one.
    url = new URL(text.replace(/^(\w+:\/\/[^/?#]*@)(?=\/)/u, `$1${noHost}`));
  } catch {
    throw unreadable();
  }
  const decoded = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      // A percent sign in a password that stands for itself.
      throw unreadable();
    }
  };
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:")
    throw new BadEnvironment(`${variable} must begin with postgresql://.`);
  // In a URL an IPv6 address stands in brackets, on a socket it does not.
  const host = (url.searchParams.get("host") ?? decoded(url.hostname)).replace(/^\[(.*)\]$/u, "$1");
  if (!host || host === noHost) throw new BadEnvironment(`${variable} names no host.`);
  const database = decoded(url.pathname.slice(1));
  if (!database) throw new BadEnvironment(`${variable} names no database.`);
  const givenPort = url.searchParams.get("port") ?? (url.port || "5432");
  const parsedPort = port.safeParse(givenPort);
  if (!parsedPort.success) throw new BadEnvironment(`${variable} has a port that is not one.`);
  const own = url.searchParams.get("sslmode");
  return {
    host,
    port: parsedPort.data,
    user: decoded(url.username),
    password: decoded(url.password),
    database,
    ssl: own === null ? secured(host, sslMode, "PGSSLMODE") : secured(host, own, `${variable}'s sslmode`),
  };
}

function centralOf(environment: Environment): CentralDatabase | undefined {
  const url = environment["DATABASE_URL"];
  const sslMode = environment["PGSSLMODE"] || undefined;
  if (url) return parseDatabaseUrl("DATABASE_URL", url, sslMode);
  const host = environment["PGHOST"];
  if (!host) return undefined;
  return {
    host,
    port: whole(environment, "PGPORT", port, 5432, "between 1 and 65535"),
    user: environment["PGUSER"] || "lamplight_app",
    password: environment["PGPASSWORD"] ?? "",
    database: environment["PGDATABASE"] || "lamplight",
    ssl: secured(host, sslMode, "PGSSLMODE"),
  };
}

function modelOf(environment: Environment): Config["openai"] {
  const baseUrl = environment["OPENAI_BASE_URL"] || undefined;
  const apiKey = environment["OPENAI_API_KEY"];
  if (baseUrl !== undefined) {
    let url: URL;
    try {
      url = new URL(baseUrl);
    } catch {
      throw new BadEnvironment("OPENAI_BASE_URL is not a URL.");
    }
    if (url.protocol !== "https:" && !(url.protocol === "http:" && staysOnThisMachine(url.hostname)))
      throw new BadEnvironment("OPENAI_BASE_URL must use https, except on this machine.");
    if (url.username || url.password) throw new BadEnvironment("OPENAI_BASE_URL must not hold a name or password.");
  }
  if (!apiKey && !baseUrl) return undefined;
  // Servers on the own machine often want no key; the protocol wants one all the same.
  return { apiKey: apiKey || "none", baseUrl, model: environment["OPENAI_MODEL"] || "gpt-4o-mini" };
}

/** Reads the environment once, at the start. Throws `BadEnvironment` with one clear line that names the variable. */
export function readConfig(environment: Environment): Config {
  const demo = environment["LAMPLIGHT_DEMO"];
  if (demo !== undefined && !["", "0", "1"].includes(demo)) throw new BadEnvironment("LAMPLIGHT_DEMO must be 1 or 0.");
  return {
    home: environment["LAMPLIGHT_HOME"] || undefined,
    central: centralOf(environment),
    loadDemo: demo === "1",
    idleSeconds: whole(environment, "LAMPLIGHT_IDLE_SECONDS", idleSeconds, 900, "of seconds between 3 and 900"),
    openai: modelOf(environment),
  };
}
