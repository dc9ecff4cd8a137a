import { type EmbeddedServer, ownerConnection, type StartPhase, startEmbeddedServer } from "./embedded-server";
import { migrate } from "./migrate";
import { type ConnectionSettings, connectOwner, type OwnerQuery } from "./pool";
import { WORKSTATION_LOGIN, workstationPassword } from "./workstation-login";

export interface EmbeddedDatabase {
  readonly server: EmbeddedServer;
  readonly workstation: ConnectionSettings;
  /** Runs work as the owner, on a connection of its own that is closed afterwards. */
  asOwner<T>(work: (query: OwnerQuery) => Promise<T>): Promise<T>;
}

export interface EmbeddedDatabaseOptions {
  readonly home: string;
  readonly migrations: string;
  readonly onProgress?: (phase: StartPhase) => void;
}

/** Starts or joins the embedded server of a home folder and brings its schema to this version. */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const server = await startEmbeddedServer({
    home: options.home,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  const owner = ownerConnection(server);
  async function asOwner<T>(work: (query: OwnerQuery) => Promise<T>): Promise<T> {
    const connection = await connectOwner(owner);
    try {
      return await work(connection.query);
    } finally {
      await connection.end();
    }
  }
  try {
    const password = await workstationPassword(options.home);
    await asOwner((query) => migrate(query, { folder: options.migrations, workstationPassword: password }));
    return { server, asOwner, workstation: { ...owner, user: WORKSTATION_LOGIN, password } };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
