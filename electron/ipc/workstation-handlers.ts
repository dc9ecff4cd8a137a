import { dialog } from "electron";
import { may } from "../../shared/access/role-permissions";
import { Refusal } from "../../shared/failure";
import type { workstationCommands } from "../../shared/ipc/workstation-commands";
import type { ConnectionChoice, ConnectionTest } from "../../shared/workstation/connection";
import type { CentralDatabase } from "../config";
import type { Configuration } from "../configuration/configuration";
import type { ExpectedSchema } from "../database/connection-test";
import type { Health } from "../health/health";
import type { Hospital } from "../hospital/hospital";
import type { Session } from "../session/session";
import type { Updates } from "../updates/updates";
import type { Handlers } from "./router";

export interface WorkstationRooms {
  readonly session: Session;
  readonly configuration: Configuration;
  readonly hospital: Pick<Hospital, "status" | "isChanging"> & {
    changeConnection(central: CentralDatabase | undefined): Promise<void>;
  };
  readonly expectedSchema: () => Promise<ExpectedSchema>;
  readonly health: Health;
  /** Writes the bundle beside its name and moves it into place; answers the file. */
  readonly writeBundle: (file: string) => Promise<void>;
  readonly updates: Updates;
  readonly restart: () => void;
}

const nothing = {};

/** The commands of the workstation itself. */
export function createWorkstationHandlers(rooms: WorkstationRooms): Pick<Handlers, keyof typeof workstationCommands> {
  const { session, configuration, hospital, updates } = rooms;

  function mayAdminister(): void {
    if (!may(session.person().role, "health.read")) throw new Refusal("RBAC_DENIED");
  }

  /**
   * Another database only while nobody works here or is signing in, and never from under a real hospital. Asked before
   * anything is kept: a choice that is refused must not be the one that the next start takes.
   */
  function mayChangeConnection(): void {
    if (!session.isFree)
      throw new Refusal("CONNECTION_REFUSED", "Somebody is signed in. Sign out first, then change the connection.");
    if (hospital.isChanging) throw new Refusal("TOO_MANY_REQUESTS");
    const { phase, demo } = hospital.status;
    if (phase === "loading-demo" || (phase === "ready" && !demo))
      throw new Refusal(
        "CONNECTION_REFUSED",
        "A hospital is open here. IT changes its connection by the configuration.",
      );
  }

  let testing = false;
  /**
   * Only where the choice could be made as well: it is the one command with which a page names a host, and a page that
   * shows a chart must have no way to tell anything to another machine. One at a time, so that no network is combed.
   */
  async function test(choice: ConnectionChoice): Promise<ConnectionTest> {
    mayChangeConnection();
    if (testing) throw new Refusal("TOO_MANY_REQUESTS");
    testing = true;
    try {
      return await configuration.test(choice, await rooms.expectedSchema());
    } finally {
      testing = false;
    }
  }

  return {
    "connection.view": async () => configuration.connectionView(),
    "connection.test": test,
    "connection.choose": async (choice) => {
      mayChangeConnection();
      configuration.choose(choice);
      await hospital.changeConnection(configuration.central());
      return nothing;
    },
    "connection.forget": async () => {
      mayChangeConnection();
      configuration.forget();
      await hospital.changeConnection(configuration.central());
      return nothing;
    },
    "configuration.view": async () => ({ items: configuration.items() }),
    "health.read": async () => {
      mayAdminister();
      return rooms.health.read();
    },
    "health.saveBundle": async () => {
      mayAdminister();
      const { staffId } = session.person();
      const chosen = await dialog.showSaveDialog({
        title: "Save the diagnostic bundle",
        defaultPath: "lamplight-diagnostics.zip",
        filters: [{ name: "Zip archive", extensions: ["zip"] }],
      });
      // The dialog outlives a lock: what one person chose is not written as another.
      if (session.person().staffId !== staffId) throw new Refusal("NOT_SIGNED_IN");
      if (chosen.canceled || !chosen.filePath) return { saved: false, file: null };
      await rooms.writeBundle(chosen.filePath);
      return { saved: true, file: chosen.filePath };
    },
    "updates.view": async () => updates.view(),
    "updates.check": async () => {
      mayAdminister();
      return updates.check();
    },
    "updates.restart": async () => {
      if (session.isFree && updates.view().state === "installed") rooms.restart();
      return nothing;
    },
  };
}
