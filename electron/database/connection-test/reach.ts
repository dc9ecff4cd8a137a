import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import type { Host } from "../connection-settings";
import { type Finding, failed, named, passed } from "./step";

/** Milliseconds for each: a name, a connection, an answer. */
export const PATIENCE = 5000;

/** The first message of a client that would like TLS; PostgreSQL, and PgBouncer, answer with one letter. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export async function findAddress({ host }: Host): Promise<Finding> {
  if (host.startsWith("/")) return passed(`${host} is a folder of this machine.`);
  if (isIP(host) !== 0) return passed(`${host} is an address already, no name.`);
  try {
    const [first] = await Promise.race([
      lookup(host, { all: true }),
      new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE).unref()),
    ]);
    if (first) return passed(`${host} is ${first.address}.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOTFOUND" && code !== "ENODATA")
      return failed(`No name server says where ${host} is. Check this machine's network and its name server.`);
  }
  return failed(
    `The name ${host} is not known. Check how it is written, and that this machine asks the hospital's name server.`,
  );
}

const unreached: Readonly<Record<string, (server: string) => string>> = {
  ECONNREFUSED: (server) =>
    `${server} refuses the connection: the machine is there, but no database listens, or a firewall turns it away. Check the port and listen_addresses.`,
  ENOENT: (server) => `There is no database behind ${server}. Check the folder and the port.`,
  EACCES: (server) => `This account may not use ${server}.`,
  EHOSTUNREACH: (server) => `There is no way through the network to ${server}.`,
  ENETUNREACH: (server) => `There is no way through the network to ${server}.`,
  ETIMEDOUT: (server) =>
    `${server} does not answer within ${PATIENCE / 1000} seconds. The machine is off, the address is wrong, or a firewall drops the connection.`,
};

export type Answer = "tls" | "no-tls";

/** Connects and asks for TLS. The caller ends the socket. */
export async function reach(server: Host): Promise<{ finding: Finding; socket?: Socket; answer?: Answer }> {
  const socket = connect(
    server.host.startsWith("/")
      ? { path: `${server.host}/.s.PGSQL.${server.port}` }
      : { host: server.host, port: server.port },
  );
  socket.on("error", () => undefined);
  try {
    await settled(socket, "connect");
  } catch (error) {
    socket.destroy();
    // Where a name has several addresses, Node reports all of them in one error.
    const first = (error as AggregateError).errors?.[0] ?? error;
    const code = String((first as NodeJS.ErrnoException).code);
    const said =
      unreached[code] ??
      ((name) => `${name} cannot be reached (${/^[A-Z_]{2,20}$/u.test(code) ? code : "unknown reason"}).`);
    return { finding: failed(said(named(server))) };
  }
  try {
    socket.write(sslRequest);
    const letter = ((await settled(socket, "data")) as Buffer).toString("latin1");
    // More than the letter would be a third party's bytes, put before the encrypted ones.
    if (letter === "S" || letter === "N")
      return {
        finding: passed(`${sentence(named(server))} answers like PostgreSQL.`),
        socket,
        answer: letter === "S" ? "tls" : "no-tls",
      };
  } catch {
    // Said below.
  }
  socket.destroy();
  return {
    finding: failed(
      `${sentence(named(server))} answers, but not like PostgreSQL. Check the port: something else listens there.`,
    ),
  };
}

/** A socket is described, a host has its name as it is. */
const sentence = (text: string): string => text.replace(/^the /u, "The ");

/** The next event of that kind, or an error: the socket's own, its end, or ETIMEDOUT. */
export function settled(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => done(() => reject(Object.assign(new Error("late"), { code: "ETIMEDOUT" }))),
      PATIENCE,
    );
    const onEvent = (value: unknown) => done(() => resolve(value));
    const onError = (error: unknown) => done(() => reject(error as Error));
    const onClose = () => done(() => reject(Object.assign(new Error("closed"), { code: "ECLOSED" })));
    const done = (end: () => void) => {
      clearTimeout(late);
      socket.off(event, onEvent).off("error", onError).off("close", onClose);
      end();
    };
    socket.on(event, onEvent).on("error", onError).on("close", onClose);
  });
}
