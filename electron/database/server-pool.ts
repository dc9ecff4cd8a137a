import pg from "pg";
import { type ChosenServer, queryOf, timelineOf } from "./choose-server";
import { type ConnectionSettings, clientConfig } from "./connection-settings";

/** The connections to one server. */
export interface ServerPool {
  connect(): Promise<pg.PoolClient>;
  /** Lets what runs come to its end, for `patience` milliseconds at most, and closes. */
  end(patience: number): Promise<void>;
}

/** A connection that is closed under its work tells it so; `destroy` is what the driver does itself on a lost connection. */
function cut(client: pg.PoolClient): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/**
 * Opens no connection yet; each new one is looked at first, since a name, a virtual address or PgBouncer may lead to
 * another server than the last one did. A statement that takes longer than 15 s is given up.
 */
export function openServerPool(
  settings: ConnectionSettings,
  server: ChosenServer,
  size: number,
  onLost: () => void,
): ServerPool {
  const pool = new pg.Pool({
    ...clientConfig(settings, server.host),
    max: size,
    pipeline: true,
    connectionTimeoutMillis: 8000,
    idleTimeoutMillis: 60_000,
    query_timeout: 15_000,
    onConnect: async (client: pg.PoolClient) => {
      client.on("error", () => undefined);
      await timelineOf(queryOf(client), server.timeline);
    },
  } as unknown as pg.PoolConfig);
  const open = new Set<pg.PoolClient>();
  pool.on("connect", (client) => open.add(client));
  pool.on("remove", (client) => open.delete(client));
  pool.on("error", onLost);
  let ended: Promise<void> | undefined;
  return {
    connect: () => pool.connect(),
    end: async (patience) => {
      ended ??= pool.end();
      let late: NodeJS.Timeout | undefined;
      const waited = new Promise<void>((resolve) => {
        late = setTimeout(() => {
          for (const client of open) cut(client);
          resolve();
        }, patience);
      });
      await Promise.race([ended, waited]).finally(() => clearTimeout(late));
    },
  };
}
