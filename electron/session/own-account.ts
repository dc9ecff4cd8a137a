import { type AccountView, accountViewSchema } from "../../shared/account/account";
import { Refusal } from "../../shared/failure";
import type { Enrolment } from "../../shared/session/sign-in";
import type { Database } from "../database/pool";
import { beginAttempt, deriveKeysOf, type Workstation } from "./attempt";
import { commonPasswords } from "./common-passwords";
import { changeOwnPassword } from "./password-change";
import { forgetKeys, type PasswordKeys } from "./password-keys";
import { faultOfNewPassword } from "./password-rules";
import { confirmSecondFactor, removeSecondFactor, renewRecoveryCodes, startSecondFactor } from "./second-factor";
import type { Session } from "./session";

export interface OwnAccountOptions {
  readonly session: Session;
  readonly database: Database;
  readonly workstation: Workstation;
}

/** What the person who is signed in does with their own account. Everything of weight asks for the password again. */
export function createOwnAccount({ session, database, workstation }: OwnAccountOptions) {
  const guarded = session.guarded.bind(session);

  async function view(): Promise<AccountView> {
    const [row] = await guarded(() =>
      database.statement("SELECT api.own_account($1) AS account", [session.databaseToken()]),
    );
    return accountViewSchema.parse(row?.["account"]);
  }

  /** Runs what needs the password, with its keys; they are forgotten afterwards. */
  async function withPassword<T>(password: string, work: (keys: PasswordKeys, username: string) => Promise<T>) {
    const { username } = session.person();
    const keys = await deriveKeysOf(database.statement, username, password);
    try {
      return await guarded(() => work(keys, username));
    } finally {
      forgetKeys(keys);
    }
  }
  const withAttempt = <T>(password: string, work: (attempt: string, username: string) => Promise<T>) =>
    withPassword(password, async ({ auth }, username) =>
      work(await beginAttempt(database, workstation, username, auth), username),
    );

  /** One sentence about what is wrong with a new password for whoever is here, or null. */
  async function faultOf(password: string): Promise<string | null> {
    const common = await commonPasswords();
    const signingIn = session.personSigningIn;
    if (signingIn) return faultOfNewPassword(password, { ...signingIn, common });
    if (session.kind !== "active") return faultOfNewPassword(password, { ...nobody, common });
    const { username, name } = session.person();
    const secondFactor = (await view()).secondFactor.since !== null;
    return faultOfNewPassword(password, { username, name, secondFactor, common });
  }

  return {
    view,
    faultOf,
    /** Afterwards every session of the person is over, this one too. */
    async changePassword(current: string, next: string): Promise<void> {
      const fault = await faultOf(next);
      if (fault) throw new Refusal("PASSWORD_REFUSED", fault);
      if (current.normalize("NFKC") === next.normalize("NFKC"))
        throw new Refusal("PASSWORD_REFUSED", "This is the password of before. Choose another.");
      const { staffId } = session.person();
      await withPassword(current, async (before, username) => {
        const token = session.databaseToken();
        forgetKeys(await changeOwnPassword(database, workstation, { token, staffId, username, before, next }));
      });
    },
    /** `code`: of the second factor that another is to take the place of. */
    startSecondFactor: (password: string, code?: string): Promise<Enrolment> =>
      withAttempt(password, (attempt, username) =>
        startSecondFactor(database, session.databaseToken(), attempt, username, code),
      ),
    async confirmSecondFactor(code: string): Promise<string[]> {
      const codes = await guarded(() => confirmSecondFactor(database, session.databaseToken(), code));
      session.provedSecondFactor();
      return codes;
    },
    removeSecondFactor: (password: string, code: string): Promise<void> =>
      withAttempt(password, (attempt) => removeSecondFactor(database, session.databaseToken(), attempt, code)),
    renewRecoveryCodes: (password: string, code: string): Promise<string[]> =>
      withAttempt(password, (attempt) => renewRecoveryCodes(database, session.databaseToken(), attempt, code)),
    /** Ends another session of one's own; one that is over already is no error. */
    async endSession(sessionId: string): Promise<void> {
      await guarded(() =>
        database.statement("SELECT api.end_own_session($1, $2)", [session.databaseToken(), sessionId]),
      );
    },
  };
}

export type OwnAccount = ReturnType<typeof createOwnAccount>;

const nobody = { username: "", name: "", secondFactor: false } as const;
