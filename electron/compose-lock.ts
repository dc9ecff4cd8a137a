import { BadgeDesk } from "./badge/badge-desk";
import { readOwnRule } from "./badge/badge-records";
import { createKeyboardReader } from "./badge/keyboard-reader";
import type { Clock } from "./clock";
import type { Database } from "./database/pool";
import type { createEventChannel } from "./ipc/event-channel";
import type { Log } from "./logging/log";
import type { createActivity } from "./session/activity";
import { createLock } from "./session/lock-order";
import type { Session } from "./session/session";
import type { Windows } from "./window/windows";

export interface LockComposition {
  readonly session: Session;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly workstation: string;
  readonly badgePrefix: string | undefined;
  /** Seconds without input until the lock. */
  readonly idleSeconds: number;
  readonly activity: ReturnType<typeof createActivity>;
  readonly channel: Pick<ReturnType<typeof createEventChannel>, "announce">;
  /** Built after this. */
  readonly windows: () => Windows;
  readonly giveUp: () => void;
}

/** Seconds that the database waits longer than a workstation with a short limit: its heartbeats need their way. */
const SERVER_PATIENCE = 5;
const SERVER_MOST = 900;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Builds the lock and the badges, and ties them to who is signed in. */
export function composeLock(options: LockComposition) {
  const { session, database, clock, log, activity } = options;
  const showPage = () => options.windows().show(session.kind === "locked" ? "lock.html" : "index.html");
  const lock = createLock({
    isOpen: () => session.kind === "active",
    cover: () => options.windows().cover(),
    close: (reason) => void session.lock(reason),
    stopWatching: () => activity.stop(),
    replaceWindow: showPage,
    giveUp: options.giveUp,
    logUnexpected: log.unexpected,
    pause,
  });

  const { badgePrefix } = options;
  const reader =
    badgePrefix === undefined
      ? undefined
      : createKeyboardReader({
          prefix: badgePrefix,
          monotonic: () => clock.monotonic(),
          type: (stroke) => options.windows().type(stroke),
        });
  const badges = new BadgeDesk({
    reader,
    query: database.statement,
    workstation: options.workstation,
    session,
    monotonic: () => clock.monotonic(),
    onRead: (read) => options.channel.announce("badge.read", read),
  });

  /** What the server should know and what it says, of a session that has just opened. Neither holds anybody up. */
  async function meetSession(): Promise<void> {
    const { staffId } = session.person();
    const token = session.databaseToken();
    const seconds = Math.min(SERVER_MOST, options.idleSeconds + SERVER_PATIENCE);
    if (seconds < SERVER_MOST) await database.statement("SELECT api.shorten_idle($1, $2)", [token, seconds]);
    badges.learnRule(staffId, await readOwnRule(database.statement, token));
  }

  return {
    lock,
    badges,
    takeKey: (input: Parameters<NonNullable<typeof reader>["take"]>[0]) =>
      reader !== undefined && badges.isListening && reader.take(input),
    /** Ctrl+Shift+L: locks where somebody is signed in, and goes straight to the sign-in of somebody else. */
    async switchUser(): Promise<void> {
      if (session.kind === "locked") {
        session.switchUser();
        badges.clear();
        return showPage();
      }
      return lock("person", () => session.switchUser());
    },
    opened(): void {
      reader?.reset();
      badges.clear();
      activity.start();
      void meetSession().catch(() => undefined);
    },
    closed(): void {
      reader?.reset();
      badges.clear();
    },
  };
}
