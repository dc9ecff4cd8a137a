import { createHash, randomBytes } from "node:crypto";
import { Refusal } from "../../shared/failure";
import type { Query } from "../database/query";

interface Pair {
  readonly token: string;
  readonly refresh: string;
}

const newSecret = () => randomBytes(32).toString("hex");
const hashOf = (secret: string) => createHash("sha256").update(secret, "utf8").digest();

/**
 * The token of the database's session, which lives 15 minutes, and the refresh token that asks for the next. The next pair is
 * invented here and only its hashes are sent: after an answer that was lost the same pair is asked for again, and PostgreSQL
 * says whether it had been given already.
 */
export class SessionTokens {
  #now: Pair;
  #next: Pair | null = null;
  #renewing: Promise<void> | null = null;

  constructor(given: Pair) {
    this.#now = given;
  }

  get token(): string {
    return this.#now.token;
  }

  /** Every token that may open the session: while an answer is lost, the next one as well. */
  get all(): readonly string[] {
    return this.#next ? [this.#now.token, this.#next.token] : [this.#now.token];
  }

  /** Takes the next pair; two who ask at once share one request. Throws SESSION_EXPIRED where the server gives none any more. */
  renew(query: Query): Promise<void> {
    this.#renewing ??= this.#ask(query).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #ask(query: Query): Promise<void> {
    this.#next ??= { token: newSecret(), refresh: newSecret() };
    const next = this.#next;
    const [row] = await query("SELECT outcome FROM api.refresh_session($1, $2, $3)", [
      this.#now.refresh,
      hashOf(next.token),
      hashOf(next.refresh),
    ]);
    if (row?.["outcome"] !== "refreshed") throw new Refusal("SESSION_EXPIRED");
    this.#now = next;
    this.#next = null;
  }
}
