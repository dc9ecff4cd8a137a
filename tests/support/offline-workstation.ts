import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../electron/clock";
import { systemClock } from "../../electron/clock";
import { openDatabase } from "../../electron/database/pool";
import { Offline } from "../../electron/offline/offline";
import { Session } from "../../electron/session/session";
import { createAccessTokens } from "../../electron/session/token";
import type { Door } from "../../electron/tools/door";
import { createDoor } from "../../electron/tools/execute-tool";
import { may } from "../../shared/access/role-permissions";
import { Refusal } from "../../shared/failure";
import type { OfflineState } from "../../shared/offline/offline-state";
import { type CuttableLine, openLine } from "./cuttable-line";
import { demoPassword } from "./demo-password";
import type { TestHospital } from "./hospital";

/** A workstation without its windows: the session, the door and the room for work without the network, over a line to cut. */
export interface OfflineWorkstation {
  readonly home: string;
  readonly line: CuttableLine;
  readonly session: Session;
  readonly door: Door;
  readonly offline: Offline;
  readonly locks: string[];
  readonly faults: unknown[];
  state(): OfflineState;
  /** Until the state is as `what` says. */
  until(what: (state: OfflineState) => boolean): Promise<OfflineState>;
  signIn(username: string, password?: string): Promise<void>;
  /** Stops without any tidying, as a kill does. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkstationOptions {
  readonly home?: string;
  readonly name?: string;
  readonly clock?: Clock;
}

const homes: string[] = [];
export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
}

export async function startWorkstation(
  hospital: TestHospital,
  {
    home = mkdtempSync(join(tmpdir(), "lamplight-ward-")),
    name = "ward-5a-1",
    clock = systemClock,
  }: WorkstationOptions = {},
): Promise<OfflineWorkstation> {
  homes.push(home);
  const line = await openLine(hospital.workstation);
  const database = openDatabase({ ...hospital.workstation, host: line.host, port: line.port });
  const locks: string[] = [];
  const faults: unknown[] = [];
  const logUnexpected = (where: string, error: unknown) => {
    faults.push([where, error]);
    return "test";
  };
  const lock = (reason: "expired" | "refused" | "revoked" | "offline-over") => {
    locks.push(reason);
    session.lock(reason);
  };
  const session: Session = new Session({
    database,
    clock,
    tokens: await createAccessTokens(clock),
    workstation: { name, address: "127.0.0.1", appVersion: "0.0.0" },
    onClosed: () => undefined,
    onExpired: lock,
    offline: () => offline.port(),
  });
  const door = createDoor({ session, database, clock, logUnexpected } as never);
  const offline: Offline = await Offline.open({
    home,
    database,
    clock,
    store: undefined,
    log: { info: () => undefined, unexpected: logUnexpected },
    unreachable: () => true,
    readSnapshot: async () => {
      if (session.kind !== "active" || !may(session.person().role, "ward.snapshot")) return undefined;
      const caller = { accessToken: await session.accessToken(), audience: "person", via: "person" } as const;
      const outcome = await door.execute("get_ward_snapshot", {}, caller);
      if (!outcome.ok) throw Refusal.of(outcome.failure);
      return outcome.value;
    },
    lastShift: () => session.lastShift(),
    onChange: () => undefined,
    onBack: async () => {
      if ((await session.renewOffline()) === "refused") lock("refused");
    },
    onOver: () => lock("offline-over"),
  });
  offline.start();
  const drop = async () => {
    offline.stop();
    await line.close();
    await database.close();
  };
  return {
    home,
    line,
    session,
    door,
    offline,
    locks,
    faults,
    state: () => offline.state(),
    async until(what) {
      for (const began = performance.now(); ; await new Promise((resolve) => setTimeout(resolve, 20))) {
        if (what(offline.state())) return offline.state();
        if (performance.now() - began > 40_000) throw new Error(`not so: ${JSON.stringify(offline.state())}`);
      }
    },
    signIn: async (username, password = demoPassword) => {
      const taken = await session.signIn(username, password);
      if (taken.step !== "done") throw new Error(taken.step);
    },
    drop,
    close: async () => {
      await session.signOut().catch(() => undefined);
      await drop();
    },
  };
}
