import pg from "pg";
import type { CentralDatabase } from "../../config";
import { clientConfig, type Host } from "../connection-settings";
import { sqlStateOf } from "../trouble";
import { PATIENCE } from "./reach";
import { type Finding, failed, named, passed } from "./step";

export type Ask = (text: string) => Promise<Record<string, unknown>[]>;

const refused: Readonly<Record<string, (central: CentralDatabase) => string>> = {
  "28P01": ({ user }) => `The password is wrong, or there is no login ${user}.`,
  "28000": ({ user, database }) =>
    `The server does not let ${user} in from this machine. Check that the login exists, and the lines for it and ${database} in pg_hba.conf.`,
  "3D000": ({ database }) => `There is no database ${database} on this server.`,
  "42501": ({ user, database }) => `${user} may not connect to ${database}. IT grants it CONNECT.`,
  "53300": () => "The server has no connection left. IT raises max_connections, or puts PgBouncer before it.",
  "57P03": () => "The server is starting or stopping. Try again in a moment.",
  "08P01": () => "The server, or PgBouncer before it, refused the login. Its log has the reason.",
};

/** Signs in to one server, lets `work` ask, and always leaves again. */
export async function signIn(
  central: CentralDatabase,
  server: Host,
  work: (ask: Ask) => Promise<Finding>,
): Promise<{ login: Finding; schema?: Finding }> {
  const client = new pg.Client({
    ...clientConfig(central, server),
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    return { login: failed(explained(error, central, server)) };
  }
  try {
    const schema = await work(async (text) => (await client.query(text)).rows);
    return { login: passed(`${central.user} is let in to ${central.database}.`), schema };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explained(error: unknown, central: CentralDatabase, server: Host): string {
  const known = refused[sqlStateOf(error) ?? ""];
  if (central.password === "" && (known === undefined || sqlStateOf(error) === "28P01"))
    return "The server wants a password: none was typed, and none is kept for this address and this authority.";
  if (known) return known(central);
  const text = error instanceof Error ? error.message : "";
  if (/timeout|Connection terminated/iu.test(text))
    return `${named(server)} breaks off or does not answer when ${central.user} signs in. Its log has the reason.`;
  return `The login failed. The log of ${named(server)} has the reason.`;
}
