import { spawnSync } from "node:child_process";

/**
 * The words that start a program where there is no network: a namespace of its own without any interface that is up,
 * not even the machine's own. Null where the system gives none. A screen is still reached, by its file.
 */
export function withoutNetwork(): string[] | null {
  const asRoot = process.getuid?.() === 0;
  const words = ["unshare", "--net", ...(asRoot ? [] : ["--user", "--map-current-user"]), "--"];
  const [program, ...args] = words as [string, ...string[]];
  const interfaces = spawnSync(program, [...args, "cat", "/proc/net/route", "/proc/net/if_inet6"], {
    encoding: "utf8",
  });
  // A heading and no route: nothing can be sent from in there.
  return interfaces.status === 0 && interfaces.stdout.trim().split("\n").length === 1 ? words : null;
}
