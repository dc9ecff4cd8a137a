import { realpathSync } from "node:fs";
import pg from "pg";

/** How a server at this socket answers somebody who knows its superuser's password. */
export type Answer =
  | { readonly kind: "ready"; readonly dataDirectory: string }
  /** Alive, but starting, recovering or shutting down. */
  | { readonly kind: "busy"; readonly shuttingDown: boolean }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "silent" };

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const starting = "57P03";
const terminated = new Set(["57P01", "57P02"]);

/** Opens one connection, does something, closes it; a connection that dies meanwhile is an answer, not a crash. */
export async function withConnection<T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connection, ssl: false, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function probe(connection: Connection): Promise<Answer> {
  try {
    const dataDirectory = await withConnection(connection, async (client) => {
      const answer = await client.query<{ data_directory: string }>("SHOW data_directory");
      return answer.rows[0]?.data_directory ?? "";
    });
    return { kind: "ready", dataDirectory };
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (code === starting) return { kind: "busy", shuttingDown: /shutting down/.test((error as Error).message) };
    if (terminated.has(code)) return { kind: "busy", shuttingDown: true };
    if (/^[0-9A-Z]{5}$/.test(code)) return { kind: "refused", reason: code };
    return { kind: "silent" };
  }
}

export function sameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return one === other;
  }
}
