import { z } from "zod";
import type { Query } from "../database/pool";
import type { Measured } from "./clock-check";
import { bad, type Finding, good, warning } from "./finding";

/** What `api.health()` answers: figures alone, no names. */
const serverFiguresSchema = z.object({
  server_version: z.string().regex(/^[\w.+~() -]{1,60}$/u),
  in_recovery: z.boolean(),
  encrypted: z.boolean().nullable(),
  database_bytes: z.number(),
  connections: z.number(),
  connections_allowed: z.number(),
  keys: z.object({
    people: z.number(),
    field_keys: z.number(),
    field_key_holders: z.number(),
    links: z.number().nullable(),
    newest_since: z.string().nullable(),
    without_newest: z.number().nullable(),
  }),
});
export type ServerFigures = z.infer<typeof serverFiguresSchema>;

/** Throws a `Refusal` where the database is not there; undefined where its schema has no such function yet. */
export async function readServerFigures(statement: Query): Promise<ServerFigures | undefined> {
  const [known] = await statement("SELECT to_regprocedure('api.health()') IS NOT NULL AS known");
  if (known?.["known"] !== true) return undefined;
  const [row] = await statement("SELECT api.health() AS figures");
  return serverFiguresSchema.parse(row?.["figures"]);
}

/** Milliseconds for a round trip above which a screen feels slow. */
const SLOW = 500;
/** Of the connections that the server allows. */
const BUSY = 0.8;
const FULL = 0.95;

export function checkDatabase(
  { kind, encrypted }: { readonly kind: "embedded" | "central"; readonly encrypted: boolean | null },
  server: ServerFigures | undefined,
  { roundTrip }: Measured,
): Finding {
  const reached = { place: kind, latency_milliseconds: Math.round(roundTrip * 10) / 10, encrypted };
  if (!server) return warning("The database answers, but its schema is too old to tell more.", reached);
  const figures = {
    ...reached,
    server_version: server.server_version,
    in_recovery: server.in_recovery,
    encrypted_at_server: server.encrypted,
    database_bytes: server.database_bytes,
    connections: server.connections,
    connections_allowed: server.connections_allowed,
  };
  const used = server.connections / server.connections_allowed;
  if (server.in_recovery)
    return bad("The database answers but is a standby: nothing can be written until IT promotes it.", figures);
  if (encrypted === false) return bad("The connection to the database is not encrypted.", figures);
  if (used >= FULL) return bad("The database has almost no connection left for another workstation.", figures);
  if (used >= BUSY) return warning("The database's connections are running short.", figures);
  if (roundTrip > SLOW) return warning("The database answers slowly.", figures);
  return good("The database answers.", figures);
}
