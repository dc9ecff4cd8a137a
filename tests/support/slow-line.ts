import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** A line to a database on which everything takes its time, both ways, in order. */
export interface SlowLine {
  readonly port: number;
  close(): Promise<void>;
}

/** `delay` answers how long the next piece takes, in milliseconds. */
export async function openSlowLine(
  to: { readonly socketFolder: string; readonly port: number },
  delay: () => number,
): Promise<SlowLine> {
  const ends = new Set<Socket>();
  const slowly = (from: Socket, into: Socket) => {
    let last = Promise.resolve();
    from.on("data", (bytes) => {
      const late = new Promise((resolve) => setTimeout(resolve, delay()));
      last = last.then(async () => {
        await late;
        if (!into.destroyed) into.write(bytes);
      });
    });
    from.on("close", () => void last.then(() => into.destroy()));
  };
  const server = createServer((near) => {
    const far = createConnection({ path: join(to.socketFolder, `.s.PGSQL.${to.port}`) });
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => ends.delete(end));
    }
    slowly(near, far);
    slowly(far, near);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const end of ends) end.destroy();
      await closed;
    },
  };
}
