import { Refusal } from "../../shared/failure";
import type { Database } from "../database/pool";
import { beginAttempt, deriveKeysOf, grantedSchema, type Workstation } from "./attempt";
import { type Credentials, credentialsOf } from "./credentials";
import { openHeldKeys } from "./field-keys";
import { forgetKeys } from "./password-keys";

export interface BadgeProof {
  readonly badge: Buffer;
  /** Of the authenticator, taken once. */
  readonly code: string;
  /** The locked session of the badge's bearer. */
  readonly renews: string;
}

/** A session without a password reads what its person may read, and holds none of the keys that only a password derives. */
const noKeys = { fieldKeys: undefined, personalKey: undefined, draftsKey: undefined };

/**
 * Continues a locked session by badge and code, in two transactions like a sign-in. Throws `Refusal` CODE_WRONG, whichever of
 * badge, code, rule and session it was that did not fit, or ACCOUNT_LOCKED.
 */
export async function proveBadge(
  database: Database,
  workstation: Workstation,
  proof: BadgeProof,
): Promise<Credentials> {
  const begun = await database.statement("SELECT api.begin_badge_unlock($1, $2, $3, $4) AS attempt", [
    proof.badge,
    workstation.name,
    workstation.address,
    workstation.appVersion,
  ]);
  const [row] = await database.statement("SELECT * FROM api.finish_badge_unlock($1, $2, $3)", [
    begun[0]?.["attempt"],
    proof.code,
    proof.renews,
  ]);
  if (row?.["outcome"] === "locked") throw new Refusal("ACCOUNT_LOCKED");
  if (row?.["outcome"] !== "granted") throw new Refusal("CODE_WRONG");
  return credentialsOf(grantedSchema.parse(row), noKeys);
}

/**
 * The password, typed in a session that a badge opened: the same session with its keys. Throws `Refusal` SIGN_IN_FAILED or
 * ACCOUNT_LOCKED; the session goes on as it was.
 */
export async function unsealCredentials(
  database: Database,
  workstation: Workstation,
  credentials: Credentials,
  password: string,
): Promise<Credentials> {
  const { tokens, person } = credentials;
  const keys = await deriveKeysOf(database.statement, person.username, password);
  try {
    const attempt = await beginAttempt(database, workstation, person.username, keys.auth);
    const [row] = await database.statement("SELECT api.unseal_session($1, $2) AS outcome", [tokens.token, attempt]);
    if (row?.["outcome"] === "locked") throw new Refusal("ACCOUNT_LOCKED");
    if (row?.["outcome"] !== "granted") throw new Refusal("SIGN_IN_FAILED");
    const held = await openHeldKeys(database.statement, tokens.token, person.staffId, keys);
    return {
      tokens,
      get token() {
        return tokens.token;
      },
      sessionId: credentials.sessionId,
      // Another object: what was opened for the sealed session is opened anew.
      person: { ...person },
      startedAt: credentials.startedAt,
      expiresAt: credentials.expiresAt,
      secondFactor: credentials.secondFactor,
      offlineSeed: { offlineKey: Buffer.from(keys.offline), hashing: keys.derivedBy },
      ...held,
    };
  } finally {
    forgetKeys(keys);
  }
}
