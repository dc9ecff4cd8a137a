import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One use of an internet address by a process, as the kernel was asked for it. */
export interface NetworkAct {
  readonly pid: number;
  /** The program's name, as the kernel keeps it (at most 15 letters). */
  readonly program: string;
  readonly call: string;
  readonly address: string;
  readonly port: number;
}

/** Every system call that names an address. What is sent over a connection was named when it was opened. */
const calls = ["connect", "sendto", "sendmsg", "sendmmsg", "bind"] as const;

/** Why a program's use of the network cannot be watched here; null: it can. */
export function unwatchable(): string | null {
  if (process.platform !== "linux") return "system calls are watched with strace, on Linux only";
  const tried = spawnSync("strace", ["-f", "-Y", "-o", "/dev/null", "-e", "trace=connect", "true"], { cwd: "/" });
  if (tried.error) return "strace is not installed";
  return tried.status === 0 ? null : "strace may not watch a program here";
}

/** The words that start a program watched: itself and everything that it starts, written to a file. */
export function watched(file: string): string[] {
  // The filter in the kernel stops a process at these calls alone; without it the app would crawl.
  return ["strace", "-f", "--seccomp-bpf", "-Y", "-qq", "-o", file, "-e", `trace=${calls.join(",")}`, "--"];
}

/** A program file that starts another with words before it, for a driver that can only name a program. */
export function wrapper(folder: string, words: readonly string[], program: string): string {
  const file = join(folder, "start.sh");
  const quoted = [...words, program].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Everything in strace's record that names an address of IPv4 or IPv6. */
export function networkActs(record: string): NetworkAct[] {
  const acts: NetworkAct[] = [];
  for (const line of record.split("\n")) {
    const begun = /^(\d+)(?:<([^>]*)>)?\s+(\w+)\(/u.exec(line);
    if (!begun || !/AF_INET6?\b/u.test(line)) continue;
    const found = [
      ...line.matchAll(/sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)/gu),
      ...line.matchAll(/sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"/gu),
    ];
    // An address that cannot be read is no address that may be overlooked.
    const named =
      found.length > 0 ? found.map(([, port, address]) => ({ address, port })) : [{ address: "?", port: "0" }];
    for (const { address, port } of named)
      acts.push({
        pid: Number(begun[1]),
        program: begun[2] ?? "?",
        call: begun[3] as string,
        address: address as string,
        port: Number(port),
      });
  }
  return acts;
}

export function readActs(file: string): NetworkAct[] {
  return networkActs(readFileSync(file, "utf8"));
}

/** How many processes a record tells of; a record of none has watched nothing. */
export function processesWatched(file: string): number {
  return new Set(readFileSync(file, "utf8").match(/^\d+/gmu)).size;
}

export const inWords = ({ program, pid, call, address, port }: NetworkAct) =>
  `${program} (${pid}) ${call} ${address.includes(":") ? `[${address}]` : address}:${port}`;
