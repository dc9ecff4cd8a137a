import { may } from "../../shared/access/role-permissions";
import { Refusal } from "../../shared/failure";
import type { offlineCommands } from "../../shared/ipc/offline-commands";
import type { SetToRecord } from "../../shared/ipc/vital-signs-commands";
import type { Offline } from "../offline/offline";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

/** The commands of work without the network. */
export function createOfflineHandlers(
  offline: Offline,
  session: Pick<Session, "person">,
): Pick<Handlers, keyof typeof offlineCommands> {
  return {
    "offline.state": async () => offline.state(),
    "offline.ward": () => offline.ward(),
    "offline.chart": ({ patient_id }) => offline.chart(patient_id),
    "offline.waiting": async ({ patient_id }) => ({ sets: await offline.ownWaiting(patient_id) }),
    "attention.local": async () => ({ entries: await offline.attention() }),
    "attention.settleLocal": async ({ id }) => {
      if (!may(session.person().role, "vital-signs.record"))
        throw new Refusal("RBAC_DENIED", "Only who records vital signs can take an entry off this list.");
      await offline.settle(id);
      return {};
    },
  };
}

/** What the vitals form does with a set while the database is away. */
export function keepInOutbox(offline: Offline): (given: SetToRecord) => Promise<void> {
  return async ({ submission, patient_id, recorded_at, set }) => {
    await offline.save({ id: submission, patient: patient_id, recordedAt: recorded_at, set });
  };
}
