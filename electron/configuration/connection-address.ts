import { createHash } from "node:crypto";
import { type CentralDatabase, parseDatabaseUrl, staysOnThisMachine } from "../config";
import { BadConfiguration } from "./bad-configuration";

/** Reads an address that a person or the managed file gives: as the environment's, without a password in it. */
export function connectionFrom(named: string, text: string): CentralDatabase {
  // It would be read without a look at who can write it.
  if (/[?&]sslrootcert=/iu.test(text))
    throw new BadConfiguration(`${named} must not name sslrootcert: the authority is given beside it.`);
  const central = parseDatabaseUrl(named, text);
  if (central.password !== "") throw new BadConfiguration(`${named} must not hold the password.`);
  if (central.user === "")
    throw new BadConfiguration(
      `${named} must name the workstation's login, as in postgresql://lamplight_app@host/database.`,
    );
  return central;
}

/** With the hospital's own authority, where the server has to prove itself at all. */
export function trusting(central: CentralDatabase, authority: string | undefined): CentralDatabase {
  if (authority === undefined || central.ssl === undefined) return central;
  return { ...central, ssl: { ...central.ssl, ca: authority } };
}

/** The address without its password, the same for every way to write it. */
export function addressOf(central: CentralDatabase): string {
  const hosts = [{ host: central.host, port: central.port }, ...(central.alternatives ?? [])];
  const user = encodeURIComponent(central.user);
  const database = encodeURIComponent(central.database);
  if (central.host.startsWith("/"))
    return `postgresql://${user}@/${database}?host=${encodeURIComponent(central.host)}&port=${central.port}`;
  const written = hosts.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host.toLowerCase()}:${port}`);
  // On another machine the certificate is always asked for, so it is not said.
  const local = hosts.every(({ host }) => staysOnThisMachine(host));
  return `postgresql://${user}@${written.join(",")}/${database}${local && central.ssl ? "?sslmode=verify-full" : ""}`;
}

/**
 * What a password belongs to: the address and whom we believe to be there. Another authority would let another server
 * stand at the same address and be told the password.
 */
export function destinationOf(central: CentralDatabase): string {
  const authority = central.ssl?.ca ?? "";
  return createHash("sha256")
    .update(JSON.stringify([addressOf(central), authority.trim()]))
    .digest("hex");
}
