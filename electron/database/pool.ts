import pg from "pg";
import { Refusal } from "../../shared/failure";
import { asRefusal, sqlStateOf } from "./failure";

export type Row = Record<string, unknown>;
/** Sends one statement; rows as plain objects. Statements issued together travel together (pipelined). */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>;

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?: { readonly ca?: string; readonly rejectUnauthorized: true } | undefined;
}

/** The workstation's door to PostgreSQL. Every method is one transaction and holds no state between them. */
export interface Database {
  /** One statement in a transaction of its own, as the workstation's login. */
  statement: Query;
  /** A read-only transaction bound to one announcement; what `work` issues in one go travels with the opening. */
  request<T>(token: string, announcement: string, work: (query: Query) => Promise<T>): Promise<T>;
  onConnectionChange(listener: (connected: boolean) => void): void;
  close(): Promise<void>;
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

/** Opens no connection yet. `size` connections at most; a statement that takes longer than 15 s is given up. */
export function openDatabase(settings: ConnectionSettings, size = 6): Database {
  const pool = new pg.Pool({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    ...(settings.ssl ? { ssl: settings.ssl } : {}),
    max: size,
    types,
    pipeline: true,
    connectionTimeoutMillis: 8000,
    idleTimeoutMillis: 60_000,
    query_timeout: 15_000,
    application_name: "lamplight",
  } as pg.PoolConfig);
  let connected: boolean | undefined;
  const listeners: ((connected: boolean) => void)[] = [];
  const tell = (now: boolean) => {
    if (now === connected) return;
    connected = now;
    for (const listener of listeners) listener(now);
  };
  pool.on("error", () => tell(false));

  async function withClient<T>(work: (query: Query) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined;
    let broken: Error | undefined;
    try {
      client = await pool.connect().catch((error: unknown) => {
        // The same code inside a request means that a person's session is over; here it is the workstation's login.
        throw sqlStateOf(error) === "28000" ? new Refusal("DATABASE_REFUSED") : error;
      });
      // A bare error on a checked-out client would end the process.
      client.on("error", noteError);
      const answer = await work(
        async (text, values = []) => (await (client as pg.PoolClient).query(text, [...values])).rows,
      );
      tell(true);
      return answer;
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal instanceof Refusal && refusal.failure.code === "DATABASE_UNAVAILABLE") {
        broken = refusal;
        tell(false);
      }
      throw refusal;
    } finally {
      client?.removeListener("error", noteError);
      client?.release(broken);
    }
  }

  function noteError(): void {
    tell(false);
  }

  return {
    statement: (text, values) => withClient((query) => query(text, values)),
    request: (token, announcement, work) =>
      withClient(async (query) => {
        const opened = [query("BEGIN READ ONLY"), query("SELECT api.open_request($1, $2)", [token, announcement])];
        const [begun, bound, worked] = await Promise.allSettled([...opened, work(query)]);
        const [checked, ended] = await Promise.allSettled([
          query("SELECT guard.has_request() AS open"),
          query("COMMIT"),
        ]);
        for (const part of [begun, bound]) if (part?.status === "rejected") throw part.reason;
        // A request that ended under way sees no rows any more; an empty chart must never be told from that.
        if (checked.status === "fulfilled" && checked.value[0]?.["open"] !== true) {
          await query("SELECT FROM api.whoami($1)", [token]);
          throw new Refusal("DATABASE_UNAVAILABLE");
        }
        for (const part of [worked, checked, ended]) if (part?.status === "rejected") throw part.reason;
        return (worked as PromiseFulfilledResult<never>).value;
      }),
    onConnectionChange: (listener) => listeners.push(listener),
    close: () => pool.end(),
  };
}

/** A single connection of the owner, for migrations and the demo hospital alone. */
export async function connectOwner(settings: ConnectionSettings): Promise<{ query: OwnerQuery; end(): Promise<void> }> {
  const client = new pg.Client({ ...settings, types, application_name: "lamplight-owner" } as pg.ClientConfig);
  client.on("error", () => undefined);
  await client.connect();
  return {
    query: async (text, values) =>
      (values === undefined ? client.query(text) : client.query(text, [...values])) as Promise<{ rows: Row[] }>,
    end: () => client.end(),
  };
}
export type OwnerQuery = (text: string, values?: readonly unknown[]) => Promise<{ rows: Row[] }>;
