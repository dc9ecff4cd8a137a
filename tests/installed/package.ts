import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { commandOf } from "./running-app";

export const packageName = "lamplight";
export const applicationFolder = "/opt/Lamplight";
export const program = "/usr/bin/lamplight";

/** What apt-get or dpkg did: all it printed, and whether it went well. */
export interface Ran {
  readonly went: boolean;
  readonly said: string;
}

export function runAsRoot(words: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const [name, ...args] = words as [string, ...string[]];
  const ran = spawnSync(name, args, {
    cwd: "/",
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8", ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { went: ran.status === 0, said: `${ran.stdout}${ran.stderr}${ran.error ? ran.error.message : ""}` };
}

/** The end of what a command printed, for a report. */
export function lastLines(said: string, count = 6): string {
  return said.trim().split("\n").slice(-count).join("\n      ");
}

export function mustGo(ran: Ran): string {
  if (!ran.went) throw new Error(`it failed:\n      ${lastLines(ran.said, 12)}`);
  return ran.said;
}

/** The version that is installed, in dpkg's words; null: none. */
export function installedVersion(): string | null {
  const asked = runAsRoot(["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}", packageName]);
  const [status, version] = asked.said.trim().split(" ");
  return asked.went && status === "installed" && version ? version : null;
}

export function versionOf(deb: string): string {
  return mustGo(runAsRoot(["dpkg-deb", "--field", deb, "Version"])).trim();
}

/** What is still there of an application that was taken away. */
export function leftOvers(): string[] {
  const files = [applicationFolder, program, "/etc/lamplight", "/etc/apparmor.d/lamplight", "/usr/share/doc/lamplight"];
  const running: string[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      const file = readlinkSync(`/proc/${name}/exe`);
      if (file.startsWith(`${applicationFolder}/`))
        running.push(`process ${name}: ${commandOf(Number(name)).slice(0, 80)}`);
    } catch {
      // Gone meanwhile, or one of the kernel's.
    }
  }
  return [...files.filter((file) => existsSync(file)), ...running];
}
