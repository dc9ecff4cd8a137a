import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./central/free-port";

/** A network between a workstation and its database that a test takes away and gives back. */
export interface CuttableLine {
  /** Folder of a socket, or loopback: put in the place of the server's own. */
  readonly host: string;
  readonly port: number;
  /** Connections break and new ones are refused, as when a switch dies. */
  cut(): Promise<void>;
  /** Connections stay and nothing passes any more, as behind a firewall that swallows. */
  swallow(): void;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openLine(
  to: { readonly host: string; readonly port: number },
  options: { readonly tcp?: boolean } = {},
): Promise<CuttableLine> {
  const folder = mkdtempSync(join(tmpdir(), "line-"));
  const target = to.host.startsWith("/")
    ? { path: join(to.host, `.s.PGSQL.${to.port}`) }
    : { host: to.host, port: to.port };
  const ends = new Set<Socket>();
  let swallowing = false;
  let server = createServer();
  // One that the system gives to nobody while the line is cut: it is listened on again.
  const port = options.tcp ? await freePort() : to.port;

  const keep = (socket: Socket) => {
    ends.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => ends.delete(socket));
  };
  function listen(): Promise<void> {
    server = createServer((near) => {
      const far = createConnection(target);
      keep(near);
      keep(far);
      near.on("data", (bytes) => swallowing || far.write(bytes));
      far.on("data", (bytes) => swallowing || near.write(bytes));
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      if (options.tcp) server.listen(port, "127.0.0.1", resolve);
      else server.listen(join(folder, `.s.PGSQL.${to.port}`), resolve);
    });
  }
  const cut = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const end of ends) end.destroy();
    await closed;
  };

  await listen();
  return {
    host: options.tcp ? "127.0.0.1" : folder,
    port,
    cut,
    swallow: () => {
      swallowing = true;
    },
    mend: async () => {
      swallowing = false;
      for (const end of ends) end.destroy();
      if (!server.listening) await listen();
    },
    close: async () => {
      if (server.listening) await cut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
