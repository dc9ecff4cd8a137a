import type { StaffAccount } from "../../shared/account/account";
import { Refusal } from "../../shared/failure";
import type { accountCommands } from "../../shared/ipc/account-commands";
import type { Database } from "../database/pool";
import { createPeople, type StoredAccount } from "../records/people";
import { giveAccount } from "../session/given-account";
import type { OwnAccount } from "../session/own-account";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

export interface AccountRooms {
  readonly session: Session;
  readonly database: Database;
  readonly account: OwnAccount;
  /** The person's sessions are over by their own wish: the next page is the sign-in. */
  readonly onSignedOut: () => void;
}

/** The badge's two are the lock's handlers. */
type AccountHandlers = Omit<Pick<Handlers, keyof typeof accountCommands>, "account.addBadge" | "account.removeBadge">;

const nothing = {};
/** Milliseconds that a sign-out waits for the database: a chart must not stay on the screen of nobody. */
export const PATIENCE_WITH_LEAVING = 500;

/** Resolves with the work or, where that takes longer, without it; it goes on. */
export function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  return Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, milliseconds))]);
}

/** The own account, and everybody's for who manages them. */
export function createAccountHandlers({ session, database, account, onSignedOut }: AccountRooms): AccountHandlers {
  const people = createPeople(database);
  const asPerson = <T>(work: (token: string) => Promise<T>) => session.guarded(() => work(session.databaseToken()));
  const holder = () =>
    session.kind === "signed-out"
      ? undefined
      : session.kind === "locked"
        ? session.lockView().person
        : session.person();
  /** For what takes several steps: who began it is still the one who is here, or it goes no further. */
  function stays(): () => void {
    const { staffId } = session.person();
    return () => {
      if (session.person().staffId !== staffId) throw new Refusal("LOCKED");
    };
  }

  async function given(
    person: Pick<StaffAccount, "staffId" | "role">,
  ): Promise<StoredAccount & { temporaryPassword: string }> {
    return asPerson((token) => giveAccount(database.statement, { token, fieldKeys: session.heldFieldKeys() }, person));
  }

  return {
    "account.view": () => account.view(),
    "account.checkPassword": async ({ password }) => {
      const reason = await account.faultOf(password);
      return { acceptable: reason === null, reason };
    },
    "account.changePassword": async ({ current, next }) => {
      const { staffId } = session.person();
      await account.changePassword(current, next);
      // The screen may have locked meanwhile, and somebody else may be here by now: they are not meant.
      if (holder()?.staffId !== staffId) throw new Refusal("LOCKED");
      await atMost(PATIENCE_WITH_LEAVING, session.signOut());
      onSignedOut();
      return nothing;
    },
    "account.startSecondFactor": ({ password, code }) => account.startSecondFactor(password, code),
    "account.confirmSecondFactor": async ({ code }) => ({ recoveryCodes: await account.confirmSecondFactor(code) }),
    "account.removeSecondFactor": async ({ password, code }) => {
      await account.removeSecondFactor(password, code);
      return nothing;
    },
    "account.renewRecoveryCodes": async ({ password, code }) => ({
      recoveryCodes: await account.renewRecoveryCodes(password, code),
    }),
    "account.endSession": async ({ sessionId }) => {
      await account.endSession(sessionId);
      return nothing;
    },

    "people.list": async () => ({ people: await asPerson((token) => people.list(token)) }),
    "people.sessions": async ({ staffId }) => ({
      sessions: await asPerson((token) => people.sessions(token, staffId)),
    }),
    "people.endSessions": async ({ staffId, sessionId, reason }) => ({
      ended: await asPerson((token) => people.endSessions(token, staffId, sessionId, reason)),
    }),
    "people.disable": async ({ staffId, reason }) => {
      await asPerson((token) => people.disable(token, staffId, reason));
      return nothing;
    },
    "people.enable": async ({ staffId }) => {
      await asPerson((token) => people.enable(token, staffId));
      return nothing;
    },
    "people.add": async (person) => {
      const check = stays();
      const { temporaryPassword, ...made } = await given(person);
      check();
      await asPerson((token) => people.add(token, person, made));
      return { temporaryPassword };
    },
    "people.resetPassword": async ({ staffId, reason }) => {
      const check = stays();
      const person = (await asPerson((token) => people.list(token))).find((one) => one.staffId === staffId);
      if (!person) throw new Refusal("PERSON_NOT_FOUND");
      check();
      const { temporaryPassword, ...made } = await given(person);
      check();
      await asPerson((token) => people.resetPassword(token, staffId, reason, made));
      return { temporaryPassword };
    },
    "people.resetSecondFactor": async ({ staffId, reason }) => {
      await asPerson((token) => people.resetSecondFactor(token, staffId, reason));
      return nothing;
    },
    "people.rules": async () => ({ rules: await asPerson((token) => people.rules(token)) }),
    "people.changeRule": async (rule) => {
      await asPerson((token) => people.changeRule(token, rule));
      return nothing;
    },
  };
}
