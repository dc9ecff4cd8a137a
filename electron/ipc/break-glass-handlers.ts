import { hostname } from "node:os";
import { app } from "electron";
import type { breakGlassCommands } from "../../shared/ipc/break-glass-commands";
import type { Database } from "../database/pool";
import { beginProof } from "../emergency/begin-proof";
import { createBreakGlass } from "../emergency/break-glass";
import { reviewEmergency } from "../records/emergency-reviews";
import { addressOfThisMachine } from "../session/machine-address";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

export interface BreakGlassRooms {
  readonly session: Session;
  readonly database: Database;
  readonly monotonic: () => number;
  readonly pulse: { endRead(): void };
}

/** Emergency access as its person asks for it, and the verdicts of who watches over it. */
export function createBreakGlassHandlers(rooms: BreakGlassRooms): Pick<Handlers, keyof typeof breakGlassCommands> {
  const { session, database, monotonic, pulse } = rooms;
  const here = { name: hostname(), address: addressOfThisMachine(), appVersion: app.getVersion() };
  const breakGlass = createBreakGlass({
    database,
    token: () => session.databaseToken(),
    beginProof: (password) => beginProof(database, here, session.person().username, password),
    monotonic,
  });
  return {
    "emergency.state": () => session.guarded(() => breakGlass.state()),
    "emergency.open": ({ patient_id, reason, words, password, code }) =>
      session.guarded(() => breakGlass.open({ patientId: patient_id, reason, words }, password, code)),
    "emergency.end": async () => {
      await session.guarded(() => breakGlass.end());
      return {};
    },
    "emergency.endRead": async () => {
      pulse.endRead();
      return {};
    },
    "emergency.review": async (given) => {
      await session.guarded(() => reviewEmergency(database, session.databaseToken(), given));
      return {};
    },
  };
}
