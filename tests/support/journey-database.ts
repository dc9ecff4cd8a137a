import pg from "pg";
import { ownerConnection, startEmbeddedServer } from "../../electron/database/embedded-server";
import { connectOwner, type OwnerQuery } from "../../electron/database/pool";
import { WORKSTATION_LOGIN, workstationPassword } from "../../electron/database/workstation-login";

/** The embedded database of a running journey: its owner, and the login that the app itself uses. */
export interface JourneyDatabase {
  readonly owner: OwnerQuery;
  /** SQLSTATE of the refusal, or `none`. */
  refusal(text: string, values?: readonly unknown[]): Promise<string>;
  close(): Promise<void>;
}

export async function databaseOf(home: string): Promise<JourneyDatabase> {
  const connection = ownerConnection(await startEmbeddedServer({ home }));
  const owner = await connectOwner(connection);
  const login = new pg.Client({
    ...connection,
    user: WORKSTATION_LOGIN,
    password: await workstationPassword(home),
  } as pg.ClientConfig);
  login.on("error", () => undefined);
  await login.connect();
  return {
    owner: owner.query,
    refusal: async (text, values = []) => {
      try {
        await login.query(text, [...values]);
        return "none";
      } catch (error) {
        return error instanceof pg.DatabaseError ? (error.code ?? "?") : String(error);
      }
    },
    close: async () => {
      await login.end();
      await owner.end();
    },
  };
}
