import { may } from "../shared/access/role-permissions";
import { Refusal } from "../shared/failure";
import type { OfflineState } from "../shared/offline/offline-state";
import type { Clock } from "./clock";
import type { Hospital } from "./hospital/hospital";
import type { Log } from "./logging/log";
import { Offline } from "./offline/offline";
import type { Session } from "./session/session";
import type { Door } from "./tools/door";
import { openKeyStore } from "./window/secret-store";

export interface OfflineComposition {
  readonly home: string;
  readonly hospital: Hospital;
  readonly clock: Clock;
  readonly log: Log;
  /** Built after this room, which they ask. */
  readonly session: () => Session;
  readonly door: () => Door;
  readonly announce: (state: OfflineState) => void;
  /** The session goes on as one of the database's. */
  readonly onRenewed: () => void;
  readonly lock: (reason: "offline-over" | "refused") => void;
}

/** Builds the room for work without the database, and ties it to who is signed in. */
export async function composeOffline(options: OfflineComposition): Promise<Offline> {
  const { hospital, log } = options;

  async function readSnapshot() {
    const session = options.session();
    if (session.kind !== "active") return undefined;
    const caller = { accessToken: await session.accessToken(), audience: "person", via: "person" } as const;
    if (!may(session.person().role, "ward.snapshot")) return undefined;
    const outcome = await options.door().execute("get_ward_snapshot", {}, caller);
    if (!outcome.ok) throw Refusal.of(outcome.failure);
    return outcome.value;
  }

  return Offline.open({
    home: options.home,
    database: hospital.database,
    clock: options.clock,
    store: openKeyStore(),
    log,
    unreachable: () => hospital.status.phase === "unavailable" && hospital.status.reason !== "SCHEMA_MISMATCH",
    readSnapshot,
    lastShift: () => options.session().lastShift(),
    onChange: options.announce,
    onBack: async () => {
      const outcome = await options.session().renewOffline();
      if (outcome === "refused") options.lock("refused");
      if (outcome === "renewed") options.onRenewed();
    },
    onOver: () => options.lock("offline-over"),
  });
}
