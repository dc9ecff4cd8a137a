import type { Role } from "../../shared/access/roles";
import { Refusal } from "../../shared/failure";
import type { SessionView } from "../../shared/session/session-state";
import type { SignInStep } from "../../shared/session/sign-in";
import type { Database } from "../database/pool";
import type { Secret } from "../session/attempt";
import type { Session, SignInTaken } from "../session/session";
import type { Handlers } from "./router";

export interface SignInRooms {
  readonly session: Session;
  readonly database: Database;
  readonly view: () => Promise<SessionView>;
  /** What one press on a demo account stands for. */
  readonly demoSecret: Secret;
  readonly onSignedIn: () => void;
}

type SignInCommand =
  | "session.signIn"
  | "session.demoAccounts"
  | "session.signInDemo"
  | "session.verifyCode"
  | "session.choosePassword"
  | "session.startEnrolment"
  | "session.confirmEnrolment"
  | "session.cancelSignIn";

const nothing = {};

/** Signing in, step by step; whatever is not `done` shows no data. */
export function createSignInHandlers(rooms: SignInRooms): Pick<Handlers, SignInCommand> {
  const { session, database } = rooms;

  async function demoAccounts(): Promise<{ username: string; name: string; role: Role }[]> {
    const rows = await database.statement("SELECT username, name, role FROM api.demo_accounts()");
    return rows as { username: string; name: string; role: Role }[];
  }

  async function answer(taken: SignInTaken): Promise<SignInStep> {
    if (taken.step !== "done") return taken;
    rooms.onSignedIn();
    return { step: "done", session: await rooms.view() };
  }

  return {
    "session.signIn": async ({ username, password }) => answer(await session.signIn(username, password)),
    "session.demoAccounts": async () => ({
      accounts: (await demoAccounts()).map(({ role, name }) => ({ role, name })),
    }),
    "session.signInDemo": async ({ role }) => {
      const account = (await demoAccounts()).find((candidate) => candidate.role === role);
      if (!account) throw new Refusal("SIGN_IN_FAILED");
      return answer(await session.signIn(account.username, rooms.demoSecret));
    },
    "session.verifyCode": async ({ code }) => answer(await session.verifyCode(code)),
    "session.choosePassword": async ({ password }) => answer(await session.choosePassword(password)),
    "session.startEnrolment": () => session.startEnrolment(),
    "session.confirmEnrolment": async ({ code }) => {
      const recoveryCodes = await session.confirmEnrolment(code);
      rooms.onSignedIn();
      return { recoveryCodes };
    },
    "session.cancelSignIn": async () => {
      await session.cancelSignIn();
      return nothing;
    },
  };
}
