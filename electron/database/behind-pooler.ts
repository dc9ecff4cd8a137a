import pg from "pg";
import { chooseServer } from "./choose-server";
import { type ConnectionSettings, clientConfig } from "./connection-settings";

/**
 * Whether something stands between us and PostgreSQL that shares its connections: the process that the handshake named is then
 * not the one that answers. What an owner does (an advisory lock, a role, COPY) needs a connection of its own.
 */
export async function isBehindPooler(settings: ConnectionSettings): Promise<boolean> {
  const host = settings.alternatives?.length ? (await chooseServer(settings)).host : settings;
  const client = new pg.Client(clientConfig(settings, host));
  client.on("error", () => undefined);
  try {
    await client.connect();
    const named = (client as unknown as { processID: number | null }).processID;
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    return rows[0]?.pid !== named;
  } finally {
    await client.end().catch(() => undefined);
  }
}
