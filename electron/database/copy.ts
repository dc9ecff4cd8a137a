import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import pg from "pg";
import { from, to } from "pg-copy-streams";
import { type ConnectionSettings, clientConfig } from "./connection-settings";
import type { OwnerQuery } from "./pool";

/** One connection of the owner that also streams COPY. */
export interface CopyConnection {
  readonly query: OwnerQuery;
  /** `COPY … TO STDOUT`: bytes in PostgreSQL's text format, broken anywhere. Left before its end it ends the connection. */
  copyOut(statement: string): Readable;
  /** `COPY … FROM STDIN`: finished when PostgreSQL has taken every row; destroying it undoes the statement. */
  copyIn(statement: string): Writable;
  end(): Promise<void>;
}

export async function connectForCopy(settings: ConnectionSettings): Promise<CopyConnection> {
  const client = new pg.Client({
    ...clientConfig(settings, settings),
    application_name: "lamplight-backup",
  }) as pg.Client & { readonly connection: { readonly stream: Socket } };
  client.on("error", () => undefined);
  await client.connect();
  return {
    query: async (text, values) => (values === undefined ? client.query(text) : client.query(text, [...values])),
    copyOut: (statement) => {
      const rows = client.query(to(statement));
      // PostgreSQL would go on sending what nobody reads, and every later statement would wait behind it.
      rows.once("close", () => {
        if (!rows.readableEnded) client.connection.stream.destroy();
      });
      return rows;
    },
    copyIn: (statement) => client.query(from(statement)),
    end: () => client.end(),
  };
}
