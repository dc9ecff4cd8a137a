import type { alertCommands } from "../../shared/ipc/alert-commands";
import type { Database } from "../database/pool";
import { handleAlert } from "../records/alerts";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

/** The commands of the alerts' work list. */
export function createAlertHandlers(session: Session, database: Database): Pick<Handlers, keyof typeof alertCommands> {
  return {
    "alerts.handle": async (judged) => {
      await session.guarded(() => handleAlert(database, session.databaseToken(), judged));
      return {};
    },
  };
}
