import pg from "pg";
import { type ConnectionSettings, clientConfig, type Host, hostsOf } from "./connection-settings";
import { asConnectionRefusal } from "./failure";
import type { Query } from "./query";
import { ServerTrouble, sqlStateOf, tellingFirst, troubleOf } from "./trouble";

/** Milliseconds that one server gets to answer before it counts as silent. */
const PATIENCE = 5000;
const INSUFFICIENT_PRIVILEGE = "42501";

/** The server that takes entries, and the timeline it writes: it grows by one at every promotion of a standby. */
export interface ChosenServer {
  readonly host: Host;
  readonly timeline: number;
}

interface Candidate extends ChosenServer {
  readonly client: pg.Client;
}

export function queryOf(client: pg.ClientBase): Query {
  return async (text, values = []) => (await client.query(text, [...values])).rows;
}

/**
 * The timeline of a primary; 0 where the login may not ask. Throws `ServerTrouble` for a standby, and for a server that is
 * behind `newest`: an old primary that came back after another was promoted takes entries too, and they would be lost.
 */
export async function timelineOf(query: Query, newest: number): Promise<number> {
  const [standing] = await query(
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS standby",
  );
  if (standing?.["standby"] !== false) throw new ServerTrouble("standby");
  // The first eight digits of a WAL file's name are the timeline.
  const [wal] = await query("SELECT pg_walfile_name(pg_current_wal_lsn()) AS file").catch((error: unknown) => {
    if (sqlStateOf(error) === INSUFFICIENT_PRIVILEGE) return [];
    throw error;
  });
  const file = typeof wal?.["file"] === "string" ? wal["file"] : "0";
  const timeline = Number.parseInt(file.slice(0, 8), 16);
  if (timeline !== 0 && timeline < newest) throw new ServerTrouble("outdated");
  return timeline;
}

async function look(settings: ConnectionSettings, host: Host, newest: number): Promise<Candidate> {
  const client = new pg.Client({
    ...clientConfig(settings, host),
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  } as pg.ClientConfig);
  // A bare error on a client would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return { host, client, timeline: await timelineOf(queryOf(client), newest) };
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  }
}

function mostTelling(errors: readonly unknown[]): unknown {
  const rank = (error: unknown) => {
    const found = troubleOf(error);
    const place = found ? tellingFirst.indexOf(found.kind) : -1;
    return place < 0 ? tellingFirst.length : place;
  };
  return [...errors].sort((a, b) => rank(a) - rank(b))[0];
}

/**
 * Asks every server at once and takes the one that takes entries; of several that do, the one on the newest timeline, then
 * the first in order. `admit` may refuse it, on the same connection. Throws a `Refusal` that says what is wrong.
 */
export async function chooseServer(
  settings: ConnectionSettings,
  options: { readonly newest?: number; readonly admit?: ((query: Query) => Promise<void>) | undefined } = {},
): Promise<ChosenServer> {
  const answers = await Promise.allSettled(hostsOf(settings).map((host) => look(settings, host, options.newest ?? 0)));
  const candidates = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  try {
    const [chosen] = candidates.sort((a, b) => b.timeline - a.timeline);
    if (!chosen) throw mostTelling(answers.map((answer) => (answer as PromiseRejectedResult).reason));
    await options.admit?.(queryOf(chosen.client));
    return { host: chosen.host, timeline: chosen.timeline };
  } catch (error) {
    throw asConnectionRefusal(error);
  } finally {
    for (const { client } of candidates) void client.end().catch(() => undefined);
  }
}
