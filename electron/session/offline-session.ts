import { Refusal } from "../../shared/failure";
import type { Database } from "../database/pool";
import { attemptSignIn, type Workstation } from "./attempt";
import { abandon, type Credentials, openCredentials } from "./credentials";
import type { OfflineEntry, OfflinePort } from "./offline-port";
import { copyOfKeys, forgetKeys } from "./password-keys";
import { SessionTokens } from "./session-tokens";

const isAway = (error: unknown) => error instanceof Refusal && error.failure.code === "DATABASE_UNAVAILABLE";

/**
 * Asks the database who somebody is, or where that is away what this workstation holds for them. A database that goes away in
 * the middle counts as away; without anything held here its own refusal stands.
 */
export async function withoutDatabase<T>(
  port: OfflinePort | undefined,
  username: string,
  password: string,
  ask: () => Promise<T>,
): Promise<T | OfflineEntry> {
  if (!port) return ask();
  if ((await port.isAway()) && (await port.holds(username)) === "yes") return port.unlock(username, password);
  try {
    return await ask();
  } catch (error) {
    if (!isAway(error)) throw error;
    const held = await port.holds(username);
    if (held === "yes") return port.unlock(username, password);
    throw held === "expired" ? new Refusal("OFFLINE_EXPIRED") : error;
  }
}

/** The credentials of a session without the database: no token, and none of the keys that open what only the database has. */
export function offlineCredentials(entry: OfflineEntry): Credentials {
  const { person, sessionId, startedAt, expiresAt, draftsKey } = entry;
  return {
    tokens: new SessionTokens({ token: "", refresh: "" }),
    token: "",
    sessionId,
    person,
    startedAt,
    expiresAt,
    secondFactor: false,
    fieldKeys: undefined,
    personalKey: undefined,
    draftsKey,
    offline: entry,
  };
}

/**
 * The database is back: it judges the person of an offline session as at any unlocking, by the proof that their password gave
 * when they unlocked without it. Undefined when it does not let them in: the account is closed or locked, the password is
 * another one by now, or more is wanted than a password. Throws what the database throws.
 */
export async function renewOffline(
  database: Database,
  workstation: Workstation,
  { person, sessionId, keys: held }: OfflineEntry,
): Promise<Credentials | undefined> {
  // Copies: a lock in the middle zeroes what the session holds, and a proof of zeros would count as a wrong password.
  const keys = copyOfKeys(held);
  try {
    const proof = { username: person.username, proof: keys.auth, renews: sessionId };
    const answer = await attemptSignIn(database, workstation, proof);
    if (answer.outcome === "code_required") return undefined;
    if (answer.restricted) {
      await abandon(database, answer.token);
      return undefined;
    }
    return await openCredentials(database, answer, keys);
  } catch (error) {
    if (error instanceof Refusal && ["SIGN_IN_FAILED", "ACCOUNT_LOCKED"].includes(error.failure.code)) return undefined;
    throw error;
  } finally {
    forgetKeys(keys);
  }
}
