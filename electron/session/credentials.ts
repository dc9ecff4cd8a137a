import { Refusal } from "../../shared/failure";
import type { Person } from "../../shared/session/session-state";
import type { Database } from "../database/pool";
import type { KeyRing } from "../sealing/key-ring";
import type { SealingKey } from "../sealing/seal";
import { attemptSignIn, deriveKeysOf, type Granted, type Workstation } from "./attempt";
import { openHeldKeys } from "./field-keys";
import type { OfflineEntry, OfflineSeed } from "./offline-port";
import { forgetKeys, type PasswordKeys } from "./password-keys";
import { SessionTokens } from "./session-tokens";

export type { Workstation } from "./attempt";

/** What a successful sign-in gives. Stays in the main process; the tokens are opaque and worthless after a lock. */
export interface Credentials {
  readonly tokens: SessionTokens;
  /** The token of now: it is replaced while the session lives, so it is taken anew for each use. */
  readonly token: string;
  readonly sessionId: string;
  readonly person: Person;
  readonly startedAt: string;
  readonly expiresAt: string;
  /** The session was opened with a code of the second factor, or one was confirmed in it. */
  secondFactor: boolean;
  /** Open identity data of patients; absent for roles that may see none. */
  readonly fieldKeys: KeyRing | undefined;
  /** Opens this person's own chats. */
  readonly personalKey: SealingKey | undefined;
  /** Seals what this person typed and did not save, the same on every workstation. Absent where a badge opened the session. */
  readonly draftsKey: SealingKey | undefined;
  /** For making ready to work without the database; whoever takes it zeroes it. Absent where no password was typed. */
  readonly offlineSeed?: OfflineSeed | undefined;
  /** The database has no part in this session; it goes on by itself when that is back. */
  readonly offline?: OfflineEntry | undefined;
}

/** Zeroes every key, so that none outlives the lock in this process's memory. */
export function forgetCredentials({ fieldKeys, personalKey, draftsKey, offlineSeed, offline }: Credentials): void {
  offlineSeed?.offlineKey.fill(0);
  if (offline) forgetKeys(offline.keys);
  fieldKeys?.forget();
  personalKey?.key.fill(0);
  draftsKey?.key.fill(0);
}

/** A session that was granted, with the keys that there are for it. */
export function credentialsOf(
  granted: Granted,
  keys: Pick<Credentials, "fieldKeys" | "personalKey" | "draftsKey" | "offlineSeed">,
): Credentials {
  const tokens = new SessionTokens(granted);
  return {
    tokens,
    get token() {
      return tokens.token;
    },
    sessionId: granted.session_id,
    person: {
      staffId: granted.staff_id,
      username: granted.username,
      name: granted.name,
      role: granted.role,
      department: granted.department,
    },
    startedAt: granted.started_at,
    expiresAt: granted.expires_at,
    secondFactor: granted.second_factor,
    ...keys,
  };
}

/** A session that opens nothing for anybody here must not stay open on the server. */
export async function abandon(database: Database, token: string): Promise<void> {
  await database.statement("SELECT api.sign_out($1)", [token]).catch(() => undefined);
}

/** Opens the data keys of a session that was granted. Where one does not open, the session ends before the error goes on. */
export async function openCredentials(database: Database, granted: Granted, keys: PasswordKeys): Promise<Credentials> {
  try {
    const held = await openHeldKeys(database.statement, granted.token, granted.staff_id, keys);
    const offlineSeed = { offlineKey: Buffer.from(keys.offline), hashing: keys.derivedBy };
    return credentialsOf(granted, { ...held, offlineSeed });
  } catch (error) {
    await abandon(database, granted.token);
    throw error;
  }
}

/** What only the sign-in page can finish; on the lock page "Switch user" leads there. */
const unfinished = {
  "password-change": () =>
    new Refusal(
      "PASSWORD_CHANGE_REQUIRED",
      'Choose a password of your own before you go on. The sign-in page asks for it; on the lock page "Switch user" leads there.',
    ),
  enrolment: () =>
    new Refusal(
      "SECOND_FACTOR_REQUIRED",
      'Your role needs a second factor by now. The sign-in page sets it up; on the lock page "Switch user" leads there.',
    ),
} as const;

export interface Proof {
  readonly username: string;
  readonly password: string;
  /** Of the second factor, where the person has one and no locked session is continued. */
  readonly code?: string | undefined;
  readonly renews?: string | undefined;
}

/**
 * A whole sign-in at once, for unlocking and for command-line tools. Throws `Refusal` SIGN_IN_FAILED, CODE_WRONG,
 * CODE_REQUIRED, ACCOUNT_LOCKED, and PASSWORD_CHANGE_REQUIRED or SECOND_FACTOR_REQUIRED where only the app's sign-in helps.
 */
export async function proveIdentity(
  database: Database,
  workstation: Workstation,
  { username, password, code, renews }: Proof,
): Promise<Credentials> {
  const keys = await deriveKeysOf(database.statement, username, password);
  try {
    const answer = await attemptSignIn(database, workstation, { username, proof: keys.auth, code, renews });
    if (answer.outcome === "code_required") throw new Refusal("CODE_REQUIRED");
    if (answer.restricted) {
      await abandon(database, answer.token);
      throw unfinished[answer.restricted]();
    }
    return await openCredentials(database, answer, keys);
  } finally {
    forgetKeys(keys);
  }
}
