import { createServer } from "node:net";

/** Below the ports that Linux gives to connections, which would take one between our look and the server's start. */
const FIRST = 16_000;
const LAST = 31_999;
const HALF = (LAST - FIRST + 1) / 2;

/** Two test files run at a time, each in a half of its own, so that neither is given what the other was told. */
const half = Number(process.env["VITEST_POOL_ID"] ?? 0) % 2;
let next = Math.floor(Math.random() * HALF);

/** A loopback port that nobody listens on at the moment, and that this process was not told before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < HALF; tries += 1) {
    next = (next + 1) % HALF;
    const port = FIRST + half * HALF + next;
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (listens) await new Promise((resolve) => server.close(resolve));
  return listens;
}
