import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../electron/database/pool";
import { startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());

/** Stands between; once it has begun nothing comes through, and nothing is closed that would tell. */
async function fallingSilent() {
  const { host, port } = hospital.workstation;
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from.on("error", () => undefined));
      from.on("data", (bytes) => void (silent || to.write(bytes)));
      from.on("close", () => silent || to.destroy());
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    settings: { ...hospital.workstation, host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    begin: () => {
      silent = true;
    },
    end: () => {
      silent = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test("a database that falls silent is told after 15 seconds at most, to everybody, and nobody keeps what it held", async () => {
  const silence = await fallingSilent();
  const database = openDatabase(silence.settings);
  const ask = () => database.statement("SELECT 1 AS one");
  try {
    expect(await ask()).toEqual([{ one: 1 }]);
    silence.begin();
    const began = performance.now();
    // More than there are connections: some wait for one of them.
    const asked = await Promise.allSettled(Array.from({ length: 9 }, ask));
    // Who waited for a connection and then for its answer as well would be told after 30 seconds.
    expect(performance.now() - began).toBeLessThan(28_000);
    for (const one of asked)
      expect(one).toMatchObject({ status: "rejected", reason: { failure: { code: "DATABASE_UNAVAILABLE" } } });
    silence.end();
    expect(await Promise.all(Array.from({ length: 9 }, ask))).toEqual(Array(9).fill([{ one: 1 }]));
  } finally {
    await database.close();
    silence.close();
  }
});
