import { Refusal } from "../../shared/failure";
import type { lockCommands } from "../../shared/ipc/lock-commands";
import type { SessionView } from "../../shared/session/session-state";
import type { BadgeDesk } from "../badge/badge-desk";
import { removeBadge, setBadge } from "../badge/badge-records";
import type { Database } from "../database/pool";
import { beginAttempt, deriveKeysOf, type Workstation } from "../session/attempt";
import { forgetKeys } from "../session/password-keys";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

export interface LockRooms {
  readonly session: Session;
  readonly database: Database;
  readonly workstation: Workstation;
  readonly badges: BadgeDesk;
  readonly isConnected: () => boolean;
  /** Whether this person could unlock here without the database. */
  readonly unlocksOffline: (username: string) => Promise<boolean>;
  readonly view: () => Promise<SessionView>;
  readonly onSignedIn: () => void;
  readonly onUnlocked: () => void;
  readonly onUnsealed: () => void;
  readonly onSwitchUser: () => void;
  readonly lockAndSwitch: () => void;
}

const nothing = {};
const refusals = {
  failed: () => new Refusal("SIGN_IN_FAILED", "The password is wrong."),
  locked: () => new Refusal("ACCOUNT_LOCKED"),
  off: () => new Refusal("RBAC_DENIED", "Your role's sign-in rule wants no badges."),
  taken: () => new Refusal("INVALID_INPUT", "Somebody else uses this badge. Ask an administrator."),
} as const;

/** The lock page, coming back to it, and badges. */
export function createLockHandlers(
  rooms: LockRooms,
): Pick<
  Handlers,
  keyof typeof lockCommands | "session.lockView" | "session.switchUser" | "account.addBadge" | "account.removeBadge"
> {
  const { session, database, badges } = rooms;

  return {
    "session.lockView": async () => {
      const locked = session.lockView();
      return {
        ...locked,
        waiting: session.waiting(),
        badge: { present: badges.isPresent, rule: badges.ruleOf(locked.person.staffId) },
        connected: rooms.isConnected(),
        unlocksOffline: await rooms.unlocksOffline(locked.person.username),
      };
    },
    "session.switchUser": async ({ staffId }) => {
      // A badge that is not that of whoever locked is the newcomer's: the sign-in page goes on with it.
      const keeps = staffId === undefined && badges.holdsOtherThan(session.lockView().person.username);
      session.switchUser();
      if (!keeps) badges.clear();
      badges.choose(staffId === undefined ? undefined : session.usernameOfWaiting(staffId));
      rooms.onSwitchUser();
      return nothing;
    },
    "session.lockAndSwitch": async () => {
      rooms.lockAndSwitch();
      return nothing;
    },
    "session.arrival": async () => ({
      waiting: session.waiting(),
      badge: { present: badges.isPresent },
      ...badges.arrival(),
    }),
    "session.unlockByBadge": async ({ code }) => {
      const { badge } = badges.badgeOf(session.lockView().person.username);
      await session.unlockByBadge(badge, code).finally(() => badge.fill(0));
      rooms.onUnlocked();
      return nothing;
    },
    "session.signInByBadge": async ({ code }) => {
      const { badge, username } = badges.badgeOf();
      await session.signInByBadge(username, badge, code).finally(() => badge.fill(0));
      rooms.onSignedIn();
      return { step: "done", session: await rooms.view() };
    },
    "session.unseal": async ({ password }) => {
      await session.unseal(password);
      rooms.onUnsealed();
      return nothing;
    },

    "account.addBadge": async ({ password }) => {
      const { username, staffId } = session.person();
      if (!badges.isPresent) throw new Refusal("INVALID_INPUT", "This workstation has no badge reader.");
      const keys = await deriveKeysOf(database.statement, username, password);
      try {
        const attempt = await beginAttempt(database, rooms.workstation, username, keys.auth);
        const badge = await badges.nextBadge();
        try {
          if (session.person().staffId !== staffId) throw new Refusal("NOT_SIGNED_IN");
          const verdict = await session.guarded(() =>
            setBadge(database.statement, session.databaseToken(), attempt, badge),
          );
          if (verdict !== "granted") throw refusals[verdict]();
        } finally {
          badge.fill(0);
        }
      } finally {
        forgetKeys(keys);
      }
      return nothing;
    },
    "account.removeBadge": async () => {
      await session.guarded(() => removeBadge(database.statement, session.databaseToken()));
      return nothing;
    },
  };
}
