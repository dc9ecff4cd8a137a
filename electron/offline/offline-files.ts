import { join } from "node:path";
import type { Clock } from "../clock";
import { OfflineAccess } from "./offline-access";
import { Outbox } from "./outbox";
import { openSteadyClock, type SteadyClock } from "./steady-clock";
import { UsageLog } from "./usage-log";
import { type KeyStore, openWorkstationKey, type WorkstationKey } from "./workstation-key";

/** What lies on this workstation for working without the network. */
export interface OfflineFiles {
  readonly workstation: WorkstationKey;
  readonly clock: SteadyClock;
  readonly access: OfflineAccess;
  readonly outbox: Outbox;
  readonly usage: UsageLog;
}

export interface OfflineFilesOptions {
  /** Folder of all local state. */
  readonly home: string;
  readonly clock: Clock;
  readonly store: KeyStore | undefined;
}

/** Opens it, and sweeps what ran out. Rejects where the workstation's key cannot be opened: nothing is overwritten then. */
export async function openOfflineFiles({ home, clock: wall, store }: OfflineFilesOptions): Promise<OfflineFiles> {
  const folder = join(home, "offline");
  const workstation = await openWorkstationKey(folder, store);
  const clock = await openSteadyClock(folder, wall);
  const outbox = new Outbox(join(home, "outbox"), workstation.key);
  const usage = new UsageLog(join(folder, "used"), workstation.key, clock.now);
  await Promise.all([outbox.prepare(), usage.prepare()]);
  const access: OfflineAccess = new OfflineAccess({
    folder: join(folder, "people"),
    workstation: workstation.id,
    clock,
    store,
    onDeleted: async (username, why) => {
      if (why === "wrong-passwords") await usage.noteLockedOut(access.folderOf(username));
    },
  });
  await access.sweep();
  return { workstation, clock, access, outbox, usage };
}
