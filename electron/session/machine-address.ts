import { networkInterfaces } from "node:os";

/** Where this machine is on the network, for the audit: its first outward IPv4 address. */
export function addressOfThisMachine(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find((address) => !address.internal && address.family === "IPv4")?.address ?? "local";
}
