import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { z } from "zod";

/** A value of the environment that cannot be used. The message names the variable and never repeats a secret. */
export class BadEnvironment extends Error {}

const port = z.coerce.number().int().min(1).max(65_535);
/** Seconds without input after which a workstation may lock at the earliest and at the latest. */
export const idleLimits = { least: 3, most: 900 } as const;
/** What a badge reader that types sends before every badge: one to eight signs of ASCII, no space among them. */
export const badgePrefixPattern = /^[!-~]{1,8}$/u;
const idleSeconds = z.coerce.number().int().min(idleLimits.least).max(idleLimits.most);
const sslModes = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

export interface DatabaseHost {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

export interface CentralDatabase extends DatabaseHost {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `ca`: the authority, as PEM, that alone may vouch for the server; without it the authorities that Node knows. */
  readonly ssl: { readonly rejectUnauthorized: true; readonly ca?: string } | undefined;
  /** Further hosts of the same database, tried in this order after the first. */
  readonly alternatives?: readonly DatabaseHost[] | undefined;
}

/** Asked where a key or an address is given and no model is named. */
export const defaultModel = "gpt-4o-mini";

export interface Config {
  readonly home: string | undefined;
  readonly central: CentralDatabase | undefined;
  readonly loadDemo: boolean;
  readonly idleSeconds: number;
  /** Undefined: no badge reader is attached. */
  readonly badgePrefix: string | undefined;
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

interface Trust {
  readonly mode: string | undefined;
  /** Whose value `mode` is: a variable, or a part of one. */
  readonly modeNamed: string;
  /** A PEM file, or `system`. */
  readonly rootCertificate: string | undefined;
  readonly rootNamed: string;
}

function certificateAuthority({ rootCertificate, rootNamed }: Trust): string | undefined {
  if (!rootCertificate || rootCertificate === "system") return undefined;
  let text: string;
  try {
    text = readFileSync(rootCertificate, "utf8");
  } catch {
    throw new BadEnvironment(`${rootNamed} names ${rootCertificate}, which cannot be read.`);
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----"))
    throw new BadEnvironment(`${rootNamed} names ${rootCertificate}, which holds no certificate in PEM form.`);
  return text;
}

function checkMode(mode: string | undefined, named: string): void {
  if (mode !== undefined && !(sslModes as readonly string[]).includes(mode))
    throw new BadEnvironment(`${named} must be one of ${sslModes.join(", ")}.`);
}

function secured(hosts: readonly DatabaseHost[], trust: Trust): CentralDatabase["ssl"] {
  const { mode, modeNamed } = trust;
  checkMode(mode, modeNamed);
  const near = hosts.every(({ host }) => staysOnThisMachine(host));
  if (near && (mode === undefined || mode === "disable" || mode === "prefer")) return undefined;
  if (!near && mode !== undefined && mode !== "verify-full")
    throw new BadEnvironment(`${modeNamed} must be verify-full for a database on another machine.`);
  const ca = certificateAuthority(trust);
  return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
}

/** Pairs names with ports as PostgreSQL does: one port for all, or one for each. */
function hostsFrom(names: readonly string[], ports: readonly string[], complain: (what: string) => BadEnvironment) {
  if (ports.length > 1 && ports.length !== names.length) throw complain("has not as many ports as hosts");
  return names.map((name, index): DatabaseHost => {
    const given = (ports.length > 1 ? ports[index] : ports[0]) || "5432";
    const parsed = /^\d+$/u.test(given) ? port.safeParse(given) : undefined;
    if (!parsed?.success) throw complain("has a port that is not one");
    // In a URL an IPv6 address stands in brackets, on a socket it does not.
    const host = name.replace(/^\[(.*)\]$/u, "$1");
    if (!host) throw complain("names no host");
    return { host, port: parsed.data };
  });
}

function centralAt(hosts: readonly DatabaseHost[], rest: Omit<CentralDatabase, keyof DatabaseHost>): CentralDatabase {
  const [first, ...alternatives] = hosts;
  return { ...(first as DatabaseHost), ...rest, ...(alternatives.length > 0 ? { alternatives } : {}) };
}

/** What counts where a URL does not say it itself. */
export interface TlsDefaults {
  readonly sslMode?: string | undefined;
  readonly sslRootCertificate?: string | undefined;
}

const placeholder = "no-host.invalid";
/** Scheme, account, hosts and the rest: a URL of several hosts, separated by commas, is none to `URL`. */
const authority = /^(\w+:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/su;

/**
 * Reads a PostgreSQL URL, also one of several hosts; `variable` names it in the error. PostgreSQL's own form for a socket,
 * `user:password@/database?host=/folder`, has no host where a URL wants one.
 */
export function parseDatabaseUrl(variable: string, text: string, defaults: TlsDefaults = {}): CentralDatabase {
  const bad = (what: string) => new BadEnvironment(`${variable} ${what}.`);
  const unreadable = () => bad("is not a URL such as postgresql://user:password@host:5432/database");
  const [, scheme = "", account = "", places = "", rest = ""] = authority.exec(text) ?? [];
  const decoded = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      // A percent sign in a password that stands for itself.
      throw unreadable();
    }
  };
  let url: URL;
  try {
    url = new URL(`${scheme}${account}${placeholder}${rest}`);
  } catch {
    throw unreadable();
  }
  const named = (places === "" ? [] : places.split(",")).map((place) => {
    const [, name, givenPort = ""] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/su.exec(place) ?? [];
    if (name === undefined) throw unreadable();
    return { name: decoded(name), port: givenPort };
  });
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") throw bad("must begin with postgresql://");
  const names = url.searchParams.get("host")?.split(",") ?? named.map((place) => place.name);
  if (names.length === 0) throw bad("names no host");
  const ports = url.searchParams.get("port")?.split(",") ?? named.map((place) => place.port);
  const hosts = hostsFrom(names, ports, bad);
  const database = decoded(url.pathname.slice(1));
  if (!database) throw bad("names no database");
  const mode = url.searchParams.get("sslmode");
  const root = url.searchParams.get("sslrootcert");
  return centralAt(hosts, {
    user: decoded(url.username),
    password: decoded(url.password),
    database,
    ssl: secured(hosts, {
      mode: mode ?? defaults.sslMode,
      modeNamed: mode === null ? "PGSSLMODE" : `${variable}'s sslmode`,
      rootCertificate: root ?? defaults.sslRootCertificate,
      rootNamed: root === null ? "PGSSLROOTCERT" : `${variable}'s sslrootcert`,
    }),
  });
}

function centralOf(environment: Environment): CentralDatabase | undefined {
  const url = environment["DATABASE_URL"];
  const sslMode = environment["PGSSLMODE"] || undefined;
  const sslRootCertificate = environment["PGSSLROOTCERT"] || undefined;
  if (url) {
    const central = parseDatabaseUrl("DATABASE_URL", url, { sslMode, sslRootCertificate });
    // As PostgreSQL's own tools do: so it stands in no list of addresses.
    return central.password === "" ? { ...central, password: environment["PGPASSWORD"] ?? "" } : central;
  }
  const names = environment["PGHOST"];
  const ports = (environment["PGPORT"] || "5432").split(",");
  const hostsOf = (named: readonly string[]) =>
    hostsFrom(named, ports, (what) =>
      what.includes("host") && !what.includes("port")
        ? new BadEnvironment(`PGHOST ${what}.`)
        : new BadEnvironment(`PGPORT must be a whole number between 1 and 65535, one for all hosts or one for each.`),
    );
  if (!names) {
    // Without a host the others name no database, but a value that can be none is told all the same.
    hostsOf(ports.map(() => "localhost"));
    checkMode(sslMode, "PGSSLMODE");
    return undefined;
  }
  const hosts = hostsOf(names.split(","));
  return centralAt(hosts, {
    user: environment["PGUSER"] || "lamplight_app",
    password: environment["PGPASSWORD"] ?? "",
    database: environment["PGDATABASE"] || "lamplight",
    ssl: secured(hosts, {
      mode: sslMode,
      modeNamed: "PGSSLMODE",
      rootCertificate: sslRootCertificate,
      rootNamed: "PGSSLROOTCERT",
    }),
  });
}

/** Reads the address of a language model; `named` names it in the error. */
export function parseEndpoint(named: string, text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new BadEnvironment(`${named} is not a URL.`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && staysOnThisMachine(url.hostname)))
    throw new BadEnvironment(`${named} must use https, except on this machine.`);
  if (url.username || url.password) throw new BadEnvironment(`${named} must not hold a name or password.`);
  return url;
}

function modelOf(environment: Environment): Config["openai"] {
  const baseUrl = environment["OPENAI_BASE_URL"] || undefined;
  const apiKey = environment["OPENAI_API_KEY"];
  if (baseUrl !== undefined) parseEndpoint("OPENAI_BASE_URL", baseUrl);
  if (!apiKey && !baseUrl) return undefined;
  // Servers on the own machine often want no key; the protocol wants one all the same.
  return { apiKey: apiKey || "none", baseUrl, model: environment["OPENAI_MODEL"] || defaultModel };
}

function badgePrefixOf(environment: Environment): string | undefined {
  const given = environment["LAMPLIGHT_BADGE_PREFIX"];
  if (given === undefined || given === "") return undefined;
  if (!badgePrefixPattern.test(given))
    throw new BadEnvironment("LAMPLIGHT_BADGE_PREFIX must be one to eight signs of ASCII without spaces.");
  return given;
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
    badgePrefix: badgePrefixOf(environment),
    openai: modelOf(environment),
  };
}
