import type { AccessToken } from "./access-token";
import { type Credentials, forgetCredentials } from "./credentials";
import type { SessionOptions } from "./open-session";
import type { SessionTokens } from "./session-tokens";

/** What is done when a session closes: last words, keys forgotten, and the database told. */
export class Departure {
  constructor(
    private readonly options: SessionOptions,
    private readonly access: AccessToken,
  ) {}

  /** Never throws: whatever it meets, the session closes. */
  async lastWords(credentials: Credentials): Promise<void> {
    try {
      await this.options.lastWords?.(credentials.token);
    } catch {
      // Nobody is left to tell.
    }
  }

  /** Closes what reads for the person; whatever that meets, the keys are zeroed. */
  forget(credentials: Credentials): void {
    this.access.forget();
    try {
      this.options.onClosed();
      this.options.offline?.().forget();
    } finally {
      forgetCredentials(credentials);
    }
  }

  /** The lock does not wait for the database; a session that it never heard of again idles out there by itself. */
  async tell(statement: string, tokens: SessionTokens, values: readonly unknown[] = []): Promise<void> {
    for (const token of tokens.all)
      await this.options.database.statement(statement, [token, ...values]).catch(() => undefined);
  }
}
