import pg from "pg";
import { Refusal } from "../../shared/failure";
import { chooseServer, queryOf } from "./choose-server";
import { type ConnectionSettings, clientConfig } from "./connection-settings";
import { asConnectionRefusal, asRefusal } from "./failure";
import type { Query, Row } from "./query";
import { openServerPool, type ServerPool } from "./server-pool";
import { createSlots } from "./slots";
import { troubleOf } from "./trouble";

export type { ConnectionSettings } from "./connection-settings";
export type { Query, Row } from "./query";

/** The workstation's door to PostgreSQL. Every method is one transaction and holds no state between them. */
export interface Database {
  /** One statement in a transaction of its own, as the workstation's login. */
  statement: Query;
  /** A read-only transaction bound to one announcement; what `work` issues in one go travels with the opening. */
  request<T>(token: string, announcement: string, work: (query: Query) => Promise<T>): Promise<T>;
  onConnectionChange(listener: (connected: boolean) => void): void;
  close(): Promise<void>;
}

/** Milliseconds that running work gets when the app closes its connections, and when it turns to another server. */
const PATIENCE_AT_THE_END = 1500;
const PATIENCE_WITH_LOST = 16_000;
/** Milliseconds that a request waits for one of the connections. */
const PATIENCE_FOR_A_TURN = 8000;

/**
 * Opens no connection yet; at most `size` to the server that takes entries. When a connection is lost or that server takes
 * none any more, the next request looks for one anew. Nothing is ever sent twice: whether a lost write was stored is found
 * out by its submission or message id. `admit` looks at each server before anything else is sent to it, and may refuse it.
 */
export function openDatabase(
  settings: ConnectionSettings,
  size = 6,
  admit?: (query: Query) => Promise<void>,
): Database {
  let current: ServerPool | undefined;
  let choosing: Promise<ServerPool> | undefined;
  let newest = 0;
  let closed = false;
  const retired = new Set<ServerPool>();
  // The driver's own queue would keep who waits in it waiting when its pool is given up.
  const slots = createSlots(size, PATIENCE_FOR_A_TURN);
  let connected: boolean | undefined;
  const listeners: ((connected: boolean) => void)[] = [];
  const tell = (now: boolean) => {
    if (now === connected) return;
    connected = now;
    for (const listener of listeners) listener(now);
  };

  async function choose(): Promise<ServerPool> {
    const server = await chooseServer(settings, { newest, admit });
    if (closed) throw new Refusal("DATABASE_UNAVAILABLE");
    newest = Math.max(newest, server.timeline);
    const pool = openServerPool(settings, server, size, () => lose(pool));
    current = pool;
    return pool;
  }

  async function usable(): Promise<ServerPool> {
    while (!current) {
      if (closed) throw new Refusal("DATABASE_UNAVAILABLE");
      choosing ??= choose().finally(() => {
        choosing = undefined;
      });
      await choosing;
    }
    return current;
  }

  function lose(pool: ServerPool | undefined): void {
    if (pool === undefined || pool === current) tell(false);
    if (pool === undefined || pool !== current) return;
    current = undefined;
    retired.add(pool);
    void pool
      .end(PATIENCE_WITH_LOST)
      .catch(() => undefined)
      .finally(() => retired.delete(pool));
  }

  async function withClient<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const giveBack = await slots.take();
    let pool: ServerPool | undefined;
    let client: pg.PoolClient | undefined;
    let broken: Error | undefined;
    // A bare error on a checked-out client would end the process.
    const noteError = () => lose(pool);
    try {
      pool = current ?? (await usable());
      client = await pool.connect().catch((error: unknown) => {
        if (troubleOf(error)?.lost) lose(pool);
        throw asConnectionRefusal(error);
      });
      client.on("error", noteError);
      const answer = await work(queryOf(client));
      tell(true);
      return answer;
    } catch (error) {
      const found = error instanceof Refusal ? undefined : troubleOf(error);
      const refusal = asRefusal(error);
      if (found?.lost) {
        broken = error as Error;
        lose(pool);
      } else if (client === undefined) {
        tell(false);
      } else if (refusal instanceof Refusal && refusal.failure.code === "DATABASE_UNAVAILABLE" && !found) {
        broken = refusal;
      }
      throw refusal;
    } finally {
      client?.removeListener("error", noteError);
      client?.release(broken);
      giveBack();
    }
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
    close: async () => {
      closed = true;
      const open = current ? [current, ...retired] : [...retired];
      current = undefined;
      await Promise.all(open.map((pool) => pool.end(PATIENCE_AT_THE_END)));
    },
  };
}

/** A single connection of the owner, for migrations and the demo hospital alone; of several servers to the primary. */
export async function connectOwner(settings: ConnectionSettings): Promise<{ query: OwnerQuery; end(): Promise<void> }> {
  const host = settings.alternatives?.length ? (await chooseServer(settings)).host : settings;
  const client = new pg.Client({ ...clientConfig(settings, host), application_name: "lamplight-owner" });
  client.on("error", () => undefined);
  await client.connect();
  return {
    query: async (text, values) =>
      (values === undefined ? client.query(text) : client.query(text, [...values])) as Promise<{ rows: Row[] }>,
    end: () => client.end(),
  };
}
export type OwnerQuery = (text: string, values?: readonly unknown[]) => Promise<{ rows: Row[] }>;
