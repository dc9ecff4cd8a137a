import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "../../shared/failure";
import type { Database } from "../database/pool";
import type { SessionTokens } from "./session-tokens";

/** Milliseconds that the question why a session ended may take: until then its pages stay on the screen. */
const PATIENCE = 500;

const isExpired = (error: unknown) => error instanceof Refusal && error.failure.code === "SESSION_EXPIRED";

async function opens(database: Database, tokens: SessionTokens): Promise<boolean> {
  try {
    await database.statement("SELECT FROM api.whoami($1)", [tokens.token]);
    return true;
  } catch (error) {
    if (isExpired(error)) return false;
    throw error;
  }
}

/**
 * The next token in the place of one that opens nothing. After a network that was away for longer than a token lives it brings
 * the session back; where a thief was quicker with our refresh token, the server learns of the theft by ours and ends them all.
 */
async function renews(database: Database, tokens: SessionTokens): Promise<boolean> {
  try {
    await tokens.renew(database.statement);
    return true;
  } catch (error) {
    if (isExpired(error)) return false;
    throw error;
  }
}

async function ask(database: Database, tokens: SessionTokens): Promise<"alive" | "revoked" | "expired"> {
  if (await opens(database, tokens)) return "alive";
  if ((await renews(database, tokens)) && (await opens(database, tokens))) return "alive";
  for (const token of tokens.all) {
    const [row] = await database.statement("SELECT api.ending_of($1) AS because", [token]);
    if (row?.["because"] === "administrator") return "revoked";
  }
  return "expired";
}

/**
 * Why the server answered that a session is over. `alive` where it is not: the request was on its way for so long that the
 * token it went with had been replaced, or no token could be taken in time while the network was away. A database
 * that does not answer in time counts as an end.
 */
export async function whyEnded(database: Database, tokens: SessionTokens): Promise<"alive" | "revoked" | "expired"> {
  const late = new AbortController();
  const asked = ask(database, tokens).catch(() => "expired" as const);
  const answer = await Promise.race([
    asked,
    pause(PATIENCE, "expired" as const, { signal: late.signal, ref: false }).catch(() => "expired" as const),
  ]);
  late.abort();
  return answer;
}
