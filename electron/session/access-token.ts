import type { Clock } from "../clock";
import type { Credentials } from "./credentials";
import type { AccessTokens } from "./token";

/** Milliseconds: a minute less than a token lives. */
const KEPT = 14 * 60_000;

/** The access JWT of the session that is active, minted anew before it would expire; never one session's for another. */
export class AccessToken {
  #kept: { readonly of: Credentials; readonly token: string; readonly until: number } | null = null;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  async of(credentials: Credentials): Promise<string> {
    const now = this.clock.monotonic();
    const kept = this.#kept;
    if (kept && kept.of === credentials && kept.until >= now) return kept.token;
    const { person, sessionId, secondFactor, offline } = credentials;
    const token = await this.tokens.mint({
      staffId: person.staffId,
      role: person.role,
      sessionId,
      secondFactor,
      ...(offline ? { scope: "offline" } : {}),
    });
    this.#kept = { of: credentials, token, until: now + KEPT };
    return token;
  }

  /** What the token says has changed, or nobody is signed in any more. */
  forget(): void {
    this.#kept = null;
  }
}
