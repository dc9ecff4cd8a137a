import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../electron/clock";
import { migrate } from "../../../electron/database/migrate";
import { type ConnectionSettings, connectOwner, type OwnerQuery } from "../../../electron/database/pool";
import { loadDemoHospital } from "../../../electron/demo-hospital/load-demo-hospital";
import { noteVariable } from "../../../scripts/lib/test-servers.mjs";
import { serverFolder } from "./account";
import { type Authority, createAuthority } from "./certificates";
import { type PgBouncer, startPgBouncer } from "./pgbouncer";
import { asServers, type Postgres, type PostgresOptions, startPostgres } from "./postgres";

export const itLogin = { user: "hospital_it", password: "the password of IT, made for tests" } as const;
export const centralWorkstationPassword = "a workstation's password, made for tests";
interface Hashing {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}
const cheapHashing: Hashing = { memoryKib: 64, iterations: 1, parallelism: 1 };

function preparedData(): string | undefined {
  const note = process.env[noteVariable];
  return note !== undefined && existsSync(note)
    ? (JSON.parse(readFileSync(note, "utf8")) as { prepared: string }).prepared
    : undefined;
}

/** Debian's PostgreSQL with a hospital prepared by an owner who is no superuser, and PgBouncer before it. */
export interface HospitalServer {
  readonly authority: Authority;
  readonly certificate: { readonly certificate: string; readonly key: string };
  readonly postgres: Postgres;
  readonly database: string;
  secret(login: string): Promise<string>;
  /** The superuser over the socket, past PgBouncer. */
  asSuperuser<T>(work: (query: OwnerQuery) => Promise<T>, database?: string): Promise<T>;
  bouncer(settings?: Readonly<Record<string, string>>): Promise<PgBouncer>;
  /** The workstation's login at a port of this machine: PostgreSQL's own or PgBouncer's. */
  workstation(port: number): ConnectionSettings;
  dispose(): Promise<void>;
}

export async function prepareHospital(owner: { query: OwnerQuery }, hashing = cheapHashing): Promise<void> {
  await migrate(owner.query, {
    folder: "resources/database/migrations",
    workstationPassword: centralWorkstationPassword,
    hashing,
  });
  await loadDemoHospital({
    owner,
    clock: systemClock,
    folder: "resources/demo-hospital",
    hashing,
  });
}

/**
 * Prepared from nothing, as IT does it; or, where the run's shared server left a prepared data folder, from a copy of that,
 * which saves each test file some seconds.
 */
export async function startHospitalServer(
  options: PostgresOptions & { readonly hashing?: Hashing } = {},
): Promise<HospitalServer> {
  const prepared = options.make || options.hashing ? undefined : preparedData();
  const copied =
    prepared === undefined ? {} : { make: (data: string) => void execFileSync("cp", ["-a", prepared, data]) };
  const folder = serverFolder("ca");
  const authority = await createAuthority(folder);
  const certificate = await authority.certify("server", ["localhost", "127.0.0.1"]);
  const postgres = await startPostgres({ tls: certificate, ...copied, ...options });
  const database = "lamplight";
  async function asSuperuser<T>(work: (query: OwnerQuery) => Promise<T>, name = database): Promise<T> {
    const connection = await connectOwner({ ...postgres.superuser, database: name });
    try {
      return await work(connection.query);
    } finally {
      await connection.end();
    }
  }
  const secret = (login: string) =>
    asSuperuser(async (query) => {
      const { rows } = await query("SELECT rolpassword FROM pg_authid WHERE rolname = $1", [login]);
      return String(rows[0]?.["rolpassword"]);
    });
  const ssl = { rejectUnauthorized: true as const, ca: authority.pem };
  if (prepared === undefined) {
    const { superuser } = postgres;
    const to = ["-h", superuser.host, "-p", String(superuser.port), "-U", superuser.user, "-d", "postgres", "-X", "-q"];
    const file = join(import.meta.dirname, "../../../deploy/central/prepare-server.sql");
    asServers("psql", [...to, "-v", "ON_ERROR_STOP=1", "-v", `it_password=${itLogin.password}`, "-f", file]);
    const owner = await connectOwner({ ...itLogin, host: "localhost", port: postgres.port, database, ssl });
    await prepareHospital(owner, options.hashing);
    await owner.end();
  }
  return {
    authority,
    certificate,
    postgres,
    database,
    secret,
    asSuperuser,
    bouncer: async (settings = {}) =>
      startPgBouncer({
        server: postgres,
        secrets: { lamplight_app: await secret("lamplight_app"), [itLogin.user]: await secret(itLogin.user) },
        tls: { ...certificate, authority: authority.file },
        settings,
      }),
    workstation: (port) => ({
      host: "localhost",
      port,
      user: "lamplight_app",
      password: centralWorkstationPassword,
      database,
      ssl,
    }),
    dispose: async () => {
      await postgres.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
