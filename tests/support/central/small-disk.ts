import { execFileSync, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accountOfServers, serverFolder } from "./account";

export interface SmallDisk {
  readonly folder: string;
  /** Takes all that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  remove(): void;
}

/** A disk in memory that holds so many MiB; mounting needs root. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = serverFolder("disk");
  const account = accountOfServers();
  const owner = account ? `,uid=${account.uid},gid=${account.gid}` : "";
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700${owner}`, "tmpfs", folder]);
  const filler = join(folder, "filler");
  return {
    folder,
    fill: () => {
      writeFileSync(filler, "");
      // Ends with an error, at the last byte.
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4096"]);
    },
    free: () => rmSync(filler, { force: true }),
    remove: () => {
      execFileSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let answer: string | null | undefined;
/** Why no disk can be mounted here; null where one can. */
export function whyNoSmallDisk(): string | null {
  if (answer !== undefined) return answer;
  if (process.platform !== "linux" || process.getuid?.() !== 0) answer = "mounting a small disk needs root";
  else {
    try {
      mountSmallDisk(1).remove();
      answer = null;
    } catch {
      answer = "this machine lets nobody mount a small disk";
    }
  }
  return answer;
}
